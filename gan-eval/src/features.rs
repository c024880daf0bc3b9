//! Samples compared in a feature space: Fréchet distance, KID, precision and recall, density and coverage.
//!
//! | Quantity | Measures | Bias |
//! |---|---|---|
//! | `samples/frechet` | Fréchet distance of Gaussians fitted to both sets of features | upwards, about in proportion to `1/n` |
//! | `samples/kernel_distance` | KID: unbiased squared MMD with the cubic kernel, mean over subsets | none |
//! | `samples/precision` | share of the samples that lie where real ones do | by `n` and `k` |
//! | `samples/recall` | share of real samples that lie where generated ones do | by `n` and `k` |
//! | `samples/density` | as precision, counted for every real neighborhood; 1 for equal distributions | by `k` |
//! | `samples/coverage` | share of real neighborhoods that hold a sample | by `n` and `k` |
//!
//! Each comes with the same number for held-out real samples: that, and not 0 or 1, is what a perfect
//! generator scores. Numbers are comparable for the same extractor, reference and `n` only.
//!
//! # Source
//! Heusel et al. (2017), arXiv:1706.08500; Bińkowski et al. (2018), arXiv:1801.01401; Kynkäänniemi et al.
//! (2019), arXiv:1904.06991; Naeem et al. (2020), arXiv:2002.09797.

mod pixels;

use burn::tensor::Tensor;
use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::{Sampler, Selection};
use gan_divergence::gaussian::frechet_distance;
use gan_divergence::kernel::{Kernel, KernelDistance, kernel_distance};
use gan_divergence::neighbors::{Comparison, precision_recall_density_coverage};
use gan_divergence::{DivergenceError, Points};

pub use pixels::Pixels;

use crate::EvalError;

/// The stream that the generator's latents come from.
pub const LATENTS: &str = "evaluation";
/// Neighbors that set the radius of a neighborhood, as the `prdc` package's authors recommend.
const NEIGHBORS: usize = 5;
/// The most samples of a subset of the kernel distance.
const SUBSET: usize = 1_000;

const FRECHET: Quantity =
    Quantity::new("samples/frechet", "of the features, squared").better(Direction::Lower);
const KERNEL_DISTANCE: Quantity =
    Quantity::new("samples/kernel_distance", "of the kernel").better(Direction::Lower);
const PRECISION: Quantity = Quantity::new("samples/precision", "share").better(Direction::Higher);
const RECALL: Quantity = Quantity::new("samples/recall", "share").better(Direction::Higher);
const DENSITY: Quantity = Quantity::new("samples/density", "1").better(Direction::Higher);
const COVERAGE: Quantity = Quantity::new("samples/coverage", "share").better(Direction::Higher);

/// Everything that [`FeatureProbe`] measures.
pub const QUANTITIES: [Quantity; 6] =
    [FRECHET, KERNEL_DISTANCE, PRECISION, RECALL, DENSITY, COVERAGE];

/// Maps samples to a space in which distances mean something.
///
/// Implement it for features of one's own: a function of each sample alone, the same at every call.
///
/// # Example
/// ```
/// use burn::tensor::Tensor;
/// use gan_eval::FeatureExtractor;
///
/// /// Mean and spread of an image.
/// struct Moments;
///
/// impl FeatureExtractor<4> for Moments {
///     fn id(&self) -> String {
///         "moments-1".into()
///     }
///     fn features(&self, images: Tensor<4>) -> Tensor<2> {
///         let pixels: Tensor<2> = images.flatten(1, 3).swap_dims(0, 0);
///         let mean = pixels.clone().mean_dim(1);
///         let spread = (pixels - mean.clone()).square().mean_dim(1).sqrt();
///         Tensor::cat(vec![mean, spread], 1)
///     }
/// }
/// ```
#[doc(alias = "Inception")]
#[doc(alias = "embedding")]
pub trait FeatureExtractor<const D: usize> {
    /// What names this very extractor: another network, or other weights, has another.
    fn id(&self) -> String;

    /// The features of each sample.
    ///
    /// # Shapes
    /// Samples `[n, ..]` of rank `D`, without autodiff; features `[n, d]`.
    fn features(&self, samples: Tensor<D>) -> Tensor<2>;
}

