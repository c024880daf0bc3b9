//! Divergences between two [`Pmf`](crate::Pmf)s over the same outcomes, exactly.

mod bhattacharyya;
mod chi_squared;
mod entropy;
mod jensen_shannon;
mod kullback_leibler;
mod log_space;
mod order;
mod total_variation;

pub use bhattacharyya::{bhattacharyya_coefficient, bhattacharyya_distance, hellinger};
pub use chi_squared::{neyman_chi_squared, pearson_chi_squared};
pub use entropy::{cross_entropy, entropy};
pub use jensen_shannon::{js_distance, js_divergence, weighted_js};
pub use kullback_leibler::{jeffreys, kl, rel_entr, reverse_kl};
pub use log_space::{entropy_from_logs, js_from_logs, kl_from_logs};
pub use order::{alpha_divergence, renyi, tsallis};
pub use total_variation::total_variation;

#[cfg(test)]
mod tests;
