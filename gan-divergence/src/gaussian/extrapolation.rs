//! The Fréchet distance extrapolated to infinite samples (FID∞), without its leading bias.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::gaussian::frechet_distance;
use crate::points::{Points, ensure_same_space, gather};
use crate::random::permutation;

/// How [`frechet_infinity`] draws its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extrapolation {
    /// How many sample sizes are tried, evenly spaced in `1/N`. Default 15, at least 3.
    pub sizes: usize,
    /// The smallest of them; 0 stands for a tenth of the sample, but more than the dimension.
    pub smallest: usize,
    /// The seed of the subsamples.
    pub seed: u64,
}

impl Default for Extrapolation {
    fn default() -> Self {
        Self { sizes: 15, smallest: 0, seed: 0 }
    }
}

/// Fréchet distance extrapolated to infinitely many samples, in the squared unit of the features.
///
/// Fits `FD_N = FD_∞ + c/N` by least squares to distances between subsamples of `N` real and `N` fake
/// points, and returns the intercept. May be slightly negative for equal distributions.
///
/// # Shapes
/// `n` and `m` points of the same dimension `d`, both more than `d + 1`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`], also for fewer than three
/// sizes.
///
/// # Numerics
/// The standard error is that of the intercept in the fit. The subsamples overlap, so it is a lower
/// bound on the true one.
///
/// # Source
/// Chong and Forsyth (2020), arXiv:1911.07023. They vary the generated sample only; here both vary.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::gaussian::{Extrapolation, frechet_infinity};
/// let real: Vec<f64> = (0..400).map(|i| f64::from(i * i % 401)).collect();
/// let fake: Vec<f64> = real.iter().map(|x| x + 10.0).collect();
/// let (real, fake) = (Points::new(&real, 1)?, Points::new(&fake, 1)?);
/// let fd = frechet_infinity(real, fake, Extrapolation::default())?;
/// assert!((fd.value - 100.0).abs() < 400.0);
/// assert!(fd.standard_error.is_some());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn frechet_infinity(
    real: Points<'_>,
    fake: Points<'_>,
    options: Extrapolation,
) -> Result<Estimate, DivergenceError> {
    ensure_same_space(real, fake)?;
    ensure_at_least("the set of sizes", 3, options.sizes)?;
    let largest = real.len().min(fake.len());
    let floor = (real.dim() + 2).max(largest / 10);
    let smallest = if options.smallest == 0 { floor } else { options.smallest };
    ensure_at_least("the smaller set of points", smallest.max(real.dim() + 1) + 1, largest)?;
    ensure_at_least("the smallest subsample", 2, smallest)?;
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let (mut inverses, mut values) = (Vec::new(), Vec::new());
    for step in 0..options.sizes {
        let fraction = step as f64 / (options.sizes - 1) as f64;
        let inverse = (1.0 - fraction) / smallest as f64 + fraction / largest as f64;
        let size = ((1.0 / inverse).round() as usize).clamp(smallest, largest);
        let mut draw =
            |points: Points<'_>| gather(points, &permutation(points.len(), &mut rng)[..size]);
        let (x, y) = (draw(real), draw(fake));
        let (x, y) = (Points::trusted(&x, real.dim()), Points::trusted(&y, real.dim()));
        inverses.push(1.0 / size as f64);
        values.push(frechet_distance(x, y)?.value);
    }
    let (intercept, error) = intercept(&inverses, &values);
    let name = format!("FD_∞ from {} sizes {smallest}..={largest}", options.sizes);
    let estimate = Estimate::new(intercept, real.len(), fake.len(), name).with_error(error);
    let warning = Warning::FewerSamplesThanDimensions { samples: smallest, dim: real.dim() };
    Ok(estimate.warn_if(smallest <= real.dim(), warning))
}

/// Intercept of a least-squares line, and its standard error.
fn intercept(x: &[f64], y: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = |v: &[f64]| v.iter().sum::<f64>() / n;
    let (mx, my) = (mean(x), mean(y));
    let sxx: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
    let sxy: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let slope = sxy / sxx;
    let rest: f64 = x.iter().zip(y).map(|(x, y)| (y - my - slope * (x - mx)).powi(2)).sum();
    let error = (rest / (n - 2.0) * (1.0 / n + mx * mx / sxx)).sqrt();
    (my - slope * mx, error)
}
