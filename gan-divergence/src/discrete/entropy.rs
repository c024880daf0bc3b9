//! Entropy and cross entropy.

use crate::error::DivergenceError;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Shannon entropy of `p`, in nats.
///
/// `H(p) = −Σ p·ln p`, with `0·ln 0 = 0`. In `[0, ln n]`; `ln n` for the uniform distribution.
///
/// # Shapes
/// Any `n ≥ 1` outcomes.
///
/// # Source
/// Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x.
///
/// # Example
/// ```
/// use gan_divergence::{LogBase, Pmf};
/// use gan_divergence::discrete::entropy;
/// let fair = Pmf::new(vec![0.5, 0.5])?;
/// assert!((LogBase::Bits.convert(entropy(&fair)) - 1.0).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[must_use]
pub fn entropy(p: &Pmf) -> f64 {
    let terms = p.masses().iter().filter(|&&p| p > 0.0).map(|&p| -p * p.ln());
    sum(terms).max(0.0)
}

/// Cross entropy of `q` under `p`, in nats.
///
/// `H(p, q) = −Σ p·ln q = H(p) + KL(p ‖ q)`. In `[0, ∞]`, and `∞` where `p > 0` and `q = 0`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::cross_entropy;
/// let p = Pmf::new(vec![1.0, 0.0])?;
/// let q = Pmf::new(vec![0.5, 0.5])?;
/// assert_eq!(cross_entropy(&p, &q)?, std::f64::consts::LN_2);
/// assert_eq!(cross_entropy(&q, &p)?, f64::INFINITY);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn cross_entropy(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let pairs = p.masses().iter().zip(q.masses());
    Ok(sum(pairs.filter(|(p, _)| **p > 0.0).map(|(&p, &q)| -p * q.ln())).max(0.0))
}
