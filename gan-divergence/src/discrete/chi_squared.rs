//! The two χ² divergences, pinned by their formulas because texts exchange the names.

use crate::error::DivergenceError;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Pearson's χ² divergence, with `q` in the denominator, without unit.
///
/// `χ²_P(p, q) = Σ (p − q)²/q = Σ p²/q − 1`. In `[0, ∞]`, and `∞` where `p > 0` and `q = 0`. Times the
/// sample size it is Pearson's statistic of observed `p` against expected `q`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Source
/// Pearson (1900), doi:10.1080/14786440009463897.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::pearson_chi_squared;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// assert!((pearson_chi_squared(&p, &Pmf::uniform(3)?)? - 0.1568).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn pearson_chi_squared(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let term = |(&p, &q): (&f64, &f64)| if p == q { 0.0 } else { (p - q) * ((p - q) / q) };
    Ok(sum(p.masses().iter().zip(q.masses()).map(term)))
}

/// Neyman's χ² divergence, with `p` in the denominator, without unit.
///
/// `χ²_N(p, q) = Σ (p − q)²/p`, which is [`pearson_chi_squared`] with the arguments exchanged. In
/// `[0, ∞]`, and `∞` where `q > 0` and `p = 0`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Source
/// Neyman (1949), Proceedings of the Berkeley Symposium, 239–273.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::neyman_chi_squared;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// let value = neyman_chi_squared(&p, &Pmf::uniform(3)?)?;
/// assert!((value - 0.234_567_901_234_567_83).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn neyman_chi_squared(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    pearson_chi_squared(q, p)
}
