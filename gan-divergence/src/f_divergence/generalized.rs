//! The Jensen–Shannon row with unequal weights.

use crate::f_divergence::{Domain, Elementary, FDivergence, ScoreMap, mixture_term};

/// `f(u) = π·u·ln u − (1 − π + π·u)·ln(1 − π + π·u)`: [`weighted_js`](crate::discrete::weighted_js) of two
/// distributions with weights `π` and `1 − π`, in nats.
///
/// Activation `−π·ln π − π·softplus(−v)`, composite `(1 − π)·(ln(1 − π) + softplus(v))`. The published
/// table scales the activation's second term by 1 instead of `π`; with `π` the composite stays a
/// softplus. At `π = ½` it is half of [`JensenShannon`](crate::f_divergence::JensenShannon).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedJensenShannon {
    weight: f64,
}

impl WeightedJensenShannon {
    /// Twice as much weight on the fake samples as on the real ones.
    pub const ONE_THIRD: Self = Self { weight: 1.0 / 3.0 };

    /// A row with weight `π` on the real samples; `None` unless `0 < π < 1`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::f_divergence::WeightedJensenShannon;
    /// assert!(WeightedJensenShannon::new(0.25).is_some());
    /// assert!(WeightedJensenShannon::new(1.0).is_none());
    /// ```
    #[must_use]
    pub fn new(weight: f64) -> Option<Self> {
        (weight > 0.0 && weight < 1.0).then_some(Self { weight })
    }
}

impl FDivergence for WeightedJensenShannon {
    fn name(&self) -> &'static str {
        "weighted-jensen-shannon"
    }
    fn term(&self, p: f64, q: f64) -> f64 {
        mixture_term(self.weight, p, q)
    }
    fn derivative(&self, ratio: f64) -> f64 {
        self.weight * (ratio.ln() - (self.weight * (ratio - 1.0)).ln_1p())
    }
    fn conjugate(&self, t: f64) -> f64 {
        if !self.domain().contains(t) {
            return f64::INFINITY;
        }
        let rest = 1.0 - self.weight;
        rest * (rest.ln() - (-self.weight * (t / self.weight).exp()).ln_1p())
    }
    fn domain(&self) -> Domain {
        Domain::Below(-self.weight * self.weight.ln())
    }
    fn activation_map(&self) -> ScoreMap {
        let constant = -self.weight * self.weight.ln();
        Elementary::Softplus.of_score(-self.weight, -1.0).plus(constant)
    }
    fn composite_map(&self) -> ScoreMap {
        let rest = 1.0 - self.weight;
        Elementary::Softplus.of_score(rest, 1.0).plus(rest * rest.ln())
    }
}
