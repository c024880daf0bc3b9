//! What a game does to its players, and what it reports to its observers.

use burn::module::Module;
use burn::tensor::Device;
use gan_core::GanError;
use gan_core::batch::{Batch, BatchSource, MicroBatch};
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::exchange::Alone;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::learner::Learner;
use gan_core::loss::{Objective, Scores};
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator, Player, Players};
use gan_core::progress::{Cadence, Progress, Span};
use gan_core::seed::{RngKey, Seed};
use gan_core::session::Session;
use gan_core::step::{critic_step, generator_step};
use gan_core::step_metrics::{
    CRITIC_GRADIENT_NORM, CRITIC_LOSS, FAKE_PROBABILITY, GENERATOR_GRADIENT_NORM, GENERATOR_LOSS,
    REAL_PROBABILITY,
};

use crate::game::{Affine, Judge, LOOKS, bits, game, learner};

/// Records the events that it receives, and stops the game at a step if asked to.
#[derive(Default)]
struct Diary {
    entries: Vec<String>,
    metrics: Vec<Vec<Measurement>>,
    measured: Vec<(u64, usize)>,
    stop_at: Option<u64>,
}

impl Observer<Affine, Judge> for Diary {
    fn observe(&mut self, event: &Event<'_, Affine, Judge>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, until, .. } => {
                self.entries.push(format!("started at {} until {until}", progress.step));
            }
            Event::Stepped(stepped) => {
                self.metrics.push(stepped.metrics().to_vec());
                if self.stop_at == Some(stepped.progress.step) {
                    return Ok(Control::Stop("seen enough".to_owned()));
                }
            }
            Event::Measured { progress, measurements } => {
                self.measured.push((progress.step, measurements.len()));
            }
            Event::Diverged { progress, error } => {
                self.entries.push(format!("diverged at {}: {error}", progress.step));
            }
            Event::Saving { .. } => self.entries.push("saving".to_owned()),
            Event::Checkpointed { .. } => self.entries.push("saved".to_owned()),
            Event::Finished { progress, ending, .. } => {
                self.entries.push(format!("finished at {}: {ending:?}", progress.step));
            }
        }
        Ok(Control::Continue)
    }
}

const START: Progress = Progress { step: 0, steps_per_epoch: 10 };

/// Fakes of `generator` against `real`.
fn micro_batch(generator: &Affine, real: Batch<2>, index: u64) -> MicroBatch<2> {
    let device = Device::flex().autodiff();
    let mut rng = Seed(9).stream("latent").draw(index);
    let latents = Latents::unlabeled(LatentPrior::Normal.draw([64, 1], &mut rng, &device));
    MicroBatch { real, fake: generator.generate(latents), key: RngKey::new(Seed(9), index) }
}

#[test]
fn an_affine_generator_learns_the_mean_and_spread_of_a_gaussian() {
    let fitted = learner(1, 1).fit(Span::Steps(1_500), &mut Session::new()).unwrap();
    let generator = fitted.learner.players().generator.for_inference();
    let mut rng = Seed(2).stream("test").draw(0);
    let noise = LatentPrior::Normal.draw([4_000, 1], &mut rng, &Device::flex());
    let samples = generator.forward(Latents::unlabeled(noise)).into_data();
    let samples = samples.try_to_vec_as::<f64>().unwrap();
    let mean = samples.iter().sum::<f64>() / 4_000.0;
    let deviation = (samples.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 4_000.0).sqrt();
    // The data are N(3, 0.5²); the untrained generator is nowhere near.
    assert!((mean - 3.0).abs() < 0.25, "mean {mean}");
    assert!((0.15..1.0).contains(&deviation), "deviation {deviation}");
}

#[test]
fn each_step_moves_one_player_and_leaves_the_other_bit_identical() {
    let mut game = game(3, 1);
    let real = game.source.next_batch().unwrap().tracked();
    let before = (bits(&game.players.generator.module), bits(&game.players.critic.module));

    let given = [micro_batch(&game.players.generator.frozen(), real.clone(), 0)];
    let (players, _) =
        critic_step(game.players, &game.rules, &Objective::of(&game.rules), START, &Alone, given)
            .unwrap();
    let between = (bits(&players.generator.module), bits(&players.critic.module));
    assert_eq!(before.0, between.0);
    assert_ne!(before.1, between.1);

    let given = [micro_batch(&players.generator.module, real, 1)];
    let (players, _) =
        generator_step(players, &game.rules, &Objective::of(&game.rules), START, &Alone, given)
            .unwrap();
    assert_ne!(between.0, bits(&players.generator.module));
    assert_eq!(between.1, bits(&players.critic.module));
}

/// The generator does not move while the critic does, and the critic's `backward` leaves the
/// generator's graph alone.
#[test]
fn fakes_made_before_the_critics_step_teach_the_generator_what_fakes_made_after_it_would() {
    let after = |shared: bool| {
        let mut game = game(3, 1);
        let real = game.source.next_batch().unwrap().tracked();
        let given = micro_batch(&game.players.generator.module, real.clone(), 0);
        let (players, _) = critic_step(
            game.players,
            &game.rules,
            &Objective::of(&game.rules),
            START,
            &Alone,
            [given.clone()],
        )
        .unwrap();
        let given = if shared { given } else { micro_batch(&players.generator.module, real, 0) };
        let (players, report) = generator_step(
            players,
            &game.rules,
            &Objective::of(&game.rules),
            START,
            &Alone,
            [given],
        )
        .unwrap();
        (bits(&players.generator.module), report.gradients.value().unwrap().into_scalar::<f32>())
    };
    assert_eq!(after(true), after(false));
    assert!(after(true).1 > 0.0);
}

