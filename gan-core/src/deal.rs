//! What is dealt for one batch of an update: real samples, fakes, chance.

use std::cell::RefCell;

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::noise_ahead::{Draws, NoiseAhead};
use crate::{Batch, Chance, Generator, LatentPrior, Latents, Rules, Seed};

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

/// What is dealt to a player for one batch of an update.
#[derive(Clone, Debug)]
pub struct Deal<const D: usize> {
    /// Real samples, `[batch, ..]`, on the autodiff side.
    pub real: Batch<D>,
    /// As many fakes, asked for under the labels of the real samples; on the generator's graph if
    /// they are dealt to the generator. The critic looks at them detached.
    pub fake: Batch<D>,
    /// The random numbers of this turn: for augmentation, noise and penalties.
    pub chance: Chance,
}

/// A player's turn within a step, of which there are `critic_steps + 1`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Batches that were dealt since the beginning of the game, this turn's not included.
    pub(crate) first: u64,
}

/// Deals what a turn needs: latents and chance are functions of the seed and of the batch's place
/// in the game, whatever was drawn before. Latents are drawn ahead, by a thread.
pub(crate) struct Dealer {
    pub(crate) seed: Seed,
    /// `[batch, latent_dim]`.
    shape: [usize; 2],
    noise: RefCell<NoiseAhead>,
    /// On its autodiff side: batch normalization trains or not by the device of its input.
    device: Device,
}

impl Dealer {
    /// Deals latents of this shape, `[batch, latent_dim]`, on `device`'s autodiff side.
    pub(crate) fn new(
        seed: Seed,
        rules: &Rules,
        prior: LatentPrior,
        shape: [usize; 2],
        device: Device,
    ) -> Self {
        let &Rules { critic_steps, accumulation, fakes, .. } = rules;
        let turns_with_latents = match fakes {
            Fakes::Fresh => critic_steps + 1,
            Fakes::Shared => critic_steps,
        };
        let noise = NoiseAhead::new(Draws {
            stream: seed.stream("latent"),
            prior,
            shape,
            period: (critic_steps + 1) * accumulation,
            used: turns_with_latents * accumulation,
        });
        Self { seed, shape, noise: RefCell::new(noise), device }
    }

    /// A deal for each real batch; its fakes are made when it is asked for, so that no more of the
    /// generator's graphs are alive than somebody holds.
    pub(crate) fn deal<G: Generator<D>, const D: usize>(
        &self,
        generator: G,
        turn: Turn,
        real: Vec<Batch<D>>,
    ) -> impl ExactSizeIterator<Item = Deal<D>> {
        real.into_iter().enumerate().map(move |(place, real)| {
            let index = turn.first + place as u64;
            let noise = TensorData::new(self.noise.borrow_mut().draw(index), self.shape);
            let noise = Tensor::from_data(noise, &self.device);
            let latents = Latents { noise, labels: real.labels.clone() };
            Deal { real, fake: generator.generate(latents), chance: Chance::new(self.seed, index) }
        })
    }

    /// The same real samples and the same fakes with the chance of another turn.
    pub(crate) fn deal_again<const D: usize>(
        &self,
        turn: Turn,
        deals: Vec<Deal<D>>,
    ) -> impl ExactSizeIterator<Item = Deal<D>> {
        deals.into_iter().enumerate().map(move |(place, deal)| {
            let chance = Chance::new(self.seed, turn.first + place as u64);
            Deal { chance, ..deal }
        })
    }
}
