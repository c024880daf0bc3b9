//! The layers of this crate against Burn's own: results, gradients, whole networks.

mod against_burn;
mod differences;
mod optimizer;
mod whole_step;
