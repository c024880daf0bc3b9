//! Jensen–Shannon from a logistic discriminator.

use std::f64::consts::LN_2;

use crate::critic::ensure_scores;
use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::f_divergence::softplus;
use crate::sum::mean_and_error;

/// Lower bound on the Jensen–Shannon divergence from a logistic critic's scores, in nats.
///
/// `(ln 4 − L_D)/2` with `L_D = mean softplus(−s_real) + mean softplus(s_fake)`. At most `ln 2`; negative for a
/// critic that is worse than blind, and not clamped.
///
/// # Bias
/// Low, by half the gap between the critic's loss and the best one: the expectation is at most
/// `JS(real, fake)`, with equality at `s = ln(p/q)`. On the samples that the critic was fitted to, the
/// bias turns upwards.
///
/// # Shapes
/// `n ≥ 2` and `m ≥ 2` scores before the sigmoid.
///
/// # Errors
/// [`DivergenceError::TooFew`], [`DivergenceError::NotFinite`].
///
/// # Source
/// Goodfellow et al. (2014), arXiv:1406.2661, theorem 1.
///
/// # Example
/// ```
/// use gan_divergence::critic::js_from_logistic_scores;
/// let js = js_from_logistic_scores(&[50.0, 60.0], &[-50.0, -60.0])?;
/// assert!((js.value - 2f64.ln()).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn js_from_logistic_scores(real: &[f64], fake: &[f64]) -> Result<Estimate, DivergenceError> {
    ensure_scores("the real scores", real)?;
    ensure_scores("the fake scores", fake)?;
    let losses = |scores: &[f64], sign: f64| -> Vec<f64> {
        scores.iter().map(|s| softplus(sign * s)).collect()
    };
    let (real_loss, real_error) = mean_and_error(&losses(real, -1.0));
    let (fake_loss, fake_error) = mean_and_error(&losses(fake, 1.0));
    let value = LN_2 - 0.5 * (real_loss + fake_loss);
    let name = "JS from the logistic loss (lower bound)";
    let estimate = Estimate::new(value, real.len(), fake.len(), name);
    Ok(estimate.with_error(0.5 * real_error.hypot(fake_error)))
}
