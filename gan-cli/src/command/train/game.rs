//! The game and its learner, from a configuration.

use anyhow::ensure;
use gan_core::batch::{BatchSource, Part, Prefetch};
use gan_core::learner::{Game, Learner};
use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_data::{Batches, DataError, SampleSet};
use gan_models::Networks;

use super::setup::Setup;

/// Real batches, wherever they are made ready.
pub(super) type Source<const D: usize> = Box<dyn BatchSource<D, Error = DataError>>;

/// A batch of at least this many values is prefetched by a thread of its own: images are, points are not.
///
/// On two cores, a step of `gan` on 50 points takes 254 µs with the thread and 218 µs without it,
/// a step of `cgan` on 64 digits 3.41 ms with it and 3.67 ms without.
const WORTH_A_THREAD: usize = 16_384;

/// The device whose batches are made ready between the steps, however large they are.
///
/// Libtorch computes on the threads of OpenMP, which keeps a team of them for every thread that calls
/// it. As soon as there are more than processors, those of the training sleep between any two
/// operations rather than wait: a step of `dcgan` on two cores then takes 52 ms in place of 36.
const WITHOUT_A_THREAD: &str = "tch";

/// Micro-batches of the data set, labeled for generators that take labels: those of this rank.
fn source<const D: usize>(setup: &Setup, labeled: bool) -> anyhow::Result<Source<D>> {
    let (config, device) = (&setup.config, &setup.device.device);
    let (training, ranks) = (&config.train, &setup.ranks);
    let batch = training.micro_batch();
    let source =
        Batches::<dyn SampleSet, D>::new(setup.data.clone(), batch, Seed(config.seed), device)?;
    let source = if labeled { source.with_labels()? } else { source };
    let source = Part::of(source, training.game_rules().accumulation, &ranks.exchange());
    let values = batch * setup.data.shape().iter().product::<usize>();
    let ahead = values >= WORTH_A_THREAD && setup.device.name != WITHOUT_A_THREAD;
    Ok(if ahead { Box::new(Prefetch::new(source)) } else { Box::new(source) })
}

/// The game as it is before its first step.
pub(in crate::command) fn game<G: Generator<D>, C: Critic<D>, const D: usize>(
    setup: &Setup,
    networks: Networks<G, C>,
) -> anyhow::Result<Game<G, C, Source<D>>> {
    let (config, device) = (&setup.config, &setup.device.device);
    let (seed, training) = (Seed(config.seed), &config.train);
    let classes = networks.generator.classes();
    ensure!(
        classes == 0 || classes == setup.data.classes(),
        "`model.classes` is {classes}, but the data set has {} classes",
        setup.data.classes()
    );
    Ok(Game {
        players: training.players(networks, seed, device),
        rules: training.game_rules(),
        source: source(setup, classes > 0)?,
        prior: training.prior,
        seed,
        device: device.clone(),
        config: config.to_toml()?,
    })
}

/// The learner at the step that the run starts from.
pub(super) fn learner<G: Generator<D>, C: Critic<D>, const D: usize>(
    setup: &Setup,
    networks: Networks<G, C>,
) -> anyhow::Result<Learner<G, C, Source<D>, D>> {
    let learner = Learner::new(game(setup, networks)?)
        .and_then(|learner| learner.with_exchange(setup.ranks.exchange()))
        .map_err(|error| error.under("train"))?;
    let Some(checkpoint) = setup.start.checkpoint() else {
        return Ok(learner);
    };
    let learner = learner.resume(checkpoint)?;
    let (progress, budget) = (learner.progress(), setup.config.train.budget);
    ensure!(
        progress.step <= budget.steps(progress.steps_per_epoch),
        "`train.budget` is {budget}, but {} has come to step {} already",
        setup.root.display(),
        progress.step
    );
    Ok(learner)
}
