//! The logistic loss with the generator objective that everybody uses.

use burn::tensor::Tensor;
use burn::tensor::activation::softplus;

use crate::{AdversarialLoss, Scores};

/// Logistic loss with the non-saturating generator objective, in nats.
///
/// Critic: `E[softplus(−s_real)] + E[softplus(s_fake)]`, the binary cross entropy of "real is 1,
/// fake is 0"; `2·ln 2` when it cannot tell them apart.
/// Generator: `E[softplus(−s_fake)]`, which is `−E[ln D(G(z))]`; unlike [`Minimax`](crate::Minimax)
/// it keeps its gradient while the critic is winning.
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Numerics
/// Written on scores with `softplus`, never as the logarithm of a sigmoid: finite for any finite score.
///
/// # Source
/// Goodfellow et al. (2014), arXiv:1406.2661, §3.
#[derive(Clone, Copy, Debug, Default)]
pub struct NonSaturating;

impl AdversarialLoss for NonSaturating {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        softplus(-real.raw(), 1.0).mean() + softplus(fake.raw(), 1.0).mean()
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        softplus(-fake.raw(), 1.0).mean()
    }
}
