//! Micro-batches in lockstep beside the whole batch.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_kernels::Activation;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::batch::micro_batch::Generated;
use crate::batch::{Batch, Drawn, Fakes, MicroBatch, Part};
use crate::exchange::{Alone, Threads};
use crate::forward_mode::Mode;
use crate::latent::{LatentPrior, Latents};
use crate::learner::{Game, Learner};
use crate::loss::{NonSaturating, Objective};
use crate::optimizer::OptimizerConfig;
use crate::penalty::{
    BatchNormUnderPenalty, CriticPenalty, Penalty, PenaltyInputs, PenaltyTerm, R1,
};
use crate::player::{ForwardPass, Generator, Player, Players};
use crate::progress::{Progress, Span};
use crate::rules::Schedule;
use crate::seed::{RngKey, Seed};
use crate::session::Session;
use crate::step::{critic_step, descend_generator, generator_step};

const START: Progress = Progress { step: 0, steps_per_epoch: 10 };

fn device() -> Device {
    Device::flex().autodiff()
}

#[derive(Module, Debug)]
struct Maker {
    hidden: Linear,
    norm: Option<BatchNorm>,
    last: Linear,
    /// Whether the layer is run by Burn, which synchronizes nothing.
    by_burn: bool,
}

impl Generator<2> for Maker {
    fn latent_dim(&self) -> usize {
        3
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        let hidden = self.hidden.forward(latents.noise);
        let hidden = match &self.norm {
            Some(norm) if self.by_burn => norm.forward(hidden),
            Some(norm) => gan_kernels::batch_norm(norm, hidden, Activation::Tanh),
            None => hidden.tanh(),
        };
        self.last.forward(hidden)
    }
}

#[derive(Module, Debug)]
struct Judge {
    hidden: Linear,
    norm: Option<BatchNorm>,
    score: Linear,
}

impl ForwardPass<2> for Judge {
    fn forward<M: Mode>(&self, mode: &M, samples: M::T<2>, _: Option<Tensor<1, Int>>) -> M::T<2> {
        let hidden = mode.linear(&self.hidden, samples);
        let hidden = match &self.norm {
            Some(norm) => mode.batch_norm(norm, hidden),
            None => hidden,
        };
        mode.linear(&self.score, mode.tanh(hidden))
    }
}

/// Numbers without an order that are always the same, however many threads ask.
fn scattered<const D: usize>(shape: [usize; D], first: usize) -> Tensor<D> {
    let numbers: Vec<f32> =
        (0..shape.iter().product()).map(|at| ((first + at) as f32 * 2.3).sin()).collect();
    Tensor::from_data(TensorData::new(numbers, shape), &device())
}

/// Weights that are always the same.
struct Scatter(usize);

impl ModuleMapper for Scatter {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !param.is_require_grad() {
            return param;
        }
        let shape = param.lazy_shape().dims();
        self.0 += 100;
        Param::initialized(param.id, (scattered::<D>(shape, self.0) + 0.3).require_grad())
    }
}

fn players() -> Players<Maker, Judge> {
    players_with([true, true])
}

/// With batch normalization in the generator, or in the critic, or in both.
fn players_with(norms: [bool; 2]) -> Players<Maker, Judge> {
    let linear = |from, to| LinearConfig::new(from, to).init(&device());
    let [of_maker, of_judge] =
        norms.map(|has| has.then(|| BatchNormConfig::new(6).init(&device())));
    let (hidden, last) = (linear(3, 6), linear(6, 2));
    let maker = Maker { hidden, norm: of_maker, last, by_burn: false };
    let judge = Judge { hidden: linear(2, 6), norm: of_judge, score: linear(6, 1) };
    let (maker, judge) = (maker.map(&mut Scatter(0)), judge.map(&mut Scatter(1_000)));
    // Nearly along the gradient: where that is zero but for rounding, weights stay.
    let optimizer = OptimizerConfig::RmsProp { lr: 0.5, alpha: 0.99, epsilon: 1.0 };
    Players::new(Player::new(maker, &optimizer), Player::new(judge, &optimizer))
}

fn rules() -> Rules {
    let batch_statistics = BatchStatistics::Synchronized;
    Rules { batch_statistics, ..Rules::alternating(NonSaturating::default()) }
}

/// A batch of 24 real samples and latents, in as many equal parts.
fn parts(n: usize) -> Vec<(Batch<2>, Latents)> {
    let (real, noise) = (scattered([24, 2], 5), scattered([24, 3], 500));
    let each = 24 / n;
    let part = |index| {
        let rows = index * each..(index + 1) * each;
        let samples = real.clone().slice([rows.clone()]);
        let noise = noise.clone().slice([rows]);
        (Batch { samples, labels: None }, Latents { noise, labels: None })
    };
    (0..n).map(part).collect()
}

