//! How steep the critic is, and what of it reaches the samples.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `critic/input_gradient_norm` | mean of `‖∇ₓ D(x)‖` at points halfway between real samples and fakes | a Wasserstein critic with a gradient penalty has about 1 (Gulrajani et al. (2017), arXiv:1704.00028); at 0 it teaches nothing |
//! | `generator/sample_gradient_norm` | mean over fakes of `n·‖∂L_G/∂xⱼ‖` in a batch of `n` | what the generator is told about each of its samples; at 0 it learns nothing, whatever its own layers do |
//!
//! Both players behave as in training. Where batch normalization couples the samples, a row of the
//! first is the gradient of all scores by its sample.

use burn::tensor::Tensor;
use gan_core::batch::{Batch, MicroBatch};
use gan_core::critic_preprocessing::Side;
use gan_core::loss::Objective;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::rules::Rules;

use super::copies;

/// How steep the critic is between real samples and fakes.
pub const INPUT_GRADIENT_NORM: Quantity = Quantity::new("critic/input_gradient_norm", "norm");
/// What the critic tells the generator about a sample.
pub const SAMPLE_GRADIENT_NORM: Quantity = Quantity::new("generator/sample_gradient_norm", "norm");

/// Measures gradients by samples.
///
/// # Cost
/// One forward pass of the generator, and a forward and a backward pass of the critic over two
/// batches.
pub struct SlopeProbe<C, const D: usize> {
    rules: Rules,
    objective: Objective<C, D>,
    real: Batch<D>,
}

impl<C: Critic<D>, const D: usize> SlopeProbe<C, D> {
    /// Gradients in a game by `rules`, on one batch of `real` samples.
    pub fn new(rules: Rules, real: Batch<D>) -> Self {
        let objective = Objective::of(&rules);
        Self { rules, objective, real }
    }
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> Probe<G, C, D> for SlopeProbe<C, D> {
    fn name(&self) -> &str {
        "slopes"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![INPUT_GRADIENT_NORM, SAMPLE_GRADIENT_NORM]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let (players, at) = (game.players(), game.progress());
        let generator = copies::frozen(&players.generator.module);
        let critic = copies::frozen(&players.critic.module);
        let MicroBatch { real, fake, key } =
            copies::micro_batch(game, &generator, &self.real, "slopes");
        let seen = |batch, side| self.rules.preprocessing.apply(batch, side, at, &key);
        let (real, fake) = (seen(real, Side::Real), seen(fake.detach(), Side::Fake));

        let samples = (real.samples.clone() + fake.samples.clone()).div_scalar(2.0);
        let between = leaf(Batch { samples, labels: real.labels.clone() });
        let slope = norms(&between, critic.score(between.clone()).raw().sum());

        let (fake, n) = (leaf(fake.clone()), fake.len());
        let scores = critic.score(fake.clone());
        let loss = self.objective.loss.generator(&|| critic.score(real.clone()), &scores);
        let told = n as f64 * norms(&fake, loss);
        Ok(vec![INPUT_GRADIENT_NORM.measured(slope), SAMPLE_GRADIENT_NORM.measured(told)])
    }
}

/// The same samples as the leaves of a graph.
fn leaf<const D: usize>(batch: Batch<D>) -> Batch<D> {
    Batch { samples: batch.samples.inner().autodiff().require_grad(), ..batch }
}

/// The mean over samples of the norm of `of`'s gradient.
fn norms<const D: usize>(leaves: &Batch<D>, of: Tensor<1>) -> f64 {
    let gradients = of.backward();
    // A critic that does not look at its samples has no gradient by them.
    let Some(gradient) = leaves.samples.grad(&gradients) else { return 0.0 };
    let (n, entries) = (leaves.len(), gradient.shape().num_elements() / leaves.len().max(1));
    let rows = gradient.reshape([n, entries]);
    rows.square().sum_dim(1).sqrt().mean().into_scalar::<f64>()
}
