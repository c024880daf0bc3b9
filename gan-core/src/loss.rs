//! Adversarial losses: what each player minimizes, as a function of the critic's scores alone.

mod minimax;
mod non_saturating;

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

pub use minimax::Minimax;
pub use non_saturating::NonSaturating;

use crate::Scores;

/// What the players minimize. Scores in, the batch mean out: shape `[1]`.
///
/// A loss sees scores only, never samples or weights; terms that need those are penalties.
pub trait AdversarialLoss: Send {
    /// What the critic minimizes.
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1>;

    /// What the generator minimizes.
    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1>;
}

/// The registry of losses, by the names that configurations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LossKind {
    /// [`Minimax`].
    Minimax,
    /// [`NonSaturating`].
    NonSaturating,
}

impl LossKind {
    /// Every registered loss.
    pub const ALL: [Self; 2] = [Self::Minimax, Self::NonSaturating];

    /// The loss itself.
    pub fn build(self) -> Box<dyn AdversarialLoss> {
        match self {
            Self::Minimax => Box::new(Minimax),
            Self::NonSaturating => Box::new(NonSaturating),
        }
    }

    /// The name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minimax => "minimax",
            Self::NonSaturating => "non-saturating",
        }
    }
}

#[cfg(test)]
mod tests;
