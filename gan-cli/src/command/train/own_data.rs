//! The data of probes: what a run is not trained on, in an order that no step draws from.

use std::sync::Arc;

use gan_core::seed::Seed;
use gan_data::SampleSet;
use rand::RngExt as _;

use super::setup::Setup;
use crate::config::DataConfig;

/// The seed of what no step of the game sees.
pub(super) fn own_seed(setup: &Setup) -> Seed {
    Seed(Seed(setup.config.seed).stream("duality gap/data").draw(0).random())
}

/// Samples that the run is not trained on: fresh ones of a distribution, or the other split of a set
/// that has two. None where there are fewer than a batch.
pub(super) fn held_out(setup: &Setup) -> anyhow::Result<Option<Arc<dyn SampleSet>>> {
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
        is_alike && set.len() >= config.train.micro_batch()
    };
    Ok(others.filter(fits))
}
