//! Every architecture against its description, and in play.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test ends by saying where")]

mod architectures;
mod conditional;
mod fixtures;
mod gradients;
mod images;
mod play;
mod refused;
mod sizes;
mod tangents;
