//! Wasserstein-1 from a Lipschitz critic.

use crate::critic::ensure_scores;
use crate::error::{DivergenceError, ensure_range};
use crate::estimate::Estimate;
use crate::sum::mean_and_error;

/// Lower bound on the 1-Wasserstein distance from a Lipschitz critic's scores, in the unit of its input.
///
/// `(mean T_real − mean T_fake)/L` for a critic with Lipschitz constant `L`.
///
/// # Bias
/// Low by what the critic misses, and by any excess of `L` over its true constant; with an `L` that is
/// too small (a penalty does not enforce 1, nor does clipping) it is no bound. On the samples that the
/// critic was fitted to, it is biased upwards. May be negative.
///
/// # Shapes
/// `n ≥ 2` and `m ≥ 2` scores. `lipschitz > 0`.
///
/// # Errors
/// [`DivergenceError::TooFew`], [`DivergenceError::NotFinite`], [`DivergenceError::OutOfRange`].
///
/// # Source
/// Villani (2003), Topics in Optimal Transportation, theorem 1.14; Arjovsky, Chintala and Bottou
/// (2017), arXiv:1701.07875, eq. 2.
///
/// # Example
/// ```
/// use gan_divergence::critic::wasserstein_1_from_critic;
/// let w1 = wasserstein_1_from_critic(&[4.0, 6.0], &[1.0, 3.0], 1.0)?;
/// assert_eq!(w1.value, 3.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn wasserstein_1_from_critic(
    real: &[f64],
    fake: &[f64],
    lipschitz: f64,
) -> Result<Estimate, DivergenceError> {
    ensure_scores("the real scores", real)?;
    ensure_scores("the fake scores", fake)?;
    let valid = lipschitz > 0.0 && lipschitz.is_finite();
    ensure_range(valid, "the Lipschitz constant", "a positive number", lipschitz)?;
    let ((high, high_error), (low, low_error)) = (mean_and_error(real), mean_and_error(fake));
    let name = format!("W_1 from a {lipschitz}-Lipschitz critic (lower bound)");
    let estimate = Estimate::new((high - low) / lipschitz, real.len(), fake.len(), name);
    Ok(estimate.with_error(high_error.hypot(low_error) / lipschitz))
}
