//! Divergences of binned samples, with the noise that binning brings.

mod binning;
mod divergences;

pub use binning::{Binning, bin_counts};
pub use divergences::{HistogramEstimate, histogram_js, histogram_kl, histogram_total_variation};

#[cfg(test)]
mod tests;
