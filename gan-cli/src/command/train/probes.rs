//! What a run measures of its game with every evaluation.

use gan_core::batch::BatchSource;
use gan_core::constraint::Constraint;
use gan_core::learner::Learner;
use gan_core::player::{Critic, Generator};
use gan_core::probe::Probe;
use gan_data::SampleSet;
use gan_eval::{ScoreProbe, SensitivityProbe, WeightProbe};

use super::duality_gap::{GameGap, duality_gap};
use super::setup::Setup;
use crate::evaluation::RunProbe;

/// Pairs of real samples that generated ones are compared with.
const PAIRS: usize = 128;

/// The probes that a configuration asks for.
pub(super) struct Probes<C, const D: usize> {
    samples: Option<RunProbe>,
    weights: WeightProbe,
    sensitivity: Option<SensitivityProbe>,
    gap: Option<GameGap<C, D>>,
}

impl<C: Critic<D>, const D: usize> Probes<C, D> {
    pub(super) fn of<G: Generator<D>, S: BatchSource<D>>(
        setup: &mut Setup,
        learner: &Learner<G, C, S, D>,
    ) -> anyhow::Result<Self> {
        let generator = &learner.players().generator.module;
        let features = setup.features.take();
        let samples = RunProbe::of(&setup.config, features.as_ref())?;
        // It holds real images.
        drop(features);
        let clip = match setup.config.train.rules.constraint {
            Constraint::Clip { bound } => Some(bound),
            _ => None,
        };
        let sensitivity = sensitivity(&*setup.data, generator.classes());
        let gap = duality_gap(setup, generator)?;
        Ok(Self { samples, weights: WeightProbe { clip }, sensitivity, gap })
    }

    /// Each of them.
    pub(super) fn all<G: Generator<D>>(&self) -> Vec<&dyn Probe<G, C, D>> {
        let samples = self.samples.iter().map(|probe| probe as &dyn Probe<G, C, D>);
        let sensitivity = self.sensitivity.iter().map(|probe| probe as _);
        let of_players = [&self.weights as _, &ScoreProbe as _].into_iter().chain(sensitivity);
        samples.chain(of_players).chain(self.gap.iter().map(|gap| gap as _)).collect()
    }
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

/// Samples from all over a set, each with the next one of its class.
fn pairs(data: &dyn SampleSet) -> (Vec<usize>, Vec<usize>) {
    let stride = (data.len() / PAIRS).max(1);
    let next = |first: usize| {
        let label = data.label(first);
        (first + 1..data.len()).find(|&index| data.label(index) == label).map(|next| (first, next))
    };
    (0..data.len()).step_by(stride).filter_map(next).unzip()
}
