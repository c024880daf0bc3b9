//! How close a generator of points has come to data whose density is known.
//!
//! | Quantity | Measures | Estimator |
//! |---|---|---|
//! | `samples/js` | Jensen–Shannon divergence of samples and density, nats | frequencies and exact masses of cells two deviations wide |
//! | `samples/kl_model_to_data` | `KL(model ‖ data)`, nats: what is generated where no data is | −(nearest-neighbor entropy of the samples) − mean log-density |
//! | `samples/kl_data_to_model` | `KL(data ‖ model)`, nats: data that is not generated | nearest neighbors among fresh real samples and generated ones |
//! | `samples/sliced_w2` | sliced W₂, in the unit of the points | 200 lines, against fresh real samples |
//! | `samples/spread` | standard deviation of a coordinate over the points, mean over the coordinates, in their unit | that of the samples |
//! | `samples/modes_covered` | modes with a sample within 3 deviations | PacGAN's protocol |
//! | `samples/high_quality` | share of the samples within 3 deviations of a mode | PacGAN's protocol |
//! | `samples/mode_kl` | `KL(generated modes ‖ equal shares)`, nats, PacGAN's "reverse KL" | `ln K` − entropy of the high-quality samples' modes |
//!
//! A generator gives samples and no density, so `KL(model ‖ data)` needs an estimate of the model's
//! entropy; the cross entropy with the known density is a plain mean. Every estimator has a bias at
//! finite size. Each number therefore comes with the same number for as many real samples: that, and
//! not 0, is what a perfect generator scores.
//!
//! The protocol is that of Lin et al. (2018), PacGAN, arXiv:1712.04086, §4.1.

mod known;
mod reference;

use std::cell::OnceCell;

use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::{Sampler, Selection};
use gan_core::seed::Seed;

pub use known::KnownDensity;
pub use reference::quantities;

use crate::EvalError;
use reference::{DensityReference, Sizes};

/// The stream that the generator's latents come from.
pub const LATENTS: &str = "evaluation";

/// Compares generators of points with one density, always on the same latents and the same real
/// samples.
pub struct DensityProbe {
    density: KnownDensity,
    sizes: Sizes,
    /// Real samples that everything is compared with, and as many that stand for a perfect generator.
    real: [Vec<f64>; 2],
    /// Worked out when the first numbers are asked for.
    reference: OnceCell<DensityReference>,
    of_real: OnceCell<Vec<Measurement>>,
}

impl DensityProbe {
    /// Compare `samples` generated points, the first `mode_samples` of which are looked up among the
    /// modes, with as many real ones from the stream `evaluation/real` of `seed`.
    pub fn new(density: KnownDensity, samples: usize, mode_samples: usize, seed: Seed) -> Self {
        let stream = seed.stream("evaluation/real");
        let real = [0, 1].map(|index| density.draw(samples, &stream, index));
        let sizes = Sizes { samples, of_modes: mode_samples };
        let (reference, of_real) = (OnceCell::new(), OnceCell::new());
        Self { density, sizes, real, reference, of_real }
    }

    /// What is measured against this density.
    pub fn quantities(&self) -> Vec<Quantity> {
        quantities(&self.density)
    }

    /// The numbers of a generator, each beside that of real samples.
    ///
    /// # Errors
    /// [`EvalError::Divergence`] for points that are infinite or not a number, or of another dimension
    /// than 2.
    pub fn evaluate<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<Vec<Measurement>, EvalError> {
        let mut measured = self.reference()?.measure(&self.points(sampler))?;
        for (each, real) in measured.iter_mut().zip(self.real()?) {
            *each = each.of_real(real.value);
        }
        Ok(measured)
    }

    /// Generated points, `[n, 2]`; of a conditional generator equally many of each class, by turns.
    fn points<G: Generator<D>, const D: usize>(&self, sampler: &Sampler<G>) -> Vec<f64> {
        let (n, classes) = (self.sizes.samples, sampler.generator().classes());
        let of_each = n.div_ceil(classes.max(1));
        let selection = match classes {
            0 => Selection::Unlabeled(n),
            _ => Selection::OfEach { classes: (0..classes).collect(), n: of_each },
        };
        let values: Vec<f64> = sampler.draw(&selection).into_data().iter::<f64>().collect();
        let by_turns = (0..n).flat_map(|i| {
            let row = if classes == 0 { i } else { i % classes * of_each + i / classes };
            [values[2 * row], values[2 * row + 1]]
        });
        by_turns.collect()
    }

    /// The numbers of the density itself: what a perfect generator scores at this size.
    fn real(&self) -> Result<&[Measurement], EvalError> {
        if let Some(measured) = self.of_real.get() {
            return Ok(measured);
        }
        let measured = self.reference()?.measure(&self.real[1])?;
        Ok(self.of_real.get_or_init(|| measured))
    }

    fn reference(&self) -> Result<&DensityReference, EvalError> {
        if let Some(reference) = self.reference.get() {
            return Ok(reference);
        }
        let made = DensityReference::new(self.density.clone(), &self.real[0], self.sizes)?;
        Ok(self.reference.get_or_init(|| made))
    }
}

impl<G: Generator<D>, C, const D: usize> Probe<G, C, D> for DensityProbe {
    fn name(&self) -> &str {
        "density"
    }

    fn quantities(&self) -> Vec<Quantity> {
        self.quantities()
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        Ok(self.evaluate(&game.sampler(LATENTS))?)
    }
}
