//! `gan export`: a trained player's weights for PyTorch.

use anyhow::bail;
use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_models::Networks;
use serde_json::json;

use crate::args::{ExportArguments, ExportFormat};
use crate::assemble::NetworkVisitor;
use crate::interchange::safetensors;
use crate::saved_run::SavedRun;
use crate::streams;
use crate::unfinished::{ensure_free, write_out};
use crate::weights::Weights;

pub(crate) fn run(arguments: &ExportArguments) -> anyhow::Result<()> {
    let ExportFormat::Safetensors = arguments.format;
    let player = if arguments.critic { Role::Critic } else { Role::Generator };
    let run = SavedRun::open(&arguments.saved)?;
    let path = arguments.out.clone().unwrap_or_else(|| {
        let weights = match (player, run.weights()) {
            (Role::Generator, Weights::Ema) => "-ema",
            _ => "",
        };
        let name = format!("{}{weights}-step{}.safetensors", player.name(), run.step());
        run.folder.root().join(name)
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

    let bytes = run.visit(Write { run: &run, player })?;
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

struct Write<'a> {
    run: &'a SavedRun,
    player: Role,
}

impl NetworkVisitor for Write<'_> {
    type Output = Vec<u8>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<u8>> {
        let (Networks { generator, critic }, Self { run, player }) = (networks, self);
        let weights = match player {
            Role::Generator => run.weights(),
            Role::Critic => Weights::Live,
        };
        let about = json!({
            "player": player.name(),
            "recipe": run.config.recipe,
            "model": run.config.model,
            "weights": weights.name(),
            "step": run.step(),
            "latent_dim": generator.latent_dim(),
            "classes": generator.classes(),
            "sample_shape": run.data.shape,
        });
        match player {
            Role::Generator => safetensors(run.restore(generator)?, &about),
            Role::Critic => {
                // What the constraint keeps beside the weights is read from the checkpoint.
                let vectors = Seed(run.config.seed).stream("constraint");
                let critic = run.config.train.rules.constraint.attach(critic, &vectors);
                safetensors(run.checkpoint.restore_critic(critic)?.valid(), &about)
            }
        }
    }
}
