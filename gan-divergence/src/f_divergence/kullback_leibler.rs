//! The two Kullback–Leibler rows.

use crate::discrete::rel_entr;
use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap};

/// `f(u) = u·ln u`: exactly [`kl`](crate::discrete::kl), in nats.
///
/// Activation `v`, conjugate `e^(t−1)`, threshold 1. The composite `e^(v−1)` overflows above
/// scores of 709.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KullbackLeibler;

impl FDivergence for KullbackLeibler {
    fn name(&self) -> &'static str {
        "kl"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        rel_entr(p, q)
    }
    fn derivative(&self, ratio: f64) -> f64 {
        1.0 + ratio.ln()
    }
    fn conjugate(&self, t: f64) -> f64 {
        (t - 1.0).exp()
    }
    fn domain(&self) -> Domain {
        Domain::Everywhere
    }
    fn activation_map(&self) -> ScoreMap {
        ScoreMap::SCORE
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::Exponential.of_score((-1f64).exp(), 1.0)
    }
}

/// `f(u) = −ln u`: exactly [`reverse_kl`](crate::discrete::reverse_kl), in nats.
///
/// Activation `−e^(−v)`, conjugate `−1 − ln(−t)`, composite `v − 1`, threshold −1. Some published tables
/// print the activation as `−e^v`, which decreases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReverseKullbackLeibler;

impl FDivergence for ReverseKullbackLeibler {
    fn name(&self) -> &'static str {
        "reverse-kl"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        rel_entr(q, p)
    }
    fn derivative(&self, ratio: f64) -> f64 {
        -1.0 / ratio
    }
    fn conjugate(&self, t: f64) -> f64 {
        if t < 0.0 { -1.0 - (-t).ln() } else { f64::INFINITY }
    }
    fn domain(&self) -> Domain {
        Domain::Below(0.0)
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::Exponential.of_score(-1.0, -1.0)
    }
    fn composite_map(&self) -> ScoreMap {
        ScoreMap::SCORE.plus(-1.0)
    }
}
