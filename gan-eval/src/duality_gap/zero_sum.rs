//! The zero-sum game of a critic's loss.

use burn::tensor::Tensor;
use gan_core::loss::{AdversarialLoss, Scores};
use gan_core::rules::LipschitzBound;

/// A loss whose generator minimizes what the critic maximizes, `M = −(the critic's loss)`, whatever it minimizes in
/// training.
pub(super) struct ZeroSum(pub(super) Box<dyn AdversarialLoss>);

impl AdversarialLoss for ZeroSum {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        self.0.critic(real, fake)
    }

    fn generator(&self, real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        -self.0.critic(&real(), fake)
    }

    fn lipschitz_bound(&self) -> LipschitzBound {
        self.0.lipschitz_bound()
    }
}
