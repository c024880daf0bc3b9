//! Standard errors of what is counted over modes.

use super::MODES;

/// Standard errors of numbers of modes and of their divergence, from the samples of each mode.
///
/// Of the divergence by the delete-one jackknife, `√((n − 1)/n · Σᵢ (θ₋ᵢ − θ̄)²)` where `θ₋ᵢ` is its value without
/// sample `i` and `θ̄` the mean of these. Samples of one mode all have the same `θ₋ᵢ`, so that this is exact at the cost
/// of one pass over the modes, and does not depend on the order of the samples. It is too large by a factor of √2 where
/// all modes are equally frequent: the divergence is then near its minimum, and of second order.
///
/// Of a number of modes the root of the smaller one of two variances, both of which are too large rather than too small:
/// the jackknife's, `f₁(1 − f₁/n)` with `f₁` modes of a single sample, which is 0 for a generator that has collapsed;
/// and `f₀(1 − f₀/1000) − f₁²/n` with `f₀` modes of none, which is right for equally frequent modes.
///
/// # Source
/// Efron and Stein (1981), doi:10.1214/aos/1176345462, for the jackknife; the other is the variance of a number of
/// occupied cells, `Σ qᵢ(1 − qᵢ) − n(Σ pᵢqᵢ)²` to first order, with `qᵢ = (1 − pᵢ)ⁿ` and `Σ qᵢ² ≥ (Σ qᵢ)²/1000`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModeErrors {
    /// Of [`modes`](super::StackedModes::modes).
    pub modes: f64,
    /// Of [`confident_modes`](super::StackedModes::confident_modes).
    pub confident_modes: f64,
    /// Of [`kl`](super::StackedModes::kl), in nats.
    pub kl: f64,
}

impl ModeErrors {
    /// From the samples of each mode, and how many of them the classifier is sure of; none of fewer than two.
    pub(super) fn of(counts: &[u64], sure: &[u64]) -> Option<Self> {
        let n: u64 = counts.iter().sum();
        (n >= 2).then(|| Self {
            modes: of_found(counts, n),
            confident_modes: of_found(sure, n),
            kl: of_divergence(counts, n),
        })
    }
}

/// Of the number of modes that have one of `n` samples.
fn of_found(counts: &[u64], n: u64) -> f64 {
    let n = n as f64;
    let with = |samples: u64| counts.iter().filter(|&&count| count == samples).count() as f64;
    let (missing, single) = (with(0), with(1));
    let jackknife = single * (1.0 - single / n);
    let occupied = missing * (1.0 - missing / MODES as f64) - single * single / n;
    jackknife.min(occupied).max(0.0).sqrt()
}

/// Of `KL = ln 1000 + Σ c·ln c / n − ln n`; what is constant in it does not matter.
fn of_divergence(counts: &[u64], n: u64) -> f64 {
    let term = |count: u64| if count > 1 { count as f64 * (count as f64).ln() } else { 0.0 };
    let sum: f64 = counts.iter().map(|&count| term(count)).sum();
    let n = n as f64;
    let without = |count: u64| (sum - term(count) + term(count - 1)) / (n - 1.0);
    let filled = || counts.iter().filter(|&&count| count > 0);
    let mean = filled().map(|&count| count as f64 * without(count)).sum::<f64>() / n;
    let squares = filled().map(|&count| count as f64 * (without(count) - mean).powi(2));
    (squares.sum::<f64>() * (n - 1.0) / n).sqrt()
}
