//! What batch normalization makes of the same sample in other company.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `generator/train_eval_gap` | root mean square difference between samples of the same latents with the statistics of their batch and with running ones, over the spread of the former | near 0, what is shown is what was trained; a quarter and more, it is not |
//! | `critic/batch_coupling` | root mean square change of the scores of the same real samples when the other half of their batch becomes fakes, over the standard deviation of their scores | from 1 up, a score says more of the batch than of the sample |
//!
//! The spread is the root mean square deviation of a value over samples. Each is measured where the
//! player has a layer `BatchNorm`.

use burn::tensor::Tensor;
use gan_core::batch::{Batch, MicroBatch};
use gan_core::critic_preprocessing::{CriticPreprocessing, Side};
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator, has_batch_norm};
use gan_core::probe::{Probe, ProbeError, Snapshot};

use super::copies;

/// How far the generator in use is from the one that is trained.
pub const TRAIN_EVAL_GAP: Quantity = Quantity::new("generator/train_eval_gap", "of the spread");
/// How far the critic's scores depend on the rest of the batch.
pub const BATCH_COUPLING: Quantity = Quantity::new("critic/batch_coupling", "of the deviation");

/// Measures what depends on the statistics of a batch.
///
/// # Cost
/// Two forward passes of the generator and two of the critic over a batch, where they have batch
/// normalization; nothing elsewhere. The critic's batch has to hold four samples, or packs of them.
#[derive(Clone, Debug)]
pub struct BatchStatisticsProbe<const D: usize> {
    preprocessing: CriticPreprocessing,
    real: Batch<D>,
}

impl<const D: usize> BatchStatisticsProbe<D> {
    /// Batches as large as that of these `real` samples.
    pub fn new(preprocessing: CriticPreprocessing, real: Batch<D>) -> Self {
        Self { preprocessing, real }
    }

    fn train_eval_gap<G: Generator<D>, C>(&self, game: &Snapshot<'_, G, C, D>) -> Option<f64> {
        let generator = &game.players().generator.module;
        let latents = game.latents(&self.real.clone().tracked(), "batch statistics");
        let mut plain = latents.clone();
        plain.noise = plain.noise.inner();
        plain.labels = plain.labels.map(Tensor::inner);
        let by_batch = rows(copies::frozen(generator).forward(latents).inner());
        let by_running = rows(generator.valid().forward(plain));
        let spread = root_mean_square(by_batch.clone() - by_batch.clone().mean_dim(0));
        (spread > 0.0).then(|| root_mean_square(by_batch - by_running) / spread)
    }

    fn batch_coupling<G: Generator<D>, C: Critic<D>>(
        &self,
        game: &Snapshot<'_, G, C, D>,
    ) -> Option<f64> {
        let critic = copies::frozen(&game.players().critic.module);
        let generator = copies::frozen(&game.players().generator.module);
        let MicroBatch { real, fake, key } =
            copies::micro_batch(game, &generator, &self.real, "batch statistics");
        let half = real.len() / 2;
        let among_fakes = Batch {
            samples: Tensor::cat(
                vec![
                    real.samples.clone().narrow(0, 0, half),
                    fake.samples.narrow(0, 0, real.len() - half),
                ],
                0,
            ),
            labels: real.labels.clone(),
        };
        // The same random numbers for both: what differs is the company.
        let seen = |batch| self.preprocessing.apply(batch, Side::Real, game.progress(), &key);
        let scores = |batch| {
            let scores = critic.score(seen(batch)).raw();
            let kept = scores.dims()[0] / 2;
            scores.narrow(0, 0, kept).inner()
        };
        let (among_real, among_fakes) = (scores(real), scores(among_fakes));
        let deviation = root_mean_square(among_real.clone() - among_real.clone().mean_dim(0));
        (deviation > 0.0).then(|| root_mean_square(among_real - among_fakes) / deviation)
    }
}

fn rows<const D: usize>(samples: Tensor<D>) -> Tensor<2> {
    let n = samples.dims()[0];
    let entries = samples.shape().num_elements() / n.max(1);
    samples.reshape([n, entries])
}

fn root_mean_square(of: Tensor<2>) -> f64 {
    of.square().mean().into_scalar::<f64>().sqrt()
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> Probe<G, C, D> for BatchStatisticsProbe<D> {
    fn name(&self) -> &str {
        "batch statistics"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![TRAIN_EVAL_GAP, BATCH_COUPLING]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let players = game.players();
        let of_generator = has_batch_norm(&players.generator.module);
        let gap = of_generator.then(|| self.train_eval_gap(game)).flatten();
        let is_company = self.real.len() >= 4 * self.preprocessing.packing;
        let couples = is_company && has_batch_norm(&players.critic.module);
        let coupling = couples.then(|| self.batch_coupling(game)).flatten();
        let gap = gap.map(|gap| TRAIN_EVAL_GAP.measured(gap));
        Ok(gap.into_iter().chain(coupling.map(|value| BATCH_COUPLING.measured(value))).collect())
    }
}
