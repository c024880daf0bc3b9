//! Kullback–Leibler from an estimated log density ratio.

use crate::critic::ensure_scores;
use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::sum::mean_and_error;

/// Estimate of `KL(real ‖ fake)` from log density ratios at real samples, in nats.
///
/// `mean r(x)` over real `x`, where `r = ln(p_real/p_fake)`. The scores of a logistic critic at its best
/// are such ratios, if it saw both kinds equally often.
///
/// # Bias
/// That of the ratio: a critic short of its best has scores that are too small in size, which biases
/// the value low; an overfitted one biases it high. It is no bound in either direction.
///
/// # Shapes
/// `n ≥ 2` log ratios.
///
/// # Errors
/// [`DivergenceError::TooFew`], [`DivergenceError::NotFinite`].
///
/// # Source
/// Sugiyama, Suzuki and Kanamori (2012), Density Ratio Estimation in Machine Learning,
/// doi:10.1017/CBO9781139035613.
///
/// # Example
/// ```
/// assert_eq!(gan_divergence::critic::kl_from_log_ratios(&[1.0, 3.0])?.value, 2.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn kl_from_log_ratios(real: &[f64]) -> Result<Estimate, DivergenceError> {
    ensure_scores("the log ratios of real samples", real)?;
    let (mean, error) = mean_and_error(real);
    Ok(Estimate::new(mean, real.len(), 0, "KL by the mean log ratio").with_error(error))
}

/// Estimate of `KL(fake ‖ real)` from log density ratios at fake samples, in nats.
///
/// `−mean r(x)` over fake `x`, where `r = ln(p_real/p_fake)`: what a generator trained on `−T` follows.
///
/// # Bias
/// As [`kl_from_log_ratios`].
///
/// # Shapes
/// `m ≥ 2` log ratios.
///
/// # Errors
/// [`DivergenceError::TooFew`], [`DivergenceError::NotFinite`].
///
/// # Source
/// As [`kl_from_log_ratios`].
///
/// # Example
/// ```
/// assert_eq!(gan_divergence::critic::reverse_kl_from_log_ratios(&[-1.0, -3.0])?.value, 2.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn reverse_kl_from_log_ratios(fake: &[f64]) -> Result<Estimate, DivergenceError> {
    ensure_scores("the log ratios of fake samples", fake)?;
    let (mean, error) = mean_and_error(fake);
    Ok(Estimate::new(-mean, 0, fake.len(), "reverse KL by the mean log ratio").with_error(error))
}
