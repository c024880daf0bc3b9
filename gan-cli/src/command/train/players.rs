//! What a run measures of its players with every evaluation.

use std::sync::Arc;

use gan_core::batch::{Batch, BatchSource as _};
use gan_core::constraint::Constraint;
use gan_core::player::{Critic, Generator};
use gan_core::probe::Probe;
use gan_data::{Batches, DataError, SampleSet};
use gan_eval::{
    BatchStatisticsProbe, DeadUnitProbe, HeldOutProbe, ScoreProbe, SensitivityProbe, SlopeProbe,
    SpectrumProbe, UpdateProbe, WeightProbe,
};

use super::own_data::{held_out, own_seed};
use super::setup::Setup;

/// Pairs of real samples that generated ones are compared with.
const PAIRS: usize = 128;
/// Real images whose spectrum generated ones are compared with.
const IMAGES: usize = 64;
/// Real samples that the critic's scores are the mean over, in whole batches.
const SCORED: usize = 256;

/// The probes of both players.
pub(super) struct PlayerProbes<C, const D: usize> {
    weights: WeightProbe,
    updates: UpdateProbe<C, D>,
    slopes: SlopeProbe<C, D>,
    held_out: Option<HeldOutProbe<D>>,
    batch_statistics: BatchStatisticsProbe<D>,
    dead_units: DeadUnitProbe<D>,
    sensitivity: Option<SensitivityProbe>,
    spectrum: Option<SpectrumProbe>,
}

impl<C: Critic<D>, const D: usize> PlayerProbes<C, D> {
    pub(super) fn of<G: Generator<D>>(setup: &Setup, generator: &G) -> anyhow::Result<Self> {
        let Setup { config, data, .. } = setup;
        let rules = &config.train.rules;
        let (classes, batch) = (generator.classes(), config.train.micro_batch());
        let n_batches = SCORED.div_ceil(batch);
        let training = batches(setup, data.clone(), classes, n_batches)?;
        let held_out = held_out(setup)?
            .map(|others| batches(setup, others, classes, n_batches))
            .transpose()?
            .map(|others| HeldOutProbe::new(rules.preprocessing.clone(), training.clone(), others));
        let real = &training[0];
        let clip = match rules.constraint {
            Constraint::Clip { bound } => Some(bound),
            _ => None,
        };
        Ok(Self {
            weights: WeightProbe { clip },
            updates: UpdateProbe::new(rules.clone(), real.clone()),
            slopes: SlopeProbe::new(rules.clone(), real.clone()),
            held_out,
            batch_statistics: BatchStatisticsProbe::new(rules.preprocessing.clone(), real.clone()),
            dead_units: DeadUnitProbe::new(rules.preprocessing.clone(), real.clone()),
            sensitivity: sensitivity(&**data, classes),
            spectrum: spectrum(&**data),
        })
    }

    /// Each of them.
    pub(super) fn all<G: Generator<D>>(&self) -> Vec<&dyn Probe<G, C, D>> {
        let mut all: Vec<&dyn Probe<G, C, D>> = vec![
            &self.weights,
            &ScoreProbe,
            &self.updates,
            &self.slopes,
            &self.batch_statistics,
            &self.dead_units,
        ];
        all.extend(self.held_out.iter().map(|probe| probe as &dyn Probe<G, C, D>));
        all.extend(self.sensitivity.iter().map(|probe| probe as &dyn Probe<G, C, D>));
        all.extend(self.spectrum.iter().map(|probe| probe as &dyn Probe<G, C, D>));
        all
    }
}

/// The first batches of a set in an order of its own, as large as those of the game.
fn batches<const D: usize>(
    setup: &Setup,
    set: Arc<dyn SampleSet>,
    classes: usize,
    n: usize,
) -> Result<Vec<Batch<D>>, DataError> {
    let (batch, seed) = (setup.config.train.micro_batch(), own_seed(setup));
    let source: Batches<dyn SampleSet, D> = Batches::new(set, batch, seed, &setup.device.device)?;
    let mut source = if classes > 0 { source.with_labels()? } else { source };
    (0..n).map(|_| source.next_batch()).collect()
}

/// What compares samples of one class with real ones of one; none where no class has two.
fn sensitivity(data: &dyn SampleSet, classes: usize) -> Option<SensitivityProbe> {
    let (first, second) = pairs(data);
    let n_values = data.shape().iter().product();
    let probe = || {
        let (first, second) = (data.values(&first), data.values(&second));
        SensitivityProbe::new(&first, &second, n_values, data.shape().len() == 3, classes)
    };
    (!first.is_empty()).then(probe)
}

/// What compares the spectrum of images with that of real ones.
fn spectrum(data: &dyn SampleSet) -> Option<SpectrumProbe> {
    let shape = <[usize; 3]>::try_from(data.shape()).ok()?;
    let images: Vec<usize> = (0..data.len()).step_by((data.len() / IMAGES).max(1)).collect();
    SpectrumProbe::new(&data.values(&images), shape)
}

/// Samples from all over a set, each with the next one of its class.
fn pairs(data: &dyn SampleSet) -> (Vec<usize>, Vec<usize>) {
    let stride = (data.len() / PAIRS).max(1);
    let next = |first: usize| {
        let label = data.label(first);
        (first + 1..data.len()).find(|&index| data.label(index) == label).map(|next| (first, next))
    };
    (0..data.len()).step_by(stride).filter_map(next).unzip()
}
