//! The squared Hellinger row.

use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap};

/// `f(u) = (√u − 1)²`: **twice** the square of [`hellinger`](crate::discrete::hellinger), `2·(1 − BC)`.
///
/// Activation `1 − e^(−v)`, composite `e^v − 1`, threshold 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SquaredHellinger;

impl FDivergence for SquaredHellinger {
    fn name(&self) -> &'static str {
        "squared-hellinger"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        (p.sqrt() - q.sqrt()).powi(2)
    }
    fn derivative(&self, ratio: f64) -> f64 {
        1.0 - 1.0 / ratio.sqrt()
    }
    fn conjugate(&self, t: f64) -> f64 {
        if t < 1.0 { t / (1.0 - t) } else { f64::INFINITY }
    }
    fn domain(&self) -> Domain {
        Domain::Below(1.0)
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::ExponentialMinusOne.of_score(-1.0, -1.0)
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::ExponentialMinusOne.of_score(1.0, 1.0)
    }
}
