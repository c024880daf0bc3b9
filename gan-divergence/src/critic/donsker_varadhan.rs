//! Kullback–Leibler by the Donsker–Varadhan bound.

use crate::critic::ensure_scores;
use crate::error::DivergenceError;
use crate::estimate::{Estimate, Warning};
use crate::sum::{log_sum_exp, mean_and_error, sum};

/// Donsker–Varadhan estimate of `KL(real ‖ fake)` from any critic's scores, in nats.
///
/// `mean T_real − ln mean exp(T_fake)`. Adding a constant to the scores changes nothing.
///
/// # Bias
/// The bound itself is low, by what the critic misses of `T = ln(p/q) + c`. The logarithm of a mean adds
/// an upward bias of about `Var(exp T)/(2·m·E²)`, which dominates when few fake samples carry the mean: an
/// effective number below a tenth of `m` is reported.
///
/// # Shapes
/// `n ≥ 2` and `m ≥ 2` scores.
///
/// # Errors
/// [`DivergenceError::TooFew`], [`DivergenceError::NotFinite`].
///
/// # Numerics
/// Log-sum-exp. The standard error takes the logarithm to first order.
///
/// # Source
/// Donsker and Varadhan (1983), doi:10.1002/cpa.3160360204; Belghazi et al. (2018), arXiv:1801.04062.
///
/// # Example
/// ```
/// use gan_divergence::critic::kl_donsker_varadhan;
/// let kl = kl_donsker_varadhan(&[3.0, 3.0], &[3.0, 3.0])?;
/// assert_eq!(kl.value, 0.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn kl_donsker_varadhan(real: &[f64], fake: &[f64]) -> Result<Estimate, DivergenceError> {
    ensure_scores("the real scores", real)?;
    ensure_scores("the fake scores", fake)?;
    let m = fake.len() as f64;
    let (mean, mean_error) = mean_and_error(real);
    let total = log_sum_exp(fake.iter().copied());
    let shares: Vec<f64> = fake.iter().map(|t| (t - total).exp()).collect();
    let effective_samples = 1.0 / sum(shares.iter().map(|s| s * s));
    let (_, share_error) = mean_and_error(&shares);
    let value = mean - (total - m.ln());
    let name = "KL by Donsker–Varadhan";
    let estimate = Estimate::new(value, real.len(), fake.len(), name);
    let estimate = estimate.with_error(mean_error.hypot(m * share_error));
    Ok(estimate.warn_if(effective_samples < 0.1 * m, Warning::HeavyTail { effective_samples }))
}
