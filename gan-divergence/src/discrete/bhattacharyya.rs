//! The overlap of two distributions: Bhattacharyya and Hellinger.

use crate::error::DivergenceError;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Bhattacharyya coefficient of `p` and `q`, without unit.
///
/// `BC(p, q) = Σ √(p·q)`. In `[0, 1]`: 1 for equal distributions, 0 for disjoint ones.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// `√p·√q`, because the product of two small masses underflows. Clamped at 1.
///
/// # Source
/// Bhattacharyya (1943), Bulletin of the Calcutta Mathematical Society 35, 99–109.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::bhattacharyya_coefficient;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// let value = bhattacharyya_coefficient(&p, &Pmf::uniform(3)?)?;
/// assert!((value - 0.977_350_269_189_625_8).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn bhattacharyya_coefficient(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    Ok(sum(p.masses().iter().zip(q.masses()).map(|(p, q)| p.sqrt() * q.sqrt())).min(1.0))
}

/// Bhattacharyya distance between `p` and `q`, in nats.
///
/// `−ln BC(p, q)`, half of the Rényi divergence of order ½. In `[0, ∞]`; not a metric.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// `−ln(1 − H²)` with the squared [`hellinger`] distance, which keeps its digits for close inputs.
///
/// # Source
/// Bhattacharyya (1943), Bulletin of the Calcutta Mathematical Society 35, 99–109.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::bhattacharyya_distance;
/// let p = Pmf::new(vec![0.5, 0.5])?;
/// let q = Pmf::new(vec![1.0, 0.0])?;
/// assert!((bhattacharyya_distance(&p, &q)? - 0.5 * 2f64.ln()).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn bhattacharyya_distance(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    let overlap = bhattacharyya_coefficient(p, q)?;
    let square = hellinger(p, q)?.powi(2);
    Ok(if overlap < 0.5 { -overlap.ln() } else { -(-square).ln_1p() })
}

/// Hellinger distance between `p` and `q`, without unit.
///
/// `H(p, q) = √(½·Σ (√p − √q)²)`, so that `H² = 1 − BC`. A metric, in `[0, 1]`. The f-divergence row
/// [`SquaredHellinger`](crate::f_divergence::SquaredHellinger) is `2·H²`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// The sum of squares is used, not `1 − BC`, which cancels for close inputs. Clamped at 1.
///
/// # Source
/// Hellinger (1909), doi:10.1515/crll.1909.136.210.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::hellinger;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// assert!((hellinger(&p, &Pmf::uniform(3)?)? - 0.150_498_275_107_637_86).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn hellinger(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let squares = p.masses().iter().zip(q.masses()).map(|(p, q)| (p.sqrt() - q.sqrt()).powi(2));
    Ok((0.5 * sum(squares)).min(1.0).sqrt())
}
