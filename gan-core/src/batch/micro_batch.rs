//! Micro-batches: what one backward pass of an update needs. Gradient accumulation takes several.

use std::cell::RefCell;
use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::latent::noise_ahead::{Draws, NoiseAhead};
use crate::latent::{LatentPrior, Latents};
use crate::player::Generator;
use crate::rules::Rules;
use crate::seed::{RngKey, Seed};

/// Which fakes the generator's step is scored on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fakes {
    /// New ones, from latents of their own.
    ///
    /// # Source
    /// Goodfellow et al. (2014), arXiv:1406.2661, algorithm 1.
    #[default]
    Fresh,
    /// Those of the last critic step, which is one forward pass of the generator fewer.
    ///
    /// The generator has not moved since it made them, so its gradient is the one that fresh fakes
    /// from the same latents would give. Running statistics of its batch normalization see them
    /// once. The critic sees them augmented and noised anew. With accumulation, the generator's
    /// graphs of all batches are kept until they have been scored.
    ///
    /// # Source
    /// The Torch code of Radford et al. (2016), arXiv:1511.06434 (`fDx` and `fGx`), and PyTorch's
    /// DCGAN tutorial.
    Shared,
}

/// What a player is given for one backward pass: an update without accumulation has one micro-batch.
#[doc(alias = "Deal")]
#[derive(Clone, Debug)]
pub struct MicroBatch<const D: usize> {
    /// Real samples, `[batch, ..]`, on the autodiff side.
    pub real: Batch<D>,
    /// As many fakes, under the labels of the real samples; in the generator's update on the
    /// generator's autodiff graph. The critic sees them detached.
    pub fake: Batch<D>,
    /// The random numbers of augmentation, instance noise and penalties.
    pub key: RngKey,
}

/// Makes micro-batches: latents and keys are functions of the seed and of the micro-batch's index.
/// Latents are drawn ahead, on a thread.
pub(crate) struct MicroBatches {
    seed: Seed,
    draws: Draws,
    noise: RefCell<NoiseAhead>,
    /// On its autodiff side: batch normalization trains or not by the device of its input.
    device: Device,
}

impl MicroBatches {
    /// Latents have this shape, `[batch, latent_dim]`, and are on `device`'s autodiff side.
    pub(crate) fn new(
        seed: Seed,
        rules: &Rules,
        prior: LatentPrior,
        shape: [usize; 2],
        device: Device,
    ) -> Self {
        let &Rules { critic_steps, accumulation, fakes, .. } = rules;
        let drawn_for = match fakes {
            Fakes::Fresh => critic_steps + 1,
            Fakes::Shared => critic_steps,
        };
        let (stream, updates, own) = (seed.stream("latent"), critic_steps + 1, 0..accumulation);
        let draws = Draws { stream, prior, shape, updates, drawn_for, accumulation, own };
        Self { seed, noise: RefCell::new(NoiseAhead::new(draws.clone())), draws, device }
    }

    /// Those of one rank, which has `own` of the indices of an update.
    pub(crate) fn of_rank(self, own: Range<u64>) -> Self {
        let draws = Draws { own, ..self.draws };
        Self { noise: RefCell::new(NoiseAhead::new(draws.clone())), draws, ..self }
    }

    /// The index of this rank's first micro-batch of an update; updates are counted from the first step on.
    pub(crate) fn first_of(&self, update: u64) -> u64 {
        update * self.draws.accumulation + self.draws.own.start
    }

    /// How many micro-batches of an update are this rank's.
    pub(crate) fn own(&self) -> u64 {
        self.draws.own.end - self.draws.own.start
    }

    /// A micro-batch to be played for each real batch, the first with index `first`.
    pub(crate) fn deal<const D: usize>(
        &self,
        first: u64,
        real: Vec<Batch<D>>,
    ) -> impl ExactSizeIterator<Item = Dealt<D>> {
        real.into_iter().enumerate().map(move |(place, real)| {
            let index = first + place as u64;
            let noise = TensorData::new(self.noise.borrow_mut().draw(index), self.draws.shape);
            let noise = Tensor::from_data(noise, &self.device);
            let latents = Latents { noise, labels: real.labels.clone() };
            Dealt { real, latents, key: RngKey::new(self.seed, index) }
        })
    }

    /// The same real samples and fakes with keys of their own, the first with index `first`.
    pub(crate) fn rekeyed<G, const D: usize>(
        &self,
        first: u64,
        generated: Vec<Generated<G, D>>,
    ) -> impl ExactSizeIterator<Item = Generated<G, D>> {
        generated.into_iter().enumerate().map(move |(place, Generated { by, micro_batch })| {
            let key = RngKey::new(self.seed, first + place as u64);
            Generated { by, micro_batch: MicroBatch { key, ..micro_batch } }
        })
    }
}

/// What a micro-batch is made of. Fakes are generated when it is played, so that only the graphs of
/// micro-batches in use are in memory.
pub(crate) struct Dealt<const D: usize> {
    real: Batch<D>,
    latents: Latents,
    key: RngKey,
}

impl<const D: usize> Dealt<D> {
    /// The micro-batch, with fakes on the graph of this generator.
    pub(crate) fn generated<G: Generator<D>>(self, by: G) -> Generated<G, D> {
        let Self { real, latents, key } = self;
        let fake = by.generate(latents);
        Generated { by, micro_batch: MicroBatch { real, fake, key } }
    }
}

/// A micro-batch with the generator whose graph its fakes are on.
#[derive(Clone)]
pub(crate) struct Generated<G, const D: usize> {
    pub(crate) by: G,
    pub(crate) micro_batch: MicroBatch<D>,
}
