#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod catalog;
pub mod critic;
pub mod density;
pub mod discrete;
pub mod f_divergence;
pub mod gaussian;
pub mod histogram;
pub mod kernel;
pub mod neighbors;
pub mod prelude;
pub mod score;
pub mod transport;

mod error;
mod estimate;
mod lanes;
mod matrix;
mod pairwise;
mod parallel;
mod pmf;
mod points;
mod random;
mod sort;
mod sum;
mod unit;

pub use error::DivergenceError;
pub use estimate::{Estimate, Warning};
pub use pmf::{LogPmf, Pmf, SUM_TOLERANCE};
pub use points::Points;
pub use unit::LogBase;

// The scope of the README's links.
#[cfg(doc)]
use {
    catalog::*, critic::*, density::*, discrete::*, f_divergence::*, gaussian::*, histogram::*,
    kernel::*, neighbors::*, score::*, transport::*,
};
