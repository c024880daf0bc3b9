//! `gan export`: a trained player's weights for PyTorch.

use anyhow::bail;
use gan_core::{Checkpoint, Critic, Generator, Seed};
use gan_models::Networks;
use serde_json::json;

use crate::args::{ExportArguments, ExportFormat};
use crate::assemble::{WithNetworks, assemble};
use crate::config::RunConfig;
use crate::device;
use crate::interchange::safetensors;
use crate::run_folder::RunFolder;
use crate::streams;
use crate::unfinished::{ensure_free, write_out};
use crate::weights::Weights;

pub(crate) fn run(arguments: &ExportArguments) -> anyhow::Result<()> {
    let ExportFormat::Safetensors = arguments.format;
    let player = if arguments.critic { Role::Critic } else { Role::Generator };
    let folder = RunFolder::open(&arguments.run)?;
    let config = folder.config()?;
    let checkpoint = folder.checkpoint(arguments.from_step)?;
    let path = arguments.out.clone().unwrap_or_else(|| {
        let step = checkpoint.state().step;
        let average = if arguments.ema { "-average" } else { "" };
        folder.root().join(format!("{}{average}-step{step}.safetensors", player.name()))
    });
    match path.extension().unwrap_or_default().to_string_lossy().to_lowercase().as_str() {
        "safetensors" => {}
        "pth" | "pt" => bail!(
            "{} would be PyTorch's own format, which this program only reads; \
             expected a file that ends in .safetensors",
            path.display()
        ),
        _ => bail!("expected a file that ends in .safetensors, found {}", path.display()),
    }
    ensure_free(&path, arguments.force)?;

    let (model, packing, shape) = (config.model, config.train.packing, folder.data()?.shape);
    let device = device::open(None)?.device;
    let write = Write { checkpoint, ema: arguments.ema, player, config, shape: shape.clone() };
    let bytes = assemble(model, &shape, packing, &device, write)?;
    write_out(&path, &bytes)?;
    streams::print_path(&path)?;
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
    ema: bool,
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
            "weights": if self.ema { "average" } else { "live" },
            "step": self.checkpoint.state().step,
            "latent_dim": generator.latent_dim(),
            "classes": generator.classes(),
            "sample_shape": self.shape,
        });
        match self.player {
            Role::Generator => {
                let weights = if self.ema { Weights::Average } else { Weights::Live };
                let generator = Weights::restore(Some(weights), &self.checkpoint, generator)?;
                safetensors(generator, &about)
            }
            Role::Critic => {
                // What the constraint keeps beside the weights is read from the checkpoint.
                let vectors = Seed(self.config.seed).stream("constraint");
                let critic = self.config.train.constraint.attach(critic, &vectors);
                safetensors(self.checkpoint.restore_critic(critic)?.valid(), &about)
            }
        }
    }
}
