//! Adversarial losses: what each player minimizes, as a function of the critic's scores alone.
//!
//! `r` and `f` are scores of real and fake samples, `σ⁺` is softplus, means are over the batch.
//!
//! | Loss | Critic minimizes | Generator minimizes | All scores 0 |
//! |---|---|---|---|
//! | [`Minimax`] | `E σ⁺(−r) + E σ⁺(f)` | `−E σ⁺(f)` | 2·ln 2, −ln 2 |
//! | [`NonSaturating`] | `E σ⁺(−r) + E σ⁺(f)` | `E σ⁺(−f)` | 2·ln 2, ln 2 |
//! | [`LeastSquares`] | `½ E (r − 1)² + ½ E f²` | `½ E (f − 1)²` | ½, ½ |
//! | [`Wasserstein`] | `E f − E r` | `−E f` | 0, 0 |
//! | [`Hinge`] | `E max(0, 1 − r) + E max(0, 1 + f)` | `−E f` | 2, 0 |
//! | [`RelativisticPaired`] | `E σ⁺(f − r)` | `E σ⁺(r − f)` | ln 2, ln 2 |
//! | [`RelativisticAverage`] | `E σ⁺(E f − r) + E σ⁺(f − E r)` | `E σ⁺(E r − f) + E σ⁺(r − E f)` | 2·ln 2, 2·ln 2 |
//! | [`FGan`] | `−E g(r) + E f*(g(f))` | `−E g(f)`, or `−E f*(g(f))` | by row |

mod config;
mod f_gan;
mod hinge;
mod least_squares;
mod minimax;
mod non_saturating;
mod objective;
mod relativistic_average;
mod relativistic_paired;
mod scores;
mod wasserstein;

use burn::tensor::Tensor;

pub use config::LossConfig;
pub use f_gan::{FGan, FGanConfig, FGanDivergence, FGanGenerator};
pub use hinge::Hinge;
pub use least_squares::LeastSquares;
pub use minimax::Minimax;
pub use non_saturating::NonSaturating;
pub use objective::Objective;
pub use relativistic_average::RelativisticAverage;
pub use relativistic_paired::RelativisticPaired;
pub use scores::{Probabilities, Scores};
pub use wasserstein::Wasserstein;

use crate::rules::LipschitzBound;

/// What the players minimize. Scores in, the batch mean out: shape `[1]`.
///
/// A loss sees scores only, never samples or weights; terms that need those are penalties.
pub trait AdversarialLoss: Send + Sync {
    /// What the critic minimizes.
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1>;

    /// What the generator minimizes.
    ///
    /// `real` scores the real batch when it is called: only relativistic losses ask for it, the others
    /// do not pay for it.
    fn generator(&self, real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1>;

    /// Whether the loss means anything without a bound on the critic's input gradient.
    fn lipschitz_bound(&self) -> LipschitzBound {
        LipschitzBound::Optional
    }
}

#[cfg(test)]
mod tests;
