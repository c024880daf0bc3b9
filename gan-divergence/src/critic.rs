//! Divergence estimates from the scores of a trained discriminator or critic.

mod density_ratio;
mod donsker_varadhan;
mod lipschitz;
mod logistic;

pub use density_ratio::{kl_from_log_ratios, reverse_kl_from_log_ratios};
pub use donsker_varadhan::kl_donsker_varadhan;
pub use lipschitz::wasserstein_1_from_critic;
pub use logistic::js_from_logistic_scores;

use crate::error::{DivergenceError, ensure_at_least, ensure_finite};

fn ensure_scores(what: &'static str, scores: &[f64]) -> Result<(), DivergenceError> {
    ensure_at_least(what, 2, scores.len())?;
    ensure_finite(what, scores)
}

#[cfg(test)]
mod tests;
