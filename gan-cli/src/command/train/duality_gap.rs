//! The duality gap of a run's game, where its configuration asks for it.

use std::num::NonZeroU64;
use std::sync::Arc;

use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_data::{Batches, DataError, SampleSet};
use gan_eval::{BestResponse, DualityGap};
use rand::RngExt as _;

use super::setup::Setup;
use crate::config::DataConfig;

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
        let batches = Batches::new(set, training.batch, seed, &device.device)?;
        if generator.classes() > 0 { batches.with_labels() } else { Ok(batches) }
    };
    let response = BestResponse {
        steps,
        rules: training.rules.clone(),
        prior: training.prior,
        generator: training.generator,
        critic: training.critic,
        seed: Seed(config.seed),
    };
    let gap = DualityGap::new(response, batches(data.clone())?, batches(held_out(setup)?)?);
    Ok(Some(gap.map_err(|error| error.under("train"))?))
}

/// The seed of what no step of the game sees.
fn own_seed(setup: &Setup) -> Seed {
    Seed(Seed(setup.config.seed).stream("duality gap/data").draw(0).random())
}

/// Samples that the run is not trained on: fresh ones of a distribution, or the other split of a set that has two.
/// Where there are fewer than a batch, those of training.
fn held_out(setup: &Setup) -> anyhow::Result<Arc<dyn SampleSet>> {
    let Setup { config, data, .. } = setup;
    let others = match &config.data {
        made @ (DataConfig::Moons { .. } | DataConfig::Ring { .. } | DataConfig::Grid { .. }) => {
            Some(made.open(own_seed(setup))?)
        }
        // A folder may have the training images alone.
        read => read.held_out().and_then(|others| others.open(Seed(config.seed)).ok()),
    };
    let fits = |set: &Arc<dyn SampleSet>| {
        let is_alike = set.shape() == data.shape() && set.classes() == data.classes();
        is_alike && set.len() >= config.train.batch
    };
    Ok(others.filter(fits).unwrap_or_else(|| data.clone()))
}
