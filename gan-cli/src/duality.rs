//! The Jensen–Shannon divergence, estimated by maximizing the discriminator's objective.
//!
//! For scores `s` the discriminator of Goodfellow et al. (2014), arXiv:1406.2661, maximizes
//! `V(s) = E_p[ln σ(s)] + E_q[ln(1 − σ(s))]`. At each point that is `p·ln σ + q·ln(1 − σ)`, which is
//! largest at `σ = p/(p + q)`, that is at `s = ln p − ln q`. Put in, `V = 2·JS(p, q) − ln 4`
//! (theorem 1), so that `JS = ln 2 − L/2` with the smallest logistic loss `L = −V`.
//!
//! Any other `s` has a smaller `V`. Scored on samples that it was not fitted to, a discriminator
//! therefore estimates a lower bound of JS: its expectation, given `s`, is `(V(s) + ln 4)/2 ≤ JS`, and
//! a single estimate can exceed it only by the sampling error, which is written beside it. On the
//! samples that it was fitted to the bias would turn upwards.
//!
//! Two known densities are moved apart and a fresh discriminator is trained at every shift, on
//! samples alone. Beside its estimate stand the exact JS, by quadrature, and the exact W₁, which for
//! two shifted copies of one density is the shift itself: the mean moves so far, and moving every
//! point so far is a transport. JS saturates at `ln 2` once the two no longer overlap, and for modes
//! that meet other modes it even falls again, while W₁ keeps growing: the argument of Arjovsky et al.
//! (2017), arXiv:1701.07875, for the Wasserstein objective.

mod discriminator;
mod family;

pub(crate) use discriminator::{Training, Trial};
pub(crate) use family::Family;

/// One seed's estimate at one shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimated {
    /// Of the discriminator's weights and samples.
    pub(crate) seed: u64,
    /// The lower bound of JS, in nats.
    pub(crate) js: f64,
    /// The standard error that the held-out samples leave.
    pub(crate) standard_error: f64,
}

/// Everything about one family at one shift.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    /// Which densities.
    pub(crate) family: Family,
    /// How far they have been moved apart, which is their W₁.
    pub(crate) shift: f64,
    /// By quadrature, in nats.
    pub(crate) exact_js: f64,
    /// One for each seed, at least one.
    pub(crate) estimates: Vec<Estimated>,
}

impl Comparison {
    /// Over the seeds.
    pub(crate) fn mean(&self) -> f64 {
        self.estimates.iter().map(|one| one.js).sum::<f64>() / self.estimates.len() as f64
    }

    /// The lowest and the highest seed.
    pub(crate) fn range(&self) -> (f64, f64) {
        let all = || self.estimates.iter().map(|one| one.js);
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
    }

    /// The largest distance of a seed's estimate from the exact value.
    pub(crate) fn largest_error(&self) -> f64 {
        let errors = self.estimates.iter().map(|one| (one.js - self.exact_js).abs());
        errors.fold(0.0, f64::max)
    }
}
