#![doc = include_str!("../README.md")]

mod batch;
mod seed;

pub use batch::{Batch, BatchSource};
pub use seed::{Seed, Stream};
