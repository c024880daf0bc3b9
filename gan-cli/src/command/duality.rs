//! `gan duality`: the discriminator's estimate of JS beside the exact one and W₁.

mod results;

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use burn::tensor::Device;
use gan_core::seed::Seed;
use gan_models::{Recipe, RecipeKind};

use crate::args::DualityArguments;
use crate::assemble::assemble;
use crate::device;
use crate::duality::{Comparison, Estimated, Family, Training, Trial};
use crate::streams;

/// The densities are moved apart so far.
const FARTHEST: f64 = 1.6;

pub(crate) fn run(arguments: &DualityArguments) -> anyhow::Result<()> {
    let (shifts, held_out) = (arguments.shifts.get(), arguments.held_out.get());
    ensure!(shifts >= 2, "--shifts must be at least 2, found {shifts}");
    ensure!(held_out >= 2, "--held-out must be at least 2, found {held_out}");
    let out = &arguments.out;
    ensure!(
        arguments.force || !out.join("summary.json").exists(),
        "{} holds results; replace them by --force, or name another folder by --out",
        out.display()
    );
    let work = Work {
        recipe: RecipeKind::Gan.recipe(),
        training: Training { steps: arguments.steps.get(), batch: arguments.batch.get(), held_out },
        seeds: arguments.seed..arguments.seed.saturating_add(arguments.seeds.get()),
        device: device::open(arguments.device.as_deref())?.device,
    };
    let began = Instant::now();
    let mut comparisons = Vec::new();
    for family in Family::ALL {
        for idx in 0..shifts {
            let shift = FARTHEST * idx as f64 / (shifts - 1) as f64;
            comparisons.push(work.compare(family, shift)?);
        }
    }
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    results::write(out, &comparisons, work.training, began.elapsed())?;
    streams::print_path(out)
}

/// What is the same at every shift.
struct Work {
    recipe: Recipe,
    training: Training,
    seeds: std::ops::Range<u64>,
    device: Device,
}

impl Work {
    fn compare(&self, family: Family, shift: f64) -> anyhow::Result<Comparison> {
        let pair = family.pair(shift)?;
        let estimate = |seed: u64| {
            let trial = Trial {
                recipe: &self.recipe,
                pair: &pair,
                training: self.training,
                seed: Seed(seed),
                device: &self.device,
            };
            assemble(self.recipe.architecture, &[2], 1, &self.device.clone().autodiff(), trial)
        };
        let estimates: Vec<Estimated> =
            self.seeds.clone().map(estimate).collect::<anyhow::Result<_>>()?;
        let comparison = Comparison { family, shift, exact_js: family.exact_js(shift)?, estimates };
        streams::say(&format!(
            "{} moved by {shift:.2}: JS {:.4} exactly, {:.4} estimated",
            family.name(),
            comparison.exact_js,
            comparison.mean()
        ));
        Ok(comparison)
    }
}
