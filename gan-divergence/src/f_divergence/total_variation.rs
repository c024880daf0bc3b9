//! The total variation row.

use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap};

/// `f(u) = ½·|u − 1|`: exactly [`total_variation`](crate::discrete::total_variation).
///
/// Activation `½·tanh v`, and the conjugate is the identity on `[−½, ½]`. `f′(1)` may be any number in
/// that interval; the threshold is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TotalVariation;

impl FDivergence for TotalVariation {
    fn name(&self) -> &'static str {
        "total-variation"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        0.5 * (p - q).abs()
    }
    fn derivative(&self, ratio: f64) -> f64 {
        if ratio == 1.0 { 0.0 } else { 0.5 * (ratio - 1.0).signum() }
    }
    fn conjugate(&self, t: f64) -> f64 {
        if self.domain().contains(t) { t } else { f64::INFINITY }
    }
    fn domain(&self) -> Domain {
        Domain::Between(-0.5, 0.5)
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::HyperbolicTangent.of_score(0.5, 1.0)
    }
    fn composite_map(&self) -> ScoreMap {
        self.activation_map()
    }
}
