//! The Fréchet distance (FID over Inception features), from moments and straight from samples.

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::gaussian::Moments;
use crate::gaussian::closed_form::ensure_same_dim;
use crate::gaussian::moments::{centered, mean};
use crate::matrix::{dot, nuclear_norm, pivoted_factor};
use crate::parallel::map_indices;
use crate::points::{Points, ensure_same_space};
use crate::sum::sum;

/// Fréchet distance between two means and covariances, in the squared unit of the features.
///
/// `FD = ‖μ₁ − μ₂‖² + tr Σ₁ + tr Σ₂ − 2·tr (Σ₁·Σ₂)^½`, the square of the 2-Wasserstein distance between
/// normal distributions. In `[0, ∞)`.
///
/// # Shapes
/// Both of the same dimension; singular covariances are fine.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`].
///
/// # Numerics
/// `tr (Σ₁·Σ₂)^½ = ‖F₁ᵀ·F₂‖_*`, the sum of singular values, with pivoted Cholesky factors
/// `Σ = F·Fᵀ`: no matrix square root, no complex numbers, nothing added to a diagonal. A rounded
/// result below 0 is returned as 0. A covariance with a negative eigenvalue is taken as its
/// positive part up to that pivot.
///
/// # Source
/// Dowson and Landau (1982), doi:10.1016/0047-259X(82)90077-X; Heusel et al. (2017),
/// arXiv:1706.08500, eq. 6.
///
/// # Example
/// ```
/// use gan_divergence::gaussian::{Moments, frechet_from_moments};
/// let real = Moments::new(vec![0.0, 0.0], vec![1.0, 0.0, 0.0, 4.0])?;
/// let fake = Moments::new(vec![3.0, 4.0], vec![9.0, 0.0, 0.0, 16.0])?;
/// assert!((frechet_from_moments(&real, &fake)? - 33.0).abs() < 1e-12);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn frechet_from_moments(real: &Moments, fake: &Moments) -> Result<f64, DivergenceError> {
    ensure_same_dim(real, fake)?;
    let factor = |m: &Moments| pivoted_factor(m.covariance(), m.dim());
    let (first, second) = (factor(real), factor(fake));
    Ok(combine(real.mean(), fake.mean(), &first, &second).max(0.0))
}

/// Fréchet distance between two sets of features, in their squared unit.
///
/// [`frechet_from_moments`] of the sample moments, with `n − 1` in the covariances. Its bias is upwards
/// and about `c/N`, with a `c` that depends on the model: compare at equal sizes only, or use
/// [`frechet_infinity`](crate::gaussian::frechet_infinity). Over Inception features this is FID; over any others
/// it must go by another name.
///
/// # Shapes
/// `n ≥ 2` and `m ≥ 2` points of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// A sample with `n ≤ d` enters by its centered rows instead of a factor of its singular covariance:
/// `‖X·Yᵀ‖_* / √((n − 1)·(m − 1))`, which is right for any rank, and a warning is attached. A rounded
/// result below 0 is returned as 0.
///
/// # Source
/// Heusel et al. (2017), arXiv:1706.08500; for the bias, Chong and Forsyth (2020), arXiv:1911.07023.
///
/// # Example
/// ```
/// use gan_divergence::{Points, Warning};
/// use gan_divergence::gaussian::frechet_distance;
/// let real = [0.0, 0.0, 1.0, 1.0];
/// let fake = [1.0, 0.0, 2.0, 1.0];
/// let fd = frechet_distance(Points::new(&real, 2)?, Points::new(&fake, 2)?)?;
/// assert!((fd.value - 1.0).abs() < 1e-12);
/// assert_eq!(fd.warnings, [Warning::FewerSamplesThanDimensions { samples: 2, dim: 2 }]);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn frechet_distance(real: Points<'_>, fake: Points<'_>) -> Result<Estimate, DivergenceError> {
    ensure_same_space(real, fake)?;
    let sets = [real, fake];
    let mut fits = map_indices(2, |which| fit(sets[which]));
    let ((fake_mean, second), (real_mean, first)) = (fits.remove(1)?, fits.remove(0)?);
    let value = combine(&real_mean, &fake_mean, &first, &second).max(0.0);
    let samples = real.len().min(fake.len());
    let warning = Warning::FewerSamplesThanDimensions { samples, dim: real.dim() };
    let estimate =
        Estimate::new(value, real.len(), fake.len(), "Fréchet distance of sample moments");
    Ok(estimate.warn_if(samples <= real.dim(), warning))
}

/// The mean and rows `F` with `FᵀF` the sample covariance.
fn fit(points: Points<'_>) -> Result<(Vec<f64>, Vec<f64>), DivergenceError> {
    if points.len() > points.dim() {
        let moments = Moments::of(points)?;
        let factor = pivoted_factor(moments.covariance(), moments.dim());
        return Ok((moments.mean().to_vec(), factor));
    }
    ensure_at_least("the set of points", 2, points.len())?;
    let mean = mean(points);
    let scale = 1.0 / ((points.len() - 1) as f64).sqrt();
    let rows = centered(points.data(), &mean).into_iter().map(|x| x * scale).collect();
    Ok((mean, rows))
}

/// The distance from two means and two sets of rows whose Gram matrices are the covariances.
fn combine(first_mean: &[f64], second_mean: &[f64], first: &[f64], second: &[f64]) -> f64 {
    let dim = first_mean.len();
    let shift = first_mean.iter().zip(second_mean).map(|(a, b)| (a - b) * (a - b));
    let traces = first.iter().chain(second).map(|f| f * f);
    let rows = second.chunks_exact(dim);
    let cross: Vec<f64> =
        first.chunks_exact(dim).flat_map(|x| rows.clone().map(move |y| dot(x, y))).collect();
    let overlap = nuclear_norm(&cross, first.len() / dim, second.len() / dim);
    sum(shift.chain(traces).chain([-2.0 * overlap]))
}
