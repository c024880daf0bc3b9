//! The layers of this crate against Burn's own: results, gradients, whole networks.

#![allow(clippy::expect_used, reason = "what a test cannot do without ends it")]

mod against_burn;
mod differences;
#[cfg(feature = "tch")]
mod libtorch;
mod optimizer;
mod whole_step;
