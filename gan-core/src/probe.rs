//! Probes: measurements of the game between two steps, user-defined ones among them.

use std::cell::OnceCell;

use burn::tensor::Device;

use crate::batch::Batch;
use crate::event::Stepped;
use crate::latent::{LatentPrior, Latents};
use crate::measurement::{Measurement, Quantity};
use crate::player::{Generator, Players};
use crate::progress::Progress;
use crate::sampler::Sampler;
use crate::seed::Seed;

/// Why a probe could not measure. It ends the training, after a checkpoint.
pub type ProbeError = Box<dyn std::error::Error + Send + Sync>;

/// Measures a game between two of its steps.
///
/// A measurement is a function of the snapshot and of streams of the run's seed, so that a checkpoint
/// needs no state for it and measuring changes nothing of the training. What it measures appears
/// wherever numbers of the run appear: observers are given it as [`Event::Measured`](crate::event::Event).
pub trait Probe<G, C, const D: usize> {
    /// The name, for messages.
    fn name(&self) -> &str;

    /// Everything that it may measure. No two probes of a session may share a name.
    fn quantities(&self) -> Vec<Quantity>;

    /// Whether every rank of the game has such a probe, at the same cadence, and they measure together. Others
    /// are of one rank, which measures alone.
    fn is_shared(&self) -> bool {
        false
    }

    /// Measure the game as it stands. Each quantity is measured once at most.
    ///
    /// # Errors
    /// Whatever keeps the probe from measuring.
    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError>;
}

/// A game between two steps.
pub struct Snapshot<'a, G, C, const D: usize> {
    /// The step that was made last, with both players and the unread tensors that it left behind.
    pub stepped: &'a Stepped<'a, G, C>,
    pub(crate) prior: LatentPrior,
    pub(crate) seed: Seed,
    pub(crate) device: &'a Device,
    pub(crate) for_sampling: OnceCell<G>,
}

impl<'a, G: Generator<D>, C, const D: usize> Snapshot<'a, G, C, D> {
    /// How far the game has come.
    pub fn progress(&self) -> Progress {
        self.stepped.progress
    }

    /// Both players.
    pub fn players(&self) -> &'a Players<G, C> {
        self.stepped.players
    }

    /// Where the game is played; samples are on its side without autodiff.
    pub fn device(&self) -> Device {
        self.device.clone().inner()
    }

    /// The seed of the run, for streams of the probe's own.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// A latent for each sample of `real`, under its labels, from the seed's stream called `stream`: the
    /// same at every step, on the autodiff side of the device.
    pub fn latents(&self, real: &Batch<D>, stream: &str) -> Latents {
        let shape = [real.len(), self.players().generator.module.latent_dim()];
        let noise = self.prior.draw(shape, &mut self.seed.stream(stream).draw(0), self.device);
        Latents { noise, labels: real.labels.clone() }
    }

    /// Samples of the generator, of its EMA where the rules keep one, from latents of the seed's
    /// stream called `stream`: the same latents at every step.
    pub fn sampler(&self, stream: &str) -> Sampler<G> {
        let generator = self.for_sampling.get_or_init(|| self.players().for_sampling()).clone();
        Sampler::new(generator, self.prior, self.seed.stream(stream), &self.device())
    }

    /// The same of the weights of the step itself.
    pub fn live_sampler(&self, stream: &str) -> Sampler<G> {
        let generator = self.players().generator.for_inference();
        Sampler::new(generator, self.prior, self.seed.stream(stream), &self.device())
    }
}
