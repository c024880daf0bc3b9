//! `gan export`: a trained player's weights for PyTorch.

use std::io::Write as _;

use anyhow::{bail, ensure};
use gan_core::{Checkpoint, Critic, Generator};
use gan_models::Networks;
use serde_json::json;

use crate::args::{ExportArguments, ExportFormat};
use crate::assemble::{WithNetworks, assemble};
use crate::config::RunConfig;
use crate::device;
use crate::interchange::safetensors;
use crate::run_folder::{RunFolder, replace_file};

pub(crate) fn run(arguments: &ExportArguments) -> anyhow::Result<()> {
    let ExportFormat::Safetensors = arguments.format;
    let player = if arguments.critic { Role::Critic } else { Role::Generator };
    let folder = RunFolder::open(&arguments.run)?;
    let config = folder.config()?;
    let checkpoint = folder.checkpoint(arguments.from_step)?;
    let path = arguments.out.clone().unwrap_or_else(|| {
        let step = checkpoint.state().step;
        folder.root().join(format!("{}-step{step}.safetensors", player.name()))
    });
    match path.extension().unwrap_or_default().to_string_lossy().as_ref() {
        "safetensors" => {}
        "pth" | "pt" => bail!(
            "{} would be PyTorch's own format, which this program only reads; \
             expected a file that ends in .safetensors",
            path.display()
        ),
        _ => bail!("expected a file that ends in .safetensors, found {}", path.display()),
    }
    ensure!(arguments.force || !path.exists(), "{} exists; replace it by --force", path.display());

    let (model, shape) = (config.model, folder.data()?.shape);
    let device = device::open(None)?.device;
    let write = Write { checkpoint, player, config, shape: shape.clone() };
    let bytes = assemble(model, &shape, &device, write)?;
    replace_file(&path, &bytes)?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

/// Which of the players.
#[derive(Clone, Copy)]
enum Role {
    Generator,
    Critic,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::Critic => "critic",
        }
    }
}

struct Write {
    checkpoint: Checkpoint,
    player: Role,
    config: RunConfig,
    shape: Vec<usize>,
}

impl WithNetworks for Write {
    type Output = Vec<u8>;

    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<u8>> {
        let Networks { generator, critic } = networks;
        let about = json!({
            "player": self.player.name(),
            "recipe": self.config.recipe,
            "model": self.config.model,
            "step": self.checkpoint.state().step,
            "latent_dim": generator.latent_dim(),
            "classes": generator.classes(),
            "sample_shape": self.shape,
        });
        match self.player {
            Role::Generator => {
                safetensors(self.checkpoint.restore_generator(generator)?.valid(), &about)
            }
            Role::Critic => safetensors(self.checkpoint.restore_critic(critic)?.valid(), &about),
        }
    }
}
