//! Gradient accumulation, EMA, clipping, schedules, noise and packing: what each does, and that a
//! run with any of them resumes bit for bit.

use gan_core::batch::{Batch, BatchSource, Fakes, MicroBatch, Prefetch};
use gan_core::checkpoint::{Checkpoint, CheckpointPlan};
use gan_core::critic_preprocessing::{CriticPreprocessing, InstanceNoise};
use gan_core::ema::EmaConfig;
use gan_core::exchange::Alone;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::learner::{Game, Learner};
use gan_core::loss::Objective;
use gan_core::player::Generator;
use gan_core::progress::{Progress, Span};
use gan_core::rules::{Rules, Schedule};
use gan_core::seed::{RngKey, Seed};
use gan_core::session::Session;
use gan_core::step::{critic_step, generator_step};
use tempfile::TempDir;

use burn::tensor::{Device, Tensor};

use crate::game::{Affine, Gaussian, Judge, PASSES, bits, game};

const START: Progress = Progress { step: 0, steps_per_epoch: 10 };

fn cosine(end: f64) -> Schedule {
    Schedule::Cosine { end, over: Span::Steps(40), warm_up: Span::Steps(5) }
}

/// The game of the other tests, with other rules.
fn with_rules(change: impl Fn(&mut Rules)) -> Game<Affine, Judge, Gaussian> {
    let mut game = game(11, 2);
    change(&mut game.rules);
    game
}

type Playing<S> = Learner<Affine, Judge, S, 2>;

fn play<S: BatchSource<2>>(
    learner: Playing<S>,
    until: u64,
    plan: Option<&CheckpointPlan>,
) -> Playing<S> {
    let session = Session::new();
    let mut session = match plan {
        Some(plan) => session.checkpoints(plan.clone()),
        None => session,
    };
    learner.fit(Span::Steps(until), &mut session).unwrap().learner
}

/// Weights of both players and of the average.
fn state<S: BatchSource<2>>(learner: &Playing<S>) -> [Vec<u32>; 3] {
    let players = learner.players();
    let average = players.ema.as_ref().map(|average| bits(&average.module));
    [bits(&players.generator.module), bits(&players.critic.module), average.unwrap_or_default()]
}

#[test]
fn every_feature_resumes_bit_for_bit() {
    let noise = InstanceNoise { sigma: 0.3, schedule: cosine(0.0) };
    type Change<'a> = &'a dyn Fn(&mut Rules);
    let features: [(&str, Change); 8] = [
        ("accumulation", &|rules| rules.accumulation = 3),
        ("shared fakes", &|rules| rules.fakes = Fakes::Shared),
        ("shared fakes, accumulated", &|rules| {
            (rules.fakes, rules.accumulation) = (Fakes::Shared, 2);
        }),
        ("average", &|rules| rules.ema = Some(EmaConfig { half_life: Span::Steps(7) })),
        ("clip_norm", &|rules| rules.clip_norm = Some(0.05)),
        ("schedule", &|rules| rules.schedule = cosine(0.1)),
        ("instance noise", &move |rules| rules.preprocessing.instance_noise = Some(noise)),
        ("prior", &|_| ()),
    ];
    for (name, change) in features {
        let dir = TempDir::new().unwrap();
        let dir = dir.path().join("checkpoints");
        let plan = CheckpointPlan { dir, every: Span::Steps(1_000).into(), keep: 1 };
        let new = || {
            let mut game = with_rules(change);
            game.prior = LatentPrior::Sphere;
            Learner::new(game).unwrap()
        };
        let whole = play(new(), 40, None);
        play(new(), 17, Some(&plan));
        let path = Checkpoint::list(&plan.dir).unwrap().pop().unwrap();
        let resumed = new().resume(&Checkpoint::open(&path).unwrap()).unwrap();
        assert_eq!(state(&whole), state(&play(resumed, 40, None)), "{name}");
    }
}

#[test]
fn batches_drawn_ahead_change_nothing_and_resume_bit_for_bit() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path().join("checkpoints");
    let plan = CheckpointPlan { dir, every: Span::Steps(1_000).into(), keep: 1 };
    let new = || {
        let Game { players, rules, source, prior, seed, device, config } = game(11, 2);
        let source = Prefetch::<_, 2>::new(source);
        Learner::new(Game { players, rules, source, prior, seed, device, config }).unwrap()
    };
    let whole = play(Learner::new(game(11, 2)).unwrap(), 40, None);
    play(new(), 17, Some(&plan));
    let saved = Checkpoint::open(&Checkpoint::list(&plan.dir).unwrap().pop().unwrap()).unwrap();
    assert_eq!(saved.state().position, 34);
    assert_eq!(state(&whole), state(&play(new().resume(&saved).unwrap(), 40, None)));
}

