//! The variational lower bound on an f-divergence, from a critic's scores.

use crate::error::{DivergenceError, ensure_at_least, ensure_finite};
use crate::estimate::Estimate;
use crate::f_divergence::FDivergence;
use crate::sum::mean_and_error;

/// Lower bound on an f-divergence from raw critic scores, in nats for the logarithmic rows.
///
/// `mean(g_f(v_real)) − mean(f*(g_f(v_fake)))`. Its expectation never exceeds `D_f(real ‖ fake)` for a
/// critic that was fixed beforehand, and equals it at `g_f(v) = f′(p/q)`. Scores of the samples that
/// the critic was fitted to bias it upwards: use held-out ones.
///
/// # Shapes
/// `n ≥ 2` scores of real samples, `m ≥ 2` of fake ones, before the activation.
///
/// # Errors
/// [`DivergenceError::TooFew`], [`DivergenceError::NotFinite`].
///
/// # Numerics
/// The composite `f*(g_f(v))` is evaluated in one stable step. The standard error is that of a
/// difference of two independent means.
///
/// # Source
/// Nguyen, Wainwright and Jordan (2010), doi:10.1109/TIT.2010.2068870; Nowozin et al. (2016),
/// arXiv:1606.00709, eq. 4.
///
/// # Example
/// ```
/// use gan_divergence::f_divergence::{Gan, variational_bound};
/// let blind = [0.0; 8];
/// let bound = variational_bound(&Gan, &blind, &blind)?;
/// assert!((bound.value + 4f64.ln()).abs() < 1e-15); // 2·JSD − ln 4 with JSD = 0
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn variational_bound(
    row: &(impl FDivergence + ?Sized),
    real: &[f64],
    fake: &[f64],
) -> Result<Estimate, DivergenceError> {
    for (what, scores) in [("the real scores", real), ("the fake scores", fake)] {
        ensure_at_least(what, 2, scores.len())?;
        ensure_finite(what, scores)?;
    }
    let gains: Vec<f64> = real.iter().map(|&v| row.activation(v)).collect();
    let costs: Vec<f64> = fake.iter().map(|&v| row.conjugate_of_activation(v)).collect();
    let ((gain, gain_error), (cost, cost_error)) = (mean_and_error(&gains), mean_and_error(&costs));
    let name = format!("variational lower bound of {}", row.name());
    let estimate = Estimate::new(gain - cost, real.len(), fake.len(), name);
    Ok(estimate.with_error(gain_error.hypot(cost_error)))
}
