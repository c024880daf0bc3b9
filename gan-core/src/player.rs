//! The two players of the game, each with its optimizer.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Int, Tensor};

use crate::batch::Batch;
use crate::ema::Ema;
use crate::forward_mode::{Dual, Jvp, Mode, Primal};
use crate::latent::Latents;
use crate::layers::Layers;
use crate::loss::Scores;
use crate::optimizer::OptimizerConfig;

/// A network that turns noise into samples of rank `D`.
pub trait Generator<const D: usize>: Module {
    /// Coordinates of the noise that [`forward`](Self::forward) expects.
    fn latent_dim(&self) -> usize;

    /// Classes that a label may ask it for, numbered from 0; 0 if it takes no labels.
    fn classes(&self) -> usize {
        0
    }

    /// One sample for each latent: `[batch, latent_dim]` noise in, `[batch, ..]` out.
    fn forward(&self, latents: Latents) -> Tensor<D>;

    /// The fake batch of `latents`: the samples, under the labels that were asked for.
    fn generate(&self, latents: Latents) -> Batch<D> {
        let labels = latents.labels.clone();
        Batch { samples: self.forward(latents), labels }
    }
}

/// A network that scores samples of rank `D`; "discriminator" where scores are read as log-odds.
///
/// Write a [`ForwardPass`] instead where you can: it makes the network a critic *and* gives it the
/// derivative that gradient penalties need.
#[doc(alias = "Discriminator")]
pub trait Critic<const D: usize>: Module {
    /// One raw score for each sample of the batch.
    fn score(&self, batch: Batch<D>) -> Scores;

    /// Whether a sample's score depends on the other samples of its batch.
    ///
    /// If it does not, real and fake samples are scored in one pass. By default it does where there
    /// is a layer `BatchNorm`; a critic that couples samples in a way of its own, such as minibatch
    /// discrimination, has to state so.
    fn couples_samples(&self) -> bool {
        has_batch_norm(self)
    }

    /// This critic's derivative along a direction, if it offers one.
    fn differentiable(&self) -> Option<&dyn Differentiable<D>> {
        None
    }
}

/// A critic that knows its derivative along a direction as an expression of its weights, which is
/// what gradient penalties are made of ([`ForwardPass`] gives it for free).
pub trait Differentiable<const D: usize> {
    /// `d/dt score(x + t·v)` at `t = 0` for every sample `x` of the batch and its row `v` of
    /// `direction`: `[batch, 1]`, differentiable by the weights.
    ///
    /// Where layers couple the samples (batch normalization), row `j` is the derivative of score
    /// `j` along *all* of `direction`.
    fn jvp(&self, batch: Batch<D>, direction: Tensor<D>) -> Tensor<2>;
}

/// The forward pass of a critic of rank-`D` samples, written once for every [`Mode`].
///
/// # Example
/// ```
/// use burn::module::Module;
/// use burn::nn::Linear;
/// use burn::tensor::{Int, Tensor};
/// use gan_core::forward_mode::Mode;
/// use gan_core::player::ForwardPass;
///
/// #[derive(Module, Debug)]
/// struct Judge {
///     hidden: Linear,
///     score: Linear,
/// }
///
/// // This makes `Judge` a critic, and one that gradient penalties can be put on.
/// impl ForwardPass<2> for Judge {
///     fn forward<M: Mode>(
///         &self,
///         mode: &M,
///         samples: M::T<2>,
///         _labels: Option<Tensor<1, Int>>,
///     ) -> M::T<2> {
///         let hidden = mode.leaky_relu(mode.linear(&self.hidden, samples), 0.2);
///         mode.linear(&self.score, hidden)
///     }
/// }
/// ```
pub trait ForwardPass<const D: usize>: Module {
    /// One raw score a sample, `[batch, 1]`; `labels` as in [`Batch`].
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<D>,
        labels: Option<Tensor<1, Int>>,
    ) -> M::T<2>;

    /// Whether a sample's score depends on the others: [`Critic::couples_samples`].
    fn couples_samples(&self) -> bool {
        has_batch_norm(self)
    }
}

