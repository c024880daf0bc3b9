//! What both players minimize, in plain Burn, on scores `[batch, 1]`.

use burn::tensor::Tensor;
use burn::tensor::activation::{relu, softplus};
use gan_core::loss::LossConfig;

/// The critic's loss.
pub(crate) fn of_critic(loss: LossConfig, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
    match loss {
        LossConfig::Wasserstein(_) => fake.mean() - real.mean(),
        LossConfig::Hinge(_) => relu(-real + 1.0).mean() + relu(fake + 1.0).mean(),
        LossConfig::LeastSquares(_) => half_mean_square(real - 1.0) + half_mean_square(fake),
        LossConfig::RelativisticPaired(_) => softplus(fake - real, 1.0).mean(),
        _ => softplus(-real, 1.0).mean() + softplus(fake, 1.0).mean(),
    }
}

/// The generator's loss; few look at scores of real samples.
pub(crate) fn of_generator(
    loss: LossConfig,
    real: impl FnOnce() -> Tensor<2>,
    fake: Tensor<2>,
) -> Tensor<1> {
    match loss {
        LossConfig::Wasserstein(_) | LossConfig::Hinge(_) => -fake.mean(),
        LossConfig::LeastSquares(_) => half_mean_square(fake - 1.0),
        LossConfig::RelativisticPaired(_) => softplus(real() - fake, 1.0).mean(),
        _ => softplus(-fake, 1.0).mean(),
    }
}

fn half_mean_square(x: Tensor<2>) -> Tensor<1> {
    x.square().mean() * 0.5
}
