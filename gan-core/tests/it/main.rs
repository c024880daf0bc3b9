//! The game played on data small enough to know the answer.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test ends by saying where")]

mod checkpoints;
mod game;
mod learning;
mod probes;
mod ranks;
mod training_features;