/// Whether a network has a layer `BatchNorm`.
pub fn has_batch_norm<M: Module>(module: &M) -> bool {
    Layers::of(module).contain("BatchNorm")
}

impl<C: ForwardPass<D>, const D: usize> Critic<D> for C {
    fn score(&self, batch: Batch<D>) -> Scores {
        Scores::new(self.forward(&Primal, batch.samples, batch.labels))
    }

    fn couples_samples(&self) -> bool {
        ForwardPass::couples_samples(self)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable<D>> {
        Some(self)
    }
}

impl<C: ForwardPass<D>, const D: usize> Differentiable<D> for C {
    fn jvp(&self, batch: Batch<D>, direction: Tensor<D>) -> Tensor<2> {
        let samples = Dual::new(batch.samples, direction);
        self.forward(&Jvp, samples, batch.labels).derivative()
    }
}

/// A network in training: the module, its optimizer and its learning rate.
#[derive(Clone)]
pub struct Player<M> {
    /// The network, on the device's autodiff side.
    pub module: M,
    /// The optimizer with its state (momenta), keyed by the module's parameters.
    pub optimizer: ModuleOptimizer,
    /// The learning rate, before the schedule of the rules.
    pub lr: f64,
}

impl<M: Module> Player<M> {
    /// A player whose optimizer has no state yet.
    ///
    /// Weights that their layers have not drawn yet are drawn now: in Burn, freezing a copy of a
    /// module with such weights would freeze the original too, without a word.
    pub fn new(module: M, optimizer: &OptimizerConfig) -> Self {
        module.visit(&mut DrawWeights);
        Self { module, optimizer: optimizer.init(), lr: optimizer.lr() }
    }

    /// One step of the optimizer along `gradients`, at `factor` times the learning rate.
    #[must_use]
    pub fn update(mut self, gradients: GradientsParams, factor: f64) -> Self {
        self.module = self.optimizer.step(self.lr * factor, self.module, gradients);
        self
    }

    /// The network as a constant: its weights get no gradients, its layers still behave as in
    /// training (batch statistics are used and the running ones move on).
    pub fn frozen(&self) -> M {
        self.module.clone().no_grad()
    }

    /// An independent copy for inference: off the autodiff side, with running statistics.
    pub fn for_inference(&self) -> M {
        self.module.valid()
    }
}

struct DrawWeights;

impl ModuleVisitor for DrawWeights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let _ = param.base();
    }
}

/// Both players, and the EMA of one of them.
#[derive(Clone)]
pub struct Players<G, C> {
    /// The generator, which makes samples.
    pub generator: Player<G>,
    /// The critic, which distinguishes them from real ones.
    pub critic: Player<C>,
    /// The EMA of the generator's weights, if the rules keep one.
    pub ema: Option<Ema<G>>,
}

impl<G: Module, C> Players<G, C> {
    /// Two players without an EMA: the learner begins one if the rules ask for it.
    pub fn new(generator: Player<G>, critic: Player<C>) -> Self {
        Self { generator, critic, ema: None }
    }

    /// The network that samples are drawn from: the EMA where there is one, or else an
    /// independent copy of the generator for inference.
    pub fn for_sampling(&self) -> G {
        match &self.ema {
            Some(ema) => ema.module.clone(),
            None => self.generator.for_inference(),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    use super::*;

    /// Without the drawing in [`Player::new`] the original would have no gradient here.
    #[test]
    fn a_frozen_copy_of_a_module_never_used_leaves_the_original_in_training() {
        let device = Device::flex().autodiff();
        let layer = LinearConfig::new(2, 1).init(&device);
        let player = Player::new(layer, &OptimizerConfig::adam(1e-3, 0.5, 0.9));
        let input = Tensor::<2>::ones([1, 2], &device);
        let gradients = |layer: &Linear| {
            let output = layer.forward(input.clone().require_grad()).sum();
            GradientsParams::from_grads(output.backward(), layer).len()
        };
        assert_eq!(gradients(&player.frozen()), 0);
        assert_eq!(gradients(&player.module), 2);
    }
}
