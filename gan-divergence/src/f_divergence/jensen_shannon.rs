//! The two Jensen–Shannon rows.

use std::f64::consts::LN_2;

use crate::discrete::rel_entr;
use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap, mixture_term, softplus};

/// `f(u) = u·ln u − (u + 1)·ln((1 + u)/2)`: **twice** [`js_divergence`](crate::discrete::js_divergence), in nats.
///
/// Activation `ln 2 − softplus(−v)`, composite `softplus(v) − ln 2`, threshold 0. In `[0, 2·ln 2]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JensenShannon;

impl FDivergence for JensenShannon {
    fn name(&self) -> &'static str {
        "jensen-shannon"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        mixture_term(0.5, p, q) * 2.0
    }
    fn derivative(&self, ratio: f64) -> f64 {
        LN_2 - softplus(-ratio.ln())
    }
    fn conjugate(&self, t: f64) -> f64 {
        if t < LN_2 { -(-t.exp_m1()).ln_1p() } else { f64::INFINITY }
    }
    fn domain(&self) -> Domain {
        Domain::Below(LN_2)
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::Softplus.of_score(-1.0, -1.0).plus(LN_2)
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::Softplus.of_score(1.0, 1.0).plus(-LN_2)
    }
}

/// `f(u) = u·ln u − (u + 1)·ln(u + 1)`: **`2·JS − ln 4`**, in nats, the value of the original game.
///
/// Activation `−softplus(−v)`, the log of a discriminator's probability, composite `softplus(v)`,
/// threshold `−ln 2`. The only row with `f(1) ≠ 0`: equal distributions give `−ln 4 = −1.386…`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gan;

impl FDivergence for Gan {
    fn name(&self) -> &'static str {
        "gan"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        rel_entr(p, p + q) + rel_entr(q, p + q)
    }
    fn derivative(&self, ratio: f64) -> f64 {
        -softplus(-ratio.ln())
    }
    fn conjugate(&self, t: f64) -> f64 {
        if t < 0.0 { -(-t.exp_m1()).ln() } else { f64::INFINITY }
    }
    fn domain(&self) -> Domain {
        Domain::Below(0.0)
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::Softplus.of_score(-1.0, -1.0)
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::Softplus.of_score(1.0, 1.0)
    }
}
