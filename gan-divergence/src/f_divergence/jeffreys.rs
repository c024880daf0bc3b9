//! The Jeffreys row, whose conjugate needs Lambert's W.

use crate::discrete::rel_entr;
use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap};

/// `f(u) = (u − 1)·ln u`: exactly [`jeffreys`](crate::discrete::jeffreys), in nats.
///
/// Conjugate `w + 1/w + t − 2` with `w = W(e^(1−t))`, threshold 0. Activation `v + 1 − e^(−v)`, composite
/// `v + e^v − 1`: with the log density ratio for a score, `f′(e^v)` and `f*(f′(e^v))` need no `W`. The
/// published table's activation is `v`, whose composite does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jeffreys;

impl FDivergence for Jeffreys {
    fn name(&self) -> &'static str {
        "jeffreys"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        if p == q { 0.0 } else { rel_entr(p, q) + rel_entr(q, p) }
    }
    fn derivative(&self, ratio: f64) -> f64 {
        1.0 + ratio.ln() - 1.0 / ratio
    }
    fn conjugate(&self, t: f64) -> f64 {
        // `w + ln w = 1 − t`, hence `w + 1/w + t − 2 = 1/w − 1 − ln w`.
        let log_w = log_lambert_w_of_exp(1.0 - t);
        (-log_w).exp_m1() - log_w
    }
    fn domain(&self) -> Domain {
        Domain::Everywhere
    }
    fn activation_map(&self) -> ScoreMap {
        Elementary::ExponentialMinusOne.of_score(-1.0, -1.0).plus_score()
    }
    fn composite_map(&self) -> ScoreMap {
        Elementary::ExponentialMinusOne.of_score(1.0, 1.0).plus_score()
    }
}

/// `ln W(eˣ)`: the root `y` of `e^y + y = x`, by Newton's method on a convex function.
fn log_lambert_w_of_exp(x: f64) -> f64 {
    let mut y = if x > 1.0 { x.ln() } else { x - x.exp() / (1.0 + x.exp()) };
    for _ in 0..50 {
        let step = (y.exp() + y - x) / (y.exp() + 1.0);
        y -= step;
        if step.abs() <= 1e-16 * y.abs().max(1e-300) {
            break;
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newton_solves_its_equation_over_the_whole_range() {
        for x in [-700.0, -30.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 10.0, 700.0] {
            let y = log_lambert_w_of_exp(x);
            assert!((y.exp() + y - x).abs() <= 1e-14 * x.abs().max(1.0), "{x} {y}");
        }
        assert!((log_lambert_w_of_exp(1.0)).abs() < 1e-15);
    }
}
