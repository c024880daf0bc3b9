//! What a run measures of its game with every evaluation.

use gan_core::batch::BatchSource;
use gan_core::learner::Learner;
use gan_core::player::{Critic, Generator};
use gan_core::probe::Probe;

use super::duality_gap::{GameGap, duality_gap};
use super::setup::Setup;
use crate::evaluation::RunProbe;

/// The probes that a configuration asks for.
pub(super) struct Probes<C, const D: usize> {
    samples: Option<RunProbe>,
    gap: Option<GameGap<C, D>>,
}

impl<C: Critic<D>, const D: usize> Probes<C, D> {
    pub(super) fn of<G: Generator<D>, S: BatchSource<D>>(
        setup: &mut Setup,
        learner: &Learner<G, C, S, D>,
    ) -> anyhow::Result<Self> {
        let features = setup.features.take();
        let samples = RunProbe::of(&setup.config, features.as_ref())?;
        drop(features);
        let gap = duality_gap(setup, &learner.players().generator.module)?;
        Ok(Self { samples, gap })
    }

    /// Each of them.
    pub(super) fn all<G: Generator<D>>(&self) -> Vec<&dyn Probe<G, C, D>> {
        let samples = self.samples.iter().map(|probe| probe as &dyn Probe<G, C, D>);
        samples.chain(self.gap.iter().map(|gap| gap as _)).collect()
    }
}
