//! What a sampler of equally frequent modes scores at a finite number of samples.

use super::MODES;

/// Expected scores of a sampler of 1000 equally frequent modes.
///
/// With `X` binomial of `n` trials and probability `p = 1/1000`, the expected modes are
/// `1000·(1 − (1 − p)ⁿ)` and the expected divergence is `1000·E[(X/n)·ln(1000·X/n)]` nats, for which
/// `999/(2·n)` is the limit: 0.0192 at 26,000 samples, where the expectation is 0.0193.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerfectModes {
    /// Expected number of modes found.
    pub modes: f64,
    /// Expected `KL(p̂ ‖ uniform)`, in nats.
    pub kl: f64,
}

/// Terms of the expectation are left out below this share of the largest.
const NEGLIGIBLE: f64 = 1e-20;

impl PerfectModes {
    /// The expectations for `samples` samples; both are 0 without any.
    pub fn of(samples: usize) -> Self {
        if samples == 0 {
            return Self { modes: 0.0, kl: 0.0 };
        }
        let (modes, n) = (MODES as f64, samples as f64);
        let missing = (n * (-1.0 / modes).ln_1p()).exp();
        let term = |seen: f64| if seen > 0.0 { seen / n * (modes * seen / n).ln() } else { 0.0 };
        Self { modes: modes * (1.0 - missing), kl: modes * binomial_mean(samples, term) }
    }
}

/// The mean of `value` over the number of samples in one mode.
///
/// Probabilities are relative to that of the most likely number, from which they are followed both
/// ways, so that none underflows where it matters.
fn binomial_mean(samples: usize, value: impl Fn(f64) -> f64) -> f64 {
    let (n, p) = (samples as f64, 1.0 / MODES as f64);
    let odds = p / (1.0 - p);
    let likeliest = ((n + 1.0) * p).floor();
    let up = |&(x, weight): &(f64, f64)| Some((x + 1.0, weight * odds * (n - x) / (x + 1.0)));
    let down = |&(x, weight): &(f64, f64)| Some((x - 1.0, weight * x / (odds * (n - x + 1.0))));
    let above = std::iter::successors(Some((likeliest, 1.0)), up);
    let below = std::iter::successors(down(&(likeliest, 1.0)), down);
    let counts = |&(_, weight): &(f64, f64)| weight > NEGLIGIBLE;
    let (mut total, mut mean) = (0.0, 0.0);
    for (x, weight) in above.take_while(counts).chain(below.take_while(counts)) {
        total += weight;
        mean += weight * value(x);
    }
    mean / total
}
