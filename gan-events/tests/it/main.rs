//! The crate as a program sees it, and TensorBoard's own package as it sees what the crate writes.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod as_python;
mod conversion;
mod live;
#[cfg(feature = "parquet")]
mod parquet;
mod run_folder;
mod tensorboard;
