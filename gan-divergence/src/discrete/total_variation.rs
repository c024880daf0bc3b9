//! Total variation.

use crate::error::DivergenceError;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Total variation distance between `p` and `q`, a probability.
///
/// `TV(p, q) = ½·Σ |p − q|`, the largest difference in the probability of any event. A metric, in
/// `[0, 1]`. Some texts leave out the half.
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
/// use gan_divergence::discrete::total_variation;
/// let p = Pmf::new(vec![0.5, 0.5])?;
/// let q = Pmf::new(vec![0.75, 0.25])?;
/// assert_eq!(total_variation(&p, &q)?, 0.25);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn total_variation(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let gaps = p.masses().iter().zip(q.masses()).map(|(p, q)| (p - q).abs());
    Ok((0.5 * sum(gaps)).min(1.0))
}
