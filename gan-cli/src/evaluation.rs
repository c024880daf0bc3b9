//! How close a generator of points has come to data whose density is known.
//!
//! | Number | Measures | Estimator |
//! |---|---|---|
//! | `js` | Jensen–Shannon divergence of samples and density, nats | frequencies and exact masses of cells two deviations wide |
//! | `kl_model_to_data` | `KL(model ‖ data)`, nats: what is generated where no data is | −(nearest-neighbor entropy of the samples) − mean log-density |
//! | `kl_data_to_model` | `KL(data ‖ model)`, nats: data that is not generated | nearest neighbors among fresh real samples and generated ones |
//! | `sliced_w2` | sliced W₂, in the unit of the points | 200 lines, against fresh real samples |
//! | `modes_covered` | modes with a sample within 3 deviations | PacGAN's protocol |
//! | `high_quality` | share of the samples within 3 deviations of a mode | PacGAN's protocol |
//! | `mode_kl` | `KL(generated modes ‖ equal shares)`, nats, PacGAN's "reverse KL" | `ln K` − entropy of the high-quality samples' modes |
//!
//! A generator gives samples and no density, so `KL(model ‖ data)` needs an estimate of the model's
//! entropy; the cross entropy with the known density is a plain mean. Every estimator has a bias at
//! finite size. Each number therefore comes with the same number for as many real samples: that, and
//! not 0, is what a perfect generator scores.
//!
//! The protocol is that of Lin et al. (2018), PacGAN, arXiv:1712.04086, §4.1.

mod measures;
mod truth;

pub(crate) use measures::Measures;
pub(crate) use truth::Truth;

use std::cell::OnceCell;

use anyhow::ensure;
use burn::tensor::Device;
use gan_core::{Generator, LatentPrior, Sampler, Seed, Selection, Span, Stream};
use serde::{Deserialize, Serialize};

use measures::{Sizes, Yardstick};

/// More samples than this are not evaluated: nearest neighbors are looked up among all of them.
const MOST_SAMPLES: usize = 10_000_000;

/// How often, and on how many samples, a generator is compared with a known density.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EvaluationConfig {
    /// Every so many steps or epochs a line of `evaluation.jsonl`; the end's numbers are in
    /// `summary.json`.
    pub(crate) every: Span,
    /// Generated samples, and real ones to compare them with; at least 10.
    pub(crate) samples: usize,
    /// So many of them are looked up among the modes; PacGAN's protocol has 2,500.
    pub(crate) mode_samples: usize,
}

impl Default for EvaluationConfig {
    fn default() -> Self {
        Self { every: Span::Epochs(20), samples: 10_000, mode_samples: 2_500 }
    }
}

impl EvaluationConfig {
    /// Whether the estimators can work with it.
    pub(crate) fn validate(&self) -> anyhow::Result<()> {
        let Self { every, samples, mode_samples } = *self;
        ensure!(every.steps(1) > 0, "`evaluation.every` must be at least 1 step, found {every}");
        ensure!(
            samples >= 10,
            "`evaluation.samples` must be at least 10, for nearest neighbors, found {samples}"
        );
        ensure!(
            samples <= MOST_SAMPLES,
            "`evaluation.samples` must be at most {MOST_SAMPLES}, found {samples}"
        );
        ensure!(
            (1..=samples).contains(&mode_samples),
            "`evaluation.mode_samples` must be from 1 to `evaluation.samples`, {samples}, \
             found {mode_samples}"
        );
        Ok(())
    }
}

/// Where the latents come from.
#[derive(Clone)]
pub(crate) struct Latents {
    pub(crate) prior: LatentPrior,
    pub(crate) stream: Stream,
    pub(crate) device: Device,
}

/// Compares generators with one density, always on the same latents and the same real samples.
pub(crate) struct Evaluator {
    truth: Truth,
    sizes: Sizes,
    latents: Latents,
    /// Real samples that everything is compared with, and as many that stand for a perfect generator.
    real: [Vec<f64>; 2],
    /// Made when the first numbers are asked for: a run that asks for none does not wait for it.
    yardstick: OnceCell<Yardstick>,
}

impl Evaluator {
    /// The latents come from `latents`, the real samples from the stream `evaluation/real` of `seed`.
    pub(crate) fn new(
        truth: Truth,
        config: &EvaluationConfig,
        latents: Latents,
        seed: Seed,
    ) -> Self {
        let stream = seed.stream("evaluation/real");
        let real = [0, 1].map(|index| truth.draw(config.samples, &stream, index));
        let sizes = Sizes { samples: config.samples, of_modes: config.mode_samples };
        Self { truth, sizes, latents, real, yardstick: OnceCell::new() }
    }

    /// The numbers of a generator, which must be the copy for inference.
    pub(crate) fn evaluate<const D: usize>(
        &self,
        generator: &impl Generator<D>,
    ) -> anyhow::Result<Measures> {
        let fake = self.points(generator);
        self.yardstick()?.measure(&fake)
    }

    /// Generated points, `[n, 2]`; of a conditional generator equally many of each class, by turns.
    fn points<const D: usize>(&self, generator: &impl Generator<D>) -> Vec<f64> {
        let (n, classes) = (self.sizes.samples, generator.classes());
        let selection = match classes {
            0 => Selection::Unlabeled(n),
            _ => Selection::OfEach { classes: (0..classes).collect(), n: n.div_ceil(classes) },
        };
        let Latents { prior, stream, device } = self.latents.clone();
        let sampler = Sampler::new(generator.clone(), prior, stream, &device);
        let values: Vec<f32> = sampler.draw(&selection).into_data().iter::<f32>().collect();
        let of_each = n.div_ceil(classes.max(1));
        let by_turns = (0..n).flat_map(|i| {
            let row = if classes == 0 { i } else { i % classes * of_each + i / classes };
            [values[2 * row], values[2 * row + 1]]
        });
        by_turns.map(f64::from).collect()
    }

    /// The numbers of the density itself: what a perfect generator scores at this size.
    pub(crate) fn evaluate_real(&self) -> anyhow::Result<Measures> {
        self.yardstick()?.measure(&self.real[1])
    }

    fn yardstick(&self) -> anyhow::Result<&Yardstick> {
        if let Some(yardstick) = self.yardstick.get() {
            return Ok(yardstick);
        }
        let made = Yardstick::new(self.truth.clone(), &self.real[0], self.sizes)?;
        Ok(self.yardstick.get_or_init(|| made))
    }
}
