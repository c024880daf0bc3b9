//! Kullback–Leibler divergence between a sample and a known density.

use std::f64::consts::PI;

use crate::density::Density;
use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::neighbors::kth_squared_distances;
use crate::parallel::map_chunks;
use crate::points::{Points, ensure_dim};
use crate::sum::mean_and_error;

/// Estimate of `KL(p ‖ q)` from a sample of `p` and a known density `q`, in nats.
///
/// `−Ĥ(p) − mean ln q(xᵢ)`, with the nearest-neighbor entropy
/// `Ĥ = ψ(n) − ψ(k) + ln V_d + (d/n)·Σ ln ρᵢ`. Consistent; biased either way at finite `n`, and honestly
/// negative at times. For the other direction, where the known density comes first, see
/// [`sample_js_to_density`](crate::density::sample_js_to_density) or [`knn_kl`](crate::neighbors::knn_kl) with draws.
///
/// # Shapes
/// More than `k ≥ 1` points of the density's dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// `ψ(n) − ψ(k)` is a sum of reciprocals. Duplicated points make the value infinite and are counted in
/// a warning. The standard error is that of the mean of the terms, as if independent.
///
/// # Source
/// Kozachenko and Leonenko (1987), Problems of Information Transmission 23, 95–101.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::density::{Density, sample_kl_to_density};
/// use gan_divergence::gaussian::Gaussian;
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let p = Gaussian::isotropic(vec![0.0, 0.0], 1.0)?;
/// let q = Gaussian::isotropic(vec![1.0, 0.0], 1.0)?;
/// let sample = p.sample_n(2000, &mut ChaCha8Rng::seed_from_u64(1));
/// let kl = sample_kl_to_density(3, Points::new(&sample, 2)?, &q)?;
/// assert!((kl.value - 0.5).abs() < 0.1);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sample_kl_to_density(
    k: usize,
    sample: Points<'_>,
    density: &(impl Density + Sync),
) -> Result<Estimate, DivergenceError> {
    ensure_dim("the sample", density.dim(), sample)?;
    ensure_at_least("k, the number of neighbors,", 1, k)?;
    ensure_at_least("the sample", k + 1, sample.len())?;
    let (n, dim) = (sample.len(), sample.dim());
    let radii = kth_squared_distances(sample, sample, k, true);
    let zeros = radii.iter().filter(|&&r| r == 0.0).count();
    let half_dim = 0.5 * dim as f64;
    let term = |i: usize| -half_dim * radii[i].ln() - density.ln_pdf(sample.row(i));
    let terms = map_chunks(n, 256, |range| range.map(term).collect::<Vec<_>>()).concat();
    let harmonic: f64 = (k..n).map(|i| 1.0 / i as f64).sum();
    let (mean, error) = mean_and_error(&terms);
    let mean = if zeros == 0 { mean } else { f64::INFINITY };
    let value = mean - harmonic - ln_unit_ball(dim);
    let estimate = Estimate::new(value, n, 0, format!("nearest-neighbor KL to a density, k = {k}"));
    let estimate = if zeros == 0 { estimate.with_error(error) } else { estimate };
    Ok(estimate.warn_if(zeros > 0, Warning::ZeroRadii { count: zeros }))
}

/// `ln` of the volume of the unit ball: `V_d = (2π/d)·V_(d−2)`.
fn ln_unit_ball(dim: usize) -> f64 {
    match dim {
        0 => 0.0,
        1 => 2f64.ln(),
        _ => (2.0 * PI / dim as f64).ln() + ln_unit_ball(dim - 2),
    }
}