/// A critic that asks for real and fake samples apart.
#[derive(Module, Debug)]
struct Apart {
    judge: Judge,
}

impl Critic<2> for Apart {
    fn score(&self, batch: Batch<2>) -> Scores {
        self.judge.score(batch)
    }

    fn couples_samples(&self) -> bool {
        true
    }
}

#[test]
fn one_pass_over_real_and_fake_samples_does_what_two_passes_do() {
    fn after<C: Critic<2>>(wrap: impl Fn(Judge) -> C) -> (usize, Vec<f32>) {
        let mut game = game(3, 1);
        let Players { generator, critic, .. } = game.players;
        let Player { module, optimizer, lr } = critic;
        let critic = Player { module: wrap(module), optimizer, lr };
        let real = game.source.next_batch().unwrap().tracked();
        let given = micro_batch(&generator.frozen(), real, 0);
        LOOKS.set(0);
        let players = Players::new(generator, critic);
        let (players, report) =
            critic_step(players, &game.rules, &Objective::of(&game.rules), START, &Alone, [given])
                .unwrap();
        let weights = bits(&players.critic.module).into_iter().map(f32::from_bits);
        let scores = [report.real.raw(), report.fake.raw()];
        let scores = scores.map(|scores| scores.into_data().try_to_vec_as::<f32>().unwrap());
        (LOOKS.get(), scores.concat().into_iter().chain(weights).collect())
    }
    let (together, apart) = (after(|judge| judge), after(|judge| Apart { judge }));
    assert_eq!((together.0, apart.0), (1, 2));
    for (a, b) in together.1.iter().zip(&apart.1) {
        assert!((a - b).abs() <= 1e-6 * (1.0 + b.abs()), "{a} {b}");
    }
}

#[test]
fn the_critic_moves_as_often_as_the_rules_say() {
    let play = |critic_steps| {
        let mut diary = Diary::default();
        let fitted =
            learner(4, critic_steps).fit(Span::Epochs(1), &mut Session::new().observer(&mut diary));
        (fitted.unwrap().learner.progress(), diary.metrics.len())
    };
    // Ten batches an epoch: ten steps of one batch each, or two steps of five.
    assert_eq!((play(1).0.step, play(1).1), (10, 10));
    assert_eq!((play(5).0.step, play(5).1), (2, 2));
}

#[test]
fn metrics_are_those_of_the_logistic_game() {
    let mut diary = Diary::default();
    learner(5, 1).fit(Span::Steps(3), &mut Session::new().observer(&mut diary)).unwrap();
    assert_eq!(diary.metrics.len(), 3);
    for metrics in diary.metrics {
        let of = |quantity: Quantity| {
            metrics.iter().find(|each| each.quantity == quantity).unwrap().value
        };
        assert!((0.0..=1.0).contains(&of(REAL_PROBABILITY)));
        assert!((0.0..=1.0).contains(&of(FAKE_PROBABILITY)));
        assert!(of(CRITIC_LOSS) > 0.0 && of(GENERATOR_LOSS) > 0.0);
        assert!(of(CRITIC_GRADIENT_NORM) > 0.0 && of(GENERATOR_GRADIENT_NORM) > 0.0);
    }
}

#[test]
fn the_first_and_the_last_step_are_always_measured() {
    let measured = |cadence| {
        let mut diary = Diary::default();
        let mut session = Session::new().log(cadence).observer(&mut diary);
        learner(5, 1).fit(Span::Steps(7), &mut session).unwrap();
        diary.measured
    };
    assert_eq!(measured(Cadence::Never), [(1, 6), (7, 6)]);
    assert_eq!(measured(Cadence::Every(Span::Steps(3))), [(1, 6), (3, 6), (6, 6), (7, 6)]);
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_does_not() {
    let weights = |seed| {
        let fitted = learner(seed, 2).fit(Span::Steps(20), &mut Session::new()).unwrap();
        bits(&fitted.learner.players().generator.module)
    };
    assert_eq!(weights(6), weights(6));
    assert_ne!(weights(6), weights(7));
}

#[test]
fn an_observer_can_stop_the_game_and_is_told_that_it_ended() {
    let mut diary = Diary { stop_at: Some(4), ..Diary::default() };
    let fitted =
        learner(8, 1).fit(Span::Steps(100), &mut Session::new().observer(&mut diary)).unwrap();
    assert_eq!(fitted.ending.reason(), Some("seen enough"));
    let expected = ["started at 0 until 100", "finished at 4: Stopped(\"seen enough\")"];
    assert_eq!(diary.entries, expected);
}

#[test]
fn a_game_that_diverges_ends_with_the_player_the_step_and_the_last_numbers() {
    let mut game = game(9, 1);
    // Learning rates that throw the players out of all bounds within a few steps.
    game.players.critic.lr = 1e12;
    game.players.generator.lr = 1e12;
    let mut diary = Diary::default();
    let fitted =
        Learner::new(game).unwrap().fit(Span::Steps(50), &mut Session::new().observer(&mut diary));
    let error = fitted.map(|_| ()).unwrap_err();
    let GanError::NonFinite { quantity, step, last_finite: Some((before, last)), .. } = &error
    else {
        panic!("expected a game that diverges after a finite step, found: {error}");
    };
    assert!(quantity.contains("critic") || quantity.contains("generator"), "{quantity}");
    assert!(before < step && last.iter().all(|each| each.value.is_finite()), "{before} {step}");
    let expected = format!("; after step {before} there was: critic/loss {}", last[0].value);
    assert!(error.to_string().contains(&expected), "{error}");
    assert_eq!(diary.entries.last(), Some(&format!("diverged at {step}: {error}")));
}
