//! The duality gap of a run's game, where its configuration asks for it.

use std::num::NonZeroU64;
use std::sync::Arc;

use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_data::{Batches, DataError, SampleSet};
use gan_eval::{BestResponse, DualityGap};

use super::own_data::{held_out, own_seed};
use super::setup::Setup;

/// The probe of a run's duality gap.
pub(super) type GameGap<C, const D: usize> = DualityGap<C, Batches<dyn SampleSet, D>, D>;

/// What measures the gap of the game of this generator, unless `evaluation.duality_gap` is 0.
pub(super) fn duality_gap<G: Generator<D>, C: Critic<D>, const D: usize>(
    setup: &Setup,
    generator: &G,
) -> anyhow::Result<Option<GameGap<C, D>>> {
    let Setup { config, data, device, .. } = setup;
    let Some(steps) = NonZeroU64::new(config.evaluation.duality_gap) else { return Ok(None) };
    let (training, seed) = (&config.train, own_seed(setup));
    let batches = |set: Arc<dyn SampleSet>| -> Result<Batches<dyn SampleSet, D>, DataError> {
        let batches = Batches::new(set, training.micro_batch(), seed, &device.device)?;
        if generator.classes() > 0 { batches.with_labels() } else { Ok(batches) }
    };
    let response = BestResponse {
        steps,
        rules: training.game_rules(),
        prior: training.prior,
        generator: training.generator,
        critic: training.critic,
        seed: Seed(config.seed),
    };
    // Where nothing is held out, the samples of training.
    let others = held_out(setup)?.unwrap_or_else(|| data.clone());
    let gap = DualityGap::new(response, batches(data.clone())?, batches(others)?);
    Ok(Some(gap.map_err(|error| error.under("train"))?))
}
