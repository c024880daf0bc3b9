//! Whether the critic knows its training samples by heart.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `critic/held_out_gap` | (mean score of training samples − mean score of held-out real ones) ÷ standard deviation of the latter | about 0 where the critic judges what it has not seen as what it has; from 1 up it does not (Karras et al. (2020), arXiv:2006.06676, §2, compare the same means) |
//!
//! The critic behaves as in training, batch by batch, and sees samples as in training.

use gan_core::batch::Batch;
use gan_core::critic_preprocessing::{CriticPreprocessing, Side};
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::seed::{RngKey, Seed};
use rand::RngExt as _;

use super::copies;

/// How much better the critic likes real samples that it was trained on.
pub const HELD_OUT_GAP: Quantity = Quantity::new("critic/held_out_gap", "standard deviations");

/// Scores training samples and held-out ones.
///
/// # Cost
/// A forward pass of the critic over all of them.
#[derive(Clone, Debug)]
pub struct HeldOutProbe<const D: usize> {
    preprocessing: CriticPreprocessing,
    training: Vec<Batch<D>>,
    held_out: Vec<Batch<D>>,
}

impl<const D: usize> HeldOutProbe<D> {
    /// Compare batches that the training sees with such that it never sees, as large as those of the
    /// game.
    pub fn new(
        preprocessing: CriticPreprocessing,
        training: Vec<Batch<D>>,
        held_out: Vec<Batch<D>>,
    ) -> Self {
        Self { preprocessing, training, held_out }
    }
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> Probe<G, C, D> for HeldOutProbe<D> {
    fn name(&self) -> &str {
        "held-out"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![HELD_OUT_GAP]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let critic = copies::frozen(&game.players().critic.module);
        let seed = Seed(game.seed().stream("held-out").draw(0).random());
        let scores = |batches: &[Batch<D>], first: usize| -> Vec<f64> {
            let keyed = batches.iter().zip(first as u64..);
            let seen = keyed.map(|(batch, index)| {
                let key = RngKey::new(seed, index);
                let batch = batch.clone().tracked();
                self.preprocessing.apply(batch, Side::Real, game.progress(), &key)
            });
            seen.flat_map(|batch| {
                critic.score(batch).raw().into_data().iter::<f64>().collect::<Vec<_>>()
            })
            .collect()
        };
        let (known, held_out) =
            (scores(&self.training, 0), scores(&self.held_out, self.training.len()));
        Ok(gap(&known, &held_out).map(|gap| HELD_OUT_GAP.measured(gap)).into_iter().collect())
    }
}

/// None where all held-out scores are equal: there is no unit.
fn gap(known: &[f64], held_out: &[f64]) -> Option<f64> {
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
    let (known, center) = (mean(known), mean(held_out));
    let squares: f64 = held_out.iter().map(|score| (score - center).powi(2)).sum();
    let deviation = (squares / held_out.len() as f64).sqrt();
    (deviation > 0.0).then(|| (known - center) / deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_the_deviation_of_held_out_scores() {
        assert_eq!(gap(&[5.0, 7.0], &[0.0, 2.0, 4.0, 2.0]), Some(4.0 / 2.0_f64.sqrt()));
        assert_eq!(gap(&[1.0], &[3.0, 3.0]), None);
    }
}
