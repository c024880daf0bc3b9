#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod batch;
mod seed;
mod shuffle;

pub use batch::{Batch, BatchSource};
pub use seed::{Seed, Stream};
pub use shuffle::shuffle;
