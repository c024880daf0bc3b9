#![doc = include_str!("../README.md")]

pub mod density;
mod error;

pub use density::{DensityProbe, KnownDensity};
pub use error::EvalError;
