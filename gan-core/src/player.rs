//! The two players of the game, each with its optimizer.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Tensor;

use crate::{Batch, Latents, OptimizerConfig, Scores};

/// A network that turns noise into samples of rank `D`.
pub trait Generator<const D: usize>: Module {
    /// Coordinates of the noise that [`forward`](Self::forward) expects.
    fn latent_dim(&self) -> usize;

    /// One sample for each latent: `[batch, latent_dim]` noise in, `[batch, ..]` out.
    fn forward(&self, latents: Latents) -> Tensor<D>;

    /// The fake batch of `latents`: the samples, under the labels that were asked for.
    fn generate(&self, latents: Latents) -> Batch<D> {
        let labels = latents.labels.clone();
        Batch {
            samples: self.forward(latents),
            labels,
        }
    }
}

/// A network that scores samples of rank `D`; "discriminator" where scores are read as log-odds.
pub trait Critic<const D: usize>: Module {
    /// One raw score for each sample of the batch.
    fn score(&self, batch: Batch<D>) -> Scores;
}

/// A network in training: the module, its optimizer and its learning rate.
#[derive(Clone)]
pub struct Player<M> {
    /// The network, on the device's autodiff side.
    pub module: M,
    /// The optimizer with its state (momenta), keyed by the module's parameters.
    pub optimizer: ModuleOptimizer,
    /// The learning rate of the next update.
    pub lr: f64,
}

impl<M: Module> Player<M> {
    /// A player whose optimizer has no state yet.
    pub fn new(module: M, optimizer: &OptimizerConfig) -> Self {
        Self {
            module,
            optimizer: optimizer.init(),
            lr: optimizer.lr(),
        }
    }

    /// One step of the optimizer along `gradients`.
    #[must_use]
    pub fn update(mut self, gradients: GradientsParams) -> Self {
        self.module = self.optimizer.step(self.lr, self.module, gradients);
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

/// Both players.
#[derive(Clone)]
pub struct Players<G, C> {
    /// Who makes samples.
    pub generator: Player<G>,
    /// Who tells them from real ones.
    pub critic: Player<C>,
}
