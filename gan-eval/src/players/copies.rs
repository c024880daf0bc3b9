//! Copies of players and batches for trials that the training does not see.

use burn::module::Module;
use gan_core::batch::{Batch, MicroBatch};
use gan_core::player::{Generator, Player};
use gan_core::probe::Snapshot;
use gan_core::seed::{RngKey, Seed};
use rand::RngExt as _;

/// A player with the weights, running statistics and momenta of another one, apart from it.
pub(super) fn player<M: Module>(of: &Player<M>) -> Player<M> {
    Player { module: training(&of.module), optimizer: of.optimizer.clone(), lr: of.lr }
}

/// A network that behaves as in training and has running statistics of its own, which a clone would
/// share.
pub(super) fn training<M: Module>(of: &M) -> M {
    of.valid().train()
}

/// The same whose weights are constants.
pub(super) fn frozen<M: Module>(of: &M) -> M {
    of.valid().materialize().train().no_grad()
}

/// Real samples beside as many fakes of `generator`, under the same labels, from latents and keys of
/// the seed's stream called `stream`.
pub(super) fn micro_batch<G: Generator<D>, C, const D: usize>(
    game: &Snapshot<'_, G, C, D>,
    generator: &G,
    real: &Batch<D>,
    stream: &str,
) -> MicroBatch<D> {
    let real = real.clone().tracked();
    let fake = generator.generate(game.latents(&real, stream));
    let seed = Seed(game.seed().stream(stream).draw(1).random());
    MicroBatch { real, fake, key: RngKey::new(seed, 0) }
}