/// Trained weights and running statistics.
fn numbers<M: Module>(module: &M) -> Vec<f32> {
    struct Read(Vec<f32>);
    impl ModuleVisitor for Read {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(param.base().into_data().iter::<f32>());
        }
    }
    let _ = module.valid();
    let mut read = Read(Vec::new());
    module.visit(&mut read);
    read.0
}

/// Both updates of a game that is dealt `parts`, of all of which this rank has its own.
fn play(n: usize, exchange: &dyn Exchange) -> Vec<f32> {
    let (players, rules, objective) = (players(), rules(), Objective::of(&rules()));
    let (rank, own) = (exchange.rank() as usize, n / exchange.ranks() as usize);
    let given = || parts(n).into_iter().skip(rank * own).take(own);
    let pace = Pace::of(&rules, &players.generator.module, own, exchange);
    let generate = |(by, (real, latents)): (Maker, (Batch<2>, Latents))| {
        let fake = by.generate(latents);
        Generated { by, micro_batch: MicroBatch { real, fake, key: RngKey::new(Seed(3), 0) } }
    };
    let mut made = Vec::new();
    let frozen = players.generator.frozen();
    let dealt = pace.copies(frozen, own).zip(given());
    pace.each(dealt, |each| Ok(generate(each)), |each| made.push(each.micro_batch)).unwrap();
    let (players, report) =
        critic_step(players, &rules, &objective, START, exchange, made).unwrap();
    let generator = players.generator.module.clone();
    let pace = Pace::of(&rules, &generator, own, exchange);
    let dealt = pace.copies(generator, own).zip(given());
    let given = dealt.map(|each| move || generate(each));
    let (players, of_generator) =
        descend_generator(players, &rules, &objective, START, exchange, given).unwrap();
    let mut all = numbers(&players.generator.module);
    all.extend(numbers(&players.critic.module));
    all.extend(report.fake.raw().into_data().iter::<f32>());
    all.extend(of_generator.loss.into_data().iter::<f32>());
    all
}

#[test]
fn synchronized_micro_batches_make_the_updates_of_the_whole_batch() {
    let whole = play(1, &Alone);
    for n in [2, 4, 8] {
        let found = play(n, &Alone);
        assert_eq!(found.len(), whole.len());
        for (at, (found, whole)) in found.iter().zip(&whole).enumerate() {
            assert!(
                (found - whole).abs() <= 2e-5 * (1.0 + whole.abs()),
                "{n}, {at}: {found} {whole}"
            );
        }
        for ranks in [2, n] {
            thread::scope(|scope| {
                let all: Vec<_> = Threads::all(ranks)
                    .into_iter()
                    .map(|rank| scope.spawn(move || play(n, &rank)))
                    .collect();
                for rank in all {
                    assert!(rank.join().unwrap() == found, "{n} micro-batches on {ranks} ranks");
                }
            });
        }
    }
}

/// The weights and statistics of a learner after three steps of four micro-batches each.
fn learned(norms: [bool; 2], fakes: Fakes, rank: Threads) -> Vec<f32> {
    let draw = |rng: &mut ChaCha8Rng| {
        let samples = LatentPrior::Uniform.draw([6, 2], rng, &Device::flex());
        Batch { samples, labels: None }
    };
    let rules = Rules { fakes, accumulation: 4, critic_steps: 2, ..rules() };
    let game = Game {
        players: players_with(norms),
        source: Part::of(Drawn::new(Seed(3).stream("data"), 6, 4, draw), rules.accumulation, &rank),
        rules,
        prior: LatentPrior::Normal,
        seed: Seed(4),
        device: Device::flex(),
        config: String::new(),
    };
    let learner = Learner::new(game).unwrap().with_exchange(rank).unwrap();
    let learner = learner.fit(Span::Steps(3), &mut Session::new()).unwrap().learner;
    let Players { generator, critic, .. } = learner.players();
    [numbers(&generator.module), numbers(&critic.module)].concat()
}

#[test]
fn a_learner_synchronizes_whichever_network_has_batch_normalization() {
    for norms in [[true, true], [true, false], [false, true]] {
        for fakes in [Fakes::Fresh, Fakes::Shared] {
            let on = |ranks| {
                thread::scope(|scope| {
                    let all: Vec<_> = Threads::all(ranks)
                        .into_iter()
                        .map(|rank| scope.spawn(move || learned(norms, fakes, rank)))
                        .collect();
                    all.into_iter().map(|rank| rank.join().unwrap()).collect::<Vec<_>>()
                })
            };
            let alone = on(1).remove(0);
            for ranks in [2, 4] {
                assert!(on(ranks).iter().all(|found| *found == alone), "{norms:?}, {fakes:?}");
            }
        }
    }
}

