//! Checked probability mass functions.

pub(crate) mod log_pmf;
mod masses;

pub use log_pmf::LogPmf;
pub use masses::Pmf;

use crate::error::{DivergenceError, ensure_len};

/// How far the masses of a [`Pmf`] may sum from 1.
pub const SUM_TOLERANCE: f64 = 1e-9;

/// Checks that two mass functions are over the same number of outcomes.
pub(crate) fn ensure_same_outcomes(p: usize, q: usize) -> Result<(), DivergenceError> {
    ensure_len("q", p, q)
}
