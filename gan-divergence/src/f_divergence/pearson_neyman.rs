//! The two χ² rows.

use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap};

/// `f(u) = (u − 1)²`: exactly [`pearson_chi_squared`](crate::discrete::pearson_chi_squared), `Σ (p − q)²/q`.
///
/// Activation `v`, composite `v²/4 + v`, threshold 0. The conjugate is that of `f` on the whole line,
/// as in the published table; on `u ≥ 0` it would be −1 below `t = −2`. The bound holds either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PearsonChiSquared;

impl FDivergence for PearsonChiSquared {
    fn name(&self) -> &'static str {
        "pearson"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        if p == q { 0.0 } else { (p - q) * ((p - q) / q) }
    }
    fn derivative(&self, ratio: f64) -> f64 {
        2.0 * (ratio - 1.0)
    }
    fn conjugate(&self, t: f64) -> f64 {
        t * (0.25 * t + 1.0)
    }
    fn domain(&self) -> Domain {
        Domain::Everywhere
    }
    fn activation_map(&self) -> ScoreMap {
        ScoreMap::SCORE
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::Square.of_score(0.25, 1.0).plus_score()
    }
}

/// `f(u) = (1 − u)²/u`: exactly [`neyman_chi_squared`](crate::discrete::neyman_chi_squared), `Σ (p − q)²/p`.
///
/// Activation `1 − e^(−v)`, composite `2 − 2·e^(−v/2)`, threshold 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NeymanChiSquared;

impl FDivergence for NeymanChiSquared {
    fn name(&self) -> &'static str {
        "neyman"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        PearsonChiSquared.term(q, p)
    }
    fn derivative(&self, ratio: f64) -> f64 {
        (1.0 - 1.0 / ratio) * (1.0 + 1.0 / ratio)
    }
    fn conjugate(&self, t: f64) -> f64 {
        if t <= 1.0 { 2.0 - 2.0 * (1.0 - t).sqrt() } else { f64::INFINITY }
    }
    fn domain(&self) -> Domain {
        Domain::UpTo(1.0)
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::ExponentialMinusOne.of_score(-1.0, -1.0)
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::ExponentialMinusOne.of_score(-2.0, -0.5)
    }
}
