//! The Fréchet distance (FID over Inception features), from moments and straight from samples.

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::gaussian::Moments;
use crate::gaussian::closed_form::ensure_same_dim;
use crate::gaussian::moments::{centered, mean};
use crate::matrix::{
    Cholesky, MANY, Rows, nuclear_norm, nuclear_norm_by_doubling, pivoted_factor, products,
    trace_of_root,
};
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
/// result below 0 is returned as 0.
///
/// From 128 dimensions on, a `Σ₁` that needs no pivots enters as `Σ √λ` over the eigenvalues of `F₁ᵀ·Σ₂·F₁`,
/// by products of matrices, a band and tridiagonal form. Squaring costs digits: an eigenvalue is off by
/// `δ ≈ ε·‖Σ₁‖·‖Σ₂‖`, a small `√λ` by `δ/(2·√λ)`, and one that should be 0 by `√δ`, about 1e-8. So the
/// sum is kept only where these errors, estimated from the eigenvalues found, come to at most 1e-10 of it.
/// Else, and at every lower rank whose Gram matrix fails the same test, the singular values are
/// eigenvalues of `[0 A; Aᵀ 0]` with `A = F₁ᵀ·F₂`, each to `ε·‖A‖`, in several times the time and
/// four times the memory. The distance itself is then off by an estimated 1e-10 of `tr Σ₁ + tr Σ₂`. Covariances that are
/// singular up to rounding only determine it to about 1e-8 of these for each direction that is lost,
/// whatever the method.
/// A covariance with a negative eigenvalue is taken as its
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
    let strict = || Cholesky::new("the covariance", real.covariance(), real.dim()).ok();
    let definite = (real.dim() >= MANY).then(strict).flatten();
    // What the root of one factor was not precise enough for, the root of the other would not be.
    let norm = if definite.is_some() { nuclear_norm_by_doubling } else { nuclear_norm };
    let root = |factor| trace_of_root(factor, real.covariance(), fake.covariance());
    if let Some(overlap) = definite.and_then(root) {
        let traces = diagonal(real).chain(diagonal(fake));
        return Ok(distance(real.mean(), fake.mean(), traces, overlap));
    }
    let (first, _) = pivoted_factor(real.covariance(), real.dim());
    let (second, _) = pivoted_factor(fake.covariance(), fake.dim());
    Ok(from_rows(real.mean(), fake.mean(), &first, &second, norm))
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
    let value = if real.len().min(fake.len()) > real.dim() {
        frechet_from_moments(&Moments::of(real)?, &Moments::of(fake)?)?
    } else {
        let ((real_mean, first), (fake_mean, second)) = (fit(real)?, fit(fake)?);
        from_rows(&real_mean, &fake_mean, &first, &second, nuclear_norm)
    };
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
        let (factor, _) = pivoted_factor(moments.covariance(), moments.dim());
        return Ok((moments.mean().to_vec(), factor));
    }
    ensure_at_least("the set of points", 2, points.len())?;
    let mean = mean(points);
    let scale = 1.0 / ((points.len() - 1) as f64).sqrt();
    let rows = centered(points.data(), &mean).into_iter().map(|x| x * scale).collect();
    Ok((mean, rows))
}

fn diagonal(moments: &Moments) -> impl Iterator<Item = f64> {
    moments.covariance().iter().copied().step_by(moments.dim() + 1)
}

/// Sums the singular values of a matrix with so many rows and columns.
type NuclearNorm = fn(&[f64], usize, usize) -> f64;

/// The distance from two means and two sets of rows whose Gram matrices are the covariances.
fn from_rows(
    first_mean: &[f64],
    second_mean: &[f64],
    first: &[f64],
    second: &[f64],
    norm: NuclearNorm,
) -> f64 {
    let dim = first_mean.len();
    let traces = first.iter().chain(second).map(|f| f * f);
    let cross = products(Rows::dense(first, dim), Rows::dense(second, dim));
    let overlap = norm(&cross, first.len() / dim, second.len() / dim);
    distance(first_mean, second_mean, traces, overlap)
}

/// The distance from two means, what adds up to both traces, and the trace of the root.
fn distance(first: &[f64], second: &[f64], traces: impl Iterator<Item = f64>, overlap: f64) -> f64 {
    let shift = first.iter().zip(second).map(|(a, b)| (a - b) * (a - b));
    sum(shift.chain(traces).chain([-2.0 * overlap])).max(0.0)
}
