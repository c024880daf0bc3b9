//! What a run measures of its game with every evaluation.

use gan_core::batch::BatchSource;
use gan_core::learner::Learner;
use gan_core::player::{Critic, Generator};
use gan_core::probe::Probe;

use super::duality_gap::{GameGap, duality_gap};
use super::players::PlayerProbes;
use super::setup::Setup;
use crate::evaluation::RunProbe;

/// The probes that a configuration asks for.
pub(super) struct Probes<C, const D: usize> {
    samples: Option<RunProbe>,
    players: PlayerProbes<C, D>,
    gap: Option<GameGap<C, D>>,
}

impl<C: Critic<D>, const D: usize> Probes<C, D> {
    pub(super) fn of<G: Generator<D>, S: BatchSource<D>>(
        setup: &mut Setup,
        learner: &Learner<G, C, S, D>,
    ) -> anyhow::Result<Self> {
        let generator = &learner.players().generator.module;
        let features = setup.features.take();
        let samples = RunProbe::of(&setup.config, features.as_ref(), &setup.ranks.exchange())?;
        // It holds real images.
        drop(features);
        let players = PlayerProbes::of(setup, generator)?;
        let gap = duality_gap(setup, generator)?;
        Ok(Self { samples, players, gap })
    }

    /// Each of them.
    pub(super) fn all<G: Generator<D>>(&self) -> Vec<&dyn Probe<G, C, D>> {
        let samples = self.samples.iter().map(|probe| probe as &dyn Probe<G, C, D>);
        samples.chain(self.players.all()).chain(self.gap.iter().map(|gap| gap as _)).collect()
    }
}
