//! Closed forms between two normal distributions.

use crate::error::DivergenceError;
use crate::gaussian::{Gaussian, Moments, frechet_from_moments};
use crate::sum::sum;

/// Kullback–Leibler divergence between two normal distributions, in nats.
///
/// `KL(p ‖ q) = ½·[tr(Σq⁻¹·Σp) + Δᵀ·Σq⁻¹·Δ − d + ln(|Σq|/|Σp|)]` with `Δ = μp − μq`. In `[0, ∞)`.
///
/// # Shapes
/// Both of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`].
///
/// # Numerics
/// `M = Lq⁻¹·Lp` by triangular solves; then `½·(‖Δ′‖² + Σ_{i>j} M²) + ½·Σᵢ (e² − 1 − 2·ln(1 + (e − 1)))`
/// over the diagonal `e` of `M`, where `x − ln(1 + x)` keeps its digits for nearly equal variances.
///
/// # Source
/// Pardo (2005), Statistical Inference Based on Divergence Measures, doi:10.1201/9781420034813.
///
/// # Example
/// ```
/// use gan_divergence::gaussian::{Gaussian, gaussian_kl};
/// let p = Gaussian::new(vec![1.0], vec![4.0])?;
/// let q = Gaussian::new(vec![3.0], vec![16.0])?;
/// assert!((gaussian_kl(&p, &q)? - 0.443_147_180_559_945_3).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn gaussian_kl(p: &Gaussian, q: &Gaussian) -> Result<f64, DivergenceError> {
    ensure_same_dim(p.moments(), q.moments())?;
    let dim = p.moments().dim();
    let mut terms = vec![q.squared_deviations(p.moments().mean())];
    for j in 0..dim {
        let mut column: Vec<f64> = (0..dim).map(|i| p.factor().lower()[i * dim + j]).collect();
        q.factor().solve_lower(&mut column);
        let excess = relative_excess(p, q, j);
        terms.push(excess * (2.0 + excess) - 2.0 * excess.ln_1p());
        terms.extend(column[j + 1..].iter().map(|m| m * m));
    }
    Ok((0.5 * sum(terms)).max(0.0))
}

/// `Lp/Lq − 1` on the diagonal, from the difference.
fn relative_excess(p: &Gaussian, q: &Gaussian, j: usize) -> f64 {
    let entry = |g: &Gaussian| g.factor().lower()[j * (g.moments().dim() + 1)];
    (entry(p) - entry(q)) / entry(q)
}

/// 2-Wasserstein distance between two normal distributions, in the unit of their space.
///
/// `W₂ = √(‖μp − μq‖² + B²(Σp, Σq))` with [`bures_squared`]. A metric, in `[0, ∞)`. Its square is the
/// Fréchet distance.
///
/// # Shapes
/// Both of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`].
///
/// # Numerics
/// As [`frechet_from_moments`].
///
/// # Source
/// Dowson and Landau (1982), doi:10.1016/0047-259X(82)90077-X.
///
/// # Example
/// ```
/// use gan_divergence::gaussian::{Gaussian, gaussian_wasserstein_2};
/// let p = Gaussian::new(vec![0.0, 0.0], vec![1.0, 0.5, 0.5, 2.0])?;
/// let q = Gaussian::new(vec![1.0, -1.0], vec![2.0, 0.0, 0.0, 1.0])?;
/// assert!((gaussian_wasserstein_2(&p, &q)? - 1.560_523_373_492_714).abs() < 1e-14);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn gaussian_wasserstein_2(p: &Gaussian, q: &Gaussian) -> Result<f64, DivergenceError> {
    Ok(frechet_from_moments(p.moments(), q.moments())?.sqrt())
}

/// Squared Bures distance between two covariances, in the squared unit of their space.
///
/// `B²(Σp, Σq) = tr Σp + tr Σq − 2·tr (Σp·Σq)^½`; the means are ignored. In `[0, ∞)`.
///
/// # Shapes
/// Both of the same dimension; singular covariances are fine.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`].
///
/// # Numerics
/// As [`frechet_from_moments`].
///
/// # Source
/// Bhatia, Jain and Lim (2019), doi:10.1016/j.exmath.2018.01.002.
///
/// # Example
/// ```
/// use gan_divergence::gaussian::{Moments, bures_squared};
/// let p = Moments::new(vec![0.0], vec![4.0])?;
/// let q = Moments::new(vec![7.0], vec![9.0])?;
/// assert!((bures_squared(&p, &q)? - 1.0).abs() < 1e-12); // (3 − 2)²
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn bures_squared(p: &Moments, q: &Moments) -> Result<f64, DivergenceError> {
    let centered = |m: &Moments| Moments::new(vec![0.0; m.dim()], m.covariance().to_vec());
    frechet_from_moments(&centered(p)?, &centered(q)?)
}

pub(super) fn ensure_same_dim(p: &Moments, q: &Moments) -> Result<(), DivergenceError> {
    if p.dim() == q.dim() {
        return Ok(());
    }
    let what = "the second Gaussian";
    Err(DivergenceError::DimensionMismatch { what, expected: p.dim(), found: q.dim() })
}