#[test]
fn ghosts_make_other_updates() {
    let mut ghosts = rules();
    ghosts.batch_statistics = BatchStatistics::Ghost;
    let step = |rules: &Rules| {
        let players = players();
        let micro_batch = |(real, latents)| {
            let fake = players.generator.frozen().generate(latents);
            MicroBatch { real, fake, key: RngKey::new(Seed(3), 0) }
        };
        let given: Vec<_> = parts(4).into_iter().map(micro_batch).collect();
        let (players, _) =
            critic_step(players, rules, &Objective::of(rules), START, &Alone, given).unwrap();
        numbers(&players.critic.module)
    };
    assert_ne!(step(&ghosts), step(&rules()));
}

fn micro_batches(generator: &Maker) -> Vec<MicroBatch<2>> {
    let key = RngKey::new(Seed(3), 0);
    let micro_batch = |(real, latents)| MicroBatch { real, fake: generator.generate(latents), key };
    parts(2).into_iter().map(micro_batch).collect()
}

#[test]
fn a_generator_step_on_one_graph_is_refused() {
    let (players, rules) = (players(), rules());
    let given = micro_batches(&players.generator.module);
    let refused = generator_step(players, &rules, &Objective::of(&rules), START, &Alone, given);
    let message = refused.map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("made in lockstep"), "{message}");
}

#[test]
fn a_layer_that_is_not_synchronized_is_found() {
    let mut generator = players().generator.module;
    generator.by_burn = true;
    let pace = Pace::of(&rules(), &generator, 2, &Alone);
    let dealt = pace.copies(generator, 2).zip(parts(2));
    let made = pace.each(dealt, |(by, (_, latents))| Ok(by.generate(latents).len()), |_| ());
    let message = made.unwrap_err().to_string();
    assert!(message.contains("run neither by `gan_kernels::batch_norm`"), "{message}");
}

/// Cannot be worked out for some micro-batch.
struct Impossible(u64);

impl CriticPenalty<Judge, 2> for Impossible {
    fn name(&self) -> &str {
        "impossible"
    }

    fn term(
        &self,
        inputs: &PenaltyInputs<'_, Judge, 2>,
        _: Progress,
        key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        let is_this = |index| format!("{key:?}") == format!("{:?}", RngKey::new(Seed(3), index));
        if is_this(self.0) {
            let why = "cannot be worked out".to_owned();
            return Err(GanError::Rules { key: "penalties".to_owned(), why });
        }
        Ok(PenaltyTerm::direct(inputs.real_scores.raw().square().mean()))
    }
}

#[test]
fn the_error_of_one_micro_batch_ends_all_of_them() {
    for failing in [0, 1, 2] {
        let (players, rules) = (players(), rules());
        let mut objective = Objective::of(&rules);
        objective.penalties.push(Box::new(Impossible(failing)));
        let frozen = players.generator.frozen();
        let given = micro_batches(&frozen)
            .into_iter()
            .enumerate()
            .map(|(index, each)| MicroBatch { key: RngKey::new(Seed(3), index as u64), ..each });
        let given: Vec<_> = given.collect();
        let made = critic_step(players, &rules, &objective, START, &Alone, given);
        match made {
            Ok(_) => assert_eq!(failing, 2, "no micro-batch has that key"),
            Err(error) => assert!(error.to_string().contains("cannot be worked out"), "{error}"),
        }
    }
}

#[test]
fn a_panic_of_one_micro_batch_is_that_of_the_update() {
    let generator = players().generator.module;
    let pace = Pace::of(&rules(), &generator, 4, &Alone);
    let dealt = pace.copies(generator, 4).zip(parts(4)).enumerate();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let compute = |(index, (by, (_, latents))): (usize, (Maker, (Batch<2>, Latents)))| {
            assert_ne!(index, 2, "the third one cannot");
            Ok(by.generate(latents).len())
        };
        pace.each(dealt, compute, |_| ())
    }));
    let message = *caught.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("the third one cannot"), "{message}");
}

#[test]
fn a_gradient_penalty_through_a_normalized_critic_is_refused() {
    let Players { generator, critic, .. } = players();
    let mut rules = rules();
    rules.accumulation = 2;
    rules.penalties = vec![Penalty::R1(R1 { weight: 1.0, schedule: Schedule::default() })];
    rules.batch_norm_under_penalty = BatchNormUnderPenalty::Allow;
    let check = |rules: &Rules| {
        let (generator, critic) = (&generator.module, &critic.module);
        BatchStatistics::check(rules, generator, critic, &device())
    };
    let message = check(&rules).unwrap_err().to_string();
    assert!(message.contains("`r1` goes through the critic's batch normalization"), "{message}");
    rules.batch_statistics = BatchStatistics::Ghost;
    check(&rules).unwrap();
    rules.batch_statistics = BatchStatistics::Synchronized;
    rules.accumulation = 1;
    check(&rules).unwrap();
}