/// The mean of the gradients of two batches is the gradient of both together, since every loss is
/// a mean over its batch.
#[test]
fn two_accumulated_batches_make_the_update_of_one_of_twice_the_size() {
    let latents = |index| {
        let mut rng = Seed(9).stream("latent").draw(index);
        LatentPrior::Normal.draw([64, 1], &mut rng, &Device::flex().autodiff())
    };
    let joined = |[a, b]: [Tensor<2>; 2]| Tensor::cat(vec![a, b], 0);
    let mut source = game(3, 1).source;
    let real = [(); 2].map(|()| source.next_batch().unwrap().tracked().samples);
    let halves: Vec<_> = real.clone().into_iter().zip([latents(0), latents(1)]).collect();
    let whole = vec![(joined(real), joined([latents(0), latents(1)]))];

    let after = |batches: &[(Tensor<2>, Tensor<2>)]| {
        let game = game(3, 1);
        let micro_batches = |generator: &Affine| {
            let micro_batch = |(real, latents): &(Tensor<2>, Tensor<2>)| MicroBatch {
                real: Batch::unlabeled(real.clone()),
                fake: generator.generate(Latents::unlabeled(latents.clone())),
                key: RngKey::new(Seed(1), 0),
            };
            batches.iter().map(micro_batch).collect::<Vec<_>>()
        };
        let given = micro_batches(&game.players.generator.frozen());
        let (players, _) = critic_step(
            game.players,
            &game.rules,
            &Objective::of(&game.rules),
            START,
            &Alone,
            given,
        )
        .unwrap();
        let given = micro_batches(&players.generator.module);
        let (players, _) =
            generator_step(players, &game.rules, &Objective::of(&game.rules), START, &Alone, given)
                .unwrap();
        let weights = |bits: Vec<u32>| bits.into_iter().map(f32::from_bits).collect::<Vec<_>>();
        [weights(bits(&players.critic.module)), weights(bits(&players.generator.module))].concat()
    };
    for (a, b) in after(&halves).into_iter().zip(after(&whole)) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

/// Shared fakes are those of the last critic step; before it, critics see fakes of their own.
#[test]
fn shared_fakes_are_one_pass_of_the_generator_fewer_and_another_game() {
    let play_one = |fakes| {
        let learner = Learner::new(with_rules(|rules| rules.fakes = fakes)).unwrap();
        PASSES.set(0);
        let learner = play(learner, 1, None);
        (PASSES.get(), state(&learner))
    };
    // Two critic steps and one of the generator.
    let (fresh, shared) = (play_one(Fakes::Fresh), play_one(Fakes::Shared));
    assert_eq!((fresh.0, shared.0), (3, 2));
    assert_eq!(fresh.1[1], shared.1[1], "the critic has seen the same");
    assert_ne!(fresh.1[0], shared.1[0]);
}

#[test]
fn the_average_is_what_samples_are_drawn_from() {
    let plain = play(Learner::new(with_rules(|_| ())).unwrap(), 30, None);
    let averaged = Learner::new(with_rules(|rules| {
        rules.ema = Some(EmaConfig { half_life: Span::Steps(10) })
    }))
    .unwrap();
    let averaged = play(averaged, 30, None);
    // It watches and does not interfere.
    assert_eq!(state(&plain)[..2], state(&averaged)[..2]);
    let sampler = bits(&averaged.players().for_sampling());
    assert_eq!(sampler, state(&averaged)[2]);
    assert_ne!(sampler, state(&averaged)[0]);
    assert_eq!(bits(&plain.players().for_sampling()), state(&plain)[0]);
}

#[test]
fn a_schedule_that_ends_at_zero_stops_the_players() {
    let stop = Schedule::Linear { end: 0.0, over: Span::Steps(10), warm_up: Span::Steps(0) };
    let learner = || Learner::new(with_rules(|rules| rules.schedule = stop)).unwrap();
    assert_eq!(state(&play(learner(), 10, None)), state(&play(learner(), 25, None)));
    assert_ne!(state(&play(learner(), 9, None)), state(&play(learner(), 10, None)));
}

#[test]
fn an_epoch_has_fewer_steps_when_each_takes_more_batches() {
    let learner = Learner::new(with_rules(|rules| rules.accumulation = 2)).unwrap();
    // Ten batches, two critic steps of two batches each.
    assert_eq!(learner.progress().steps_per_epoch, 2);
}

#[test]
fn rules_out_of_range_are_refused_by_key() {
    let complaint = |change: &dyn Fn(&mut Rules)| {
        Learner::new(with_rules(change)).map(|_| ()).unwrap_err().to_string()
    };
    let packing = CriticPreprocessing { packing: 5, ..CriticPreprocessing::default() };
    for (expected, found) in [
        (
            "`ema.half_life` must be at least 1 step, found 0",
            complaint(&|rules| rules.ema = Some(EmaConfig { half_life: Span::Steps(0) })),
        ),
        ("`accumulation` must be at least 1, found 0", complaint(&|rules| rules.accumulation = 0)),
        (
            "`clip_norm` must be a finite number above 0, found -1",
            complaint(&|rules| rules.clip_norm = Some(-1.0)),
        ),
        (
            "`packing` does not fit this game: a batch of 64 samples cannot be cut into packs of 5",
            complaint(&move |rules| rules.preprocessing = packing.clone()),
        ),
    ] {
        assert_eq!(found, expected);
    }
}
