//! Exact f-divergences between mass functions.

use crate::error::DivergenceError;
use crate::f_divergence::FDivergence;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Exact f-divergence of `q` from `p`, in nats for the logarithmic rows.
///
/// `D_f(p ‖ q) = Σ q·f(p/q)`, where an outcome with `q = 0` adds `p·lim f(u)/u` and one with
/// `p = q = 0` adds nothing. At least `f(1)`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// As [`FDivergence::term`]. Not clamped: for nearly equal inputs the logarithmic rows may round to just
/// below 0, where the dedicated functions, such as [`kl`](crate::discrete::kl), return 0.
///
/// # Source
/// Csiszár (1967), Studia Scientiarum Mathematicarum Hungarica 2, 299–318.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::f_divergence::{TotalVariation, f_divergence};
/// let p = Pmf::new(vec![0.5, 0.5, 0.0])?;
/// let q = Pmf::new(vec![0.0, 0.5, 0.5])?;
/// assert_eq!(f_divergence(&TotalVariation, &p, &q)?, 0.5);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn f_divergence(
    row: &(impl FDivergence + ?Sized),
    p: &Pmf,
    q: &Pmf,
) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let term = |(&p, &q): (&f64, &f64)| {
        if p == 0.0 && q == 0.0 { 0.0 } else { row.term(p, q) }
    };
    Ok(sum(p.masses().iter().zip(q.masses()).map(term)))
}