/// Compares samples with real ones in the space of an extractor.
#[doc(alias = "FID")]
#[doc(alias = "KID")]
#[doc(alias = "PRDC")]
pub struct FeatureProbe<E> {
    extractor: E,
    reference: Features,
    /// Samples that are drawn of a generator: as many as were held out.
    samples: usize,
    /// The numbers of the held-out real samples.
    of_real: Vec<Measurement>,
}

/// Features of a set of samples, `[n, d]`, row by row.
struct Features {
    values: Vec<f64>,
    dim: usize,
}

impl Features {
    fn of<E: FeatureExtractor<D>, const D: usize>(
        extractor: &E,
        samples: Tensor<D>,
    ) -> Result<Self, EvalError> {
        let expected = samples.dims()[0];
        let features = extractor.features(samples);
        let [found, dim] = features.dims();
        if found != expected {
            return Err(EvalError::FeatureRows { id: extractor.id(), expected, found });
        }
        Ok(Self { values: features.into_data().iter::<f64>().collect(), dim })
    }

    fn points(&self) -> Result<Points<'_>, DivergenceError> {
        Points::new(&self.values, self.dim)
    }
}

impl<E> FeatureProbe<E> {
    /// Compare with `reference`, and each number with that of `held_out` real samples, of which there
    /// should be as many as in the reference.
    ///
    /// # Errors
    /// [`EvalError::FeatureRows`] if the extractor has not one row for each sample;
    /// [`EvalError::Divergence`] for fewer than six samples on either side, or for features that are
    /// infinite or not a number.
    pub fn new<const D: usize>(
        extractor: E,
        reference: Tensor<D>,
        held_out: Tensor<D>,
    ) -> Result<Self, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let samples = held_out.dims()[0];
        let reference = Features::of(&extractor, reference)?;
        let of_real = compare(&reference, &Features::of(&extractor, held_out)?)?;
        Ok(Self { extractor, reference, samples, of_real })
    }

    /// The numbers of any samples, each beside that of the held-out real ones.
    ///
    /// # Errors
    /// As [`FeatureProbe::new`].
    pub fn evaluate<const D: usize>(
        &self,
        samples: Tensor<D>,
    ) -> Result<Vec<Measurement>, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let measured = compare(&self.reference, &Features::of(&self.extractor, samples)?)?;
        let beside = |(each, real): (Measurement, &Measurement)| each.of_real(real.value);
        Ok(measured.into_iter().zip(&self.of_real).map(beside).collect())
    }

    /// The numbers of a generator; of a conditional one, samples of all classes alike.
    ///
    /// # Errors
    /// As [`FeatureProbe::new`].
    pub fn evaluate_generator<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<Vec<Measurement>, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let selection = Selection::about(self.samples, sampler.generator().classes());
        self.evaluate(sampler.draw(&selection))
    }

    /// The extractor.
    pub fn extractor(&self) -> &E {
        &self.extractor
    }
}

impl<E, G, C, const D: usize> Probe<G, C, D> for FeatureProbe<E>
where
    E: FeatureExtractor<D>,
    G: Generator<D>,
{
    fn name(&self) -> &str {
        "features"
    }

    fn quantities(&self) -> Vec<Quantity> {
        QUANTITIES.to_vec()
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        Ok(self.evaluate_generator(&game.sampler(LATENTS))?)
    }
}

/// All numbers from one pass over the features.
fn compare(real: &Features, fake: &Features) -> Result<Vec<Measurement>, EvalError> {
    let (real, fake) = (real.points()?, fake.points()?);
    let frechet = frechet_distance(real, fake)?;
    let subset_size = SUBSET.min(real.len()).min(fake.len());
    let subsets = KernelDistance { subset_size, ..KernelDistance::default() };
    let kernel = kernel_distance(&Kernel::kid(), real, fake, subsets)?;
    let prdc = precision_recall_density_coverage(real, fake, NEIGHBORS, Comparison::LessOrEqual)?;
    Ok(vec![
        FRECHET.measured(frechet.value).standard_error(frechet.standard_error),
        KERNEL_DISTANCE.measured(kernel.value).standard_error(kernel.standard_error),
        PRECISION.measured(prdc.precision),
        RECALL.measured(prdc.recall),
        DENSITY.measured(prdc.density),
        COVERAGE.measured(prdc.coverage),
    ])
}

#[cfg(test)]
mod tests;
