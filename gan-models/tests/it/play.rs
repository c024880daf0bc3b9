//! Every recipe, at reduced widths, through the steps, the checkpoint and back.
//!
//! Running statistics follow every pass in training mode, in the step of either player: the critic's its
//! passes over real and fake samples in both steps, the generator's the fakes that it makes for
//! either. Penalties leave them alone. (`fixtures` compares their values with PyTorch's.)

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_core::batch::{Batch, BatchSource, Drawn, MicroBatch, Part};
use gan_core::batch_statistics::BatchStatistics;
use gan_core::checkpoint::{Checkpoint, CheckpointPlan};
use gan_core::exchange::{Alone, Threads};
use gan_core::latent::{LatentPrior, Latents};
use gan_core::learner::{Game, Learner};
use gan_core::loss::Objective;
use gan_core::player::{Critic, Generator, Players};
use gan_core::progress::{Progress, Span};
use gan_core::seed::{RngKey, Seed};
use gan_core::session::Session;
use gan_core::step::{critic_step, generator_step};
use gan_models::{
    Architecture, ConvolutionalConfig, DcganConfig, MlpConfig, Networks, RecipeKind, ResidualConfig,
};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

/// A claim about games, whatever is played.
trait Claim {
    fn holds<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        &self,
        fresh: impl Fn() -> Game<G, C, S> + Sync,
    );
}

/// Check it on every recipe, with fewer maps and units.
fn holds_of_every_recipe(claim: impl Claim) {
    let device = Device::flex().autodiff();
    for kind in RecipeKind::ALL {
        let image = |side| [8, 1, side, side];
        match kind.recipe().architecture {
            Architecture::Mlp(mlp) => {
                let mlp = MlpConfig { latent: 3, hidden: 5, ..mlp };
                let of = |shape: &[usize]| mlp.init(shape, 1, &device).unwrap();
                if mlp.classes == 0 {
                    claim.holds(|| game(kind, 0, of(&[2]), [8, 2]));
                }
                claim.holds(|| game(kind, mlp.classes, of(&[1, 6, 6]), image(6)));
            }
            Architecture::Dcgan(_) => {
                let dcgan = DcganConfig { latent: 3, generator_width: 2, critic_width: 2 };
                let networks = || dcgan.init(&[1, 32, 32], 1, &device).unwrap();
                claim.holds(|| game(kind, 0, networks(), image(32)));
            }
            Architecture::Conv(conv) => {
                let conv =
                    ConvolutionalConfig { latent: 3, generator_width: 2, critic_width: 2, ..conv };
                let networks = || conv.init(&[1, 28, 28], 1, &device).unwrap();
                claim.holds(|| game(kind, conv.classes, networks(), image(28)));
            }
            Architecture::Residual(residual) => {
                let residual =
                    ResidualConfig { latent: 3, generator_width: 2, critic_width: 2, ..residual };
                let networks = || residual.init(&[1, 28, 28], 1, &device).unwrap();
                claim.holds(|| game(kind, 0, networks(), image(28)));
            }
            other => panic!("no reduced form of {other:?}"),
        }
    }
}

pub(crate) fn game<G: Module, C: Module, const D: usize>(
    kind: RecipeKind,
    classes: usize,
    networks: Networks<G, C>,
    shape: [usize; D],
) -> Game<G, C, impl BatchSource<D>> {
    let training = kind.recipe().training;
    let (seed, device) = (Seed(2), Device::flex());
    Game {
        players: training.players(networks, seed, &device),
        rules: training.rules.clone(),
        source: noise(shape, classes),
        prior: training.prior,
        seed,
        device,
        config: String::new(),
    }
}

/// Samples of noise, of any shape: enough to move every weight.
fn noise<const D: usize>(
    shape: [usize; D],
    classes: usize,
) -> Drawn<impl FnMut(&mut ChaCha8Rng) -> Batch<D>> {
    let size = [shape[0], shape[1..].iter().product()];
    Drawn::new(Seed(3).stream("data"), shape[0], 4, move |rng| {
        let noise = LatentPrior::Uniform.draw(size, rng, &Device::flex());
        Batch { samples: noise.reshape(shape), labels: labels(shape[0], classes) }
    })
}

/// One class after the other, if there are any.
fn labels(count: usize, classes: usize) -> Option<Tensor<1, Int>> {
    let labels = || (0..count).map(|index| (index % classes) as i64).collect::<Vec<_>>();
    let tensor = || Tensor::from_data(TensorData::new(labels(), [count]), &Device::flex());
    (classes > 0).then(tensor)
}

#[derive(PartialEq, Debug)]
pub(crate) struct Bits {
    pub(crate) weights: Vec<u32>,
    running: Vec<u32>,
    /// Vectors of spectral norm.
    others: Vec<u32>,
}

/// The bits of a module's trained weights, of its running statistics and of what else it has.
pub(crate) fn bits<M: Module>(module: &M) -> Bits {
    struct Collect(Bits, Vec<String>);
    impl ModuleVisitor for Collect {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.1.push(name.to_owned());
        }

        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.1.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let values = param.base().into_data().try_to_vec_as::<f32>().unwrap();
            let is_running = self.1.last().is_some_and(|field| field.starts_with("running_"));
            let into = match (param.is_require_grad(), is_running) {
                (true, _) => &mut self.0.weights,
                (false, true) => &mut self.0.running,
                (false, false) => &mut self.0.others,
            };
            into.extend(values.into_iter().map(f32::to_bits));
        }
    }
    let empty = Bits { weights: Vec::new(), running: Vec::new(), others: Vec::new() };
    let mut collect = Collect(empty, Vec::new());
    // A parked update of the running statistics becomes visible through `valid`.
    let _ = module.valid();
    module.visit(&mut collect);
    collect.0
}

struct EachStepMovesItsOwnPlayerOnly;

impl Claim for EachStepMovesItsOwnPlayerOnly {
    fn holds<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        &self,
        fresh: impl Fn() -> Game<G, C, S> + Sync,
    ) {
        let Game { mut players, rules, mut source, .. } = fresh();
        let vectors = Seed(2).stream("constraint");
        players.critic.module = rules.constraint.attach(players.critic.module, &vectors);
        let real = source.next_batch().unwrap().tracked();
        let micro_batch = |generator: &G, index| {
            let (mut rng, device) = (Seed(4).stream("latent").draw(index), Device::flex());
            let noise = LatentPrior::Normal.draw([8, 3], &mut rng, &device.autodiff());
            let latents = Latents { noise, labels: real.labels.clone() };
            let fake = generator.generate(latents);
            MicroBatch { real: real.clone(), fake, key: RngKey::new(Seed(4), index) }
        };
        let look = |players: &Players<G, C>| {
            (bits(&players.generator.module), bits(&players.critic.module))
        };
        let progress = Progress { step: 0, steps_per_epoch: 10 };
        let start = look(&players);
        let given = [micro_batch(&players.generator.frozen(), 0)];
        let (players, _) =
            critic_step(players, &rules, &Objective::of(&rules), progress, &Alone, given).unwrap();
        let after_critic = look(&players);
        let given = [micro_batch(&players.generator.module, 1)];
        let (players, _) =
            generator_step(players, &rules, &Objective::of(&rules), progress, &Alone, given)
                .unwrap();
        let after_generator = look(&players);

        assert_eq!(start.0.weights, after_critic.0.weights);
        assert_ne!(start.1.weights, after_critic.1.weights);
        assert_ne!(after_critic.0.weights, after_generator.0.weights);
        assert_eq!(after_critic.1.weights, after_generator.1.weights);
        // The power iteration belongs to the critic's step.
        assert_eq!(after_critic.1.others, after_generator.1.others);
        for (start, after_critic, after_generator) in [
            (start.0.running, after_critic.0.running, after_generator.0.running),
            (start.1.running, after_critic.1.running, after_generator.1.running),
        ] {
            let normalizes = !start.is_empty();
            assert_eq!(start != after_critic, normalizes);
            assert_eq!(after_critic != after_generator, normalizes);
        }
    }
}

#[test]
fn steps_move_one_player_at_a_time() {
    holds_of_every_recipe(EachStepMovesItsOwnPlayerOnly);
}

struct CriticsKnowWhetherTheyCoupleSamples;

impl Claim for CriticsKnowWhetherTheyCoupleSamples {
    fn holds<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        &self,
        fresh: impl Fn() -> Game<G, C, S> + Sync,
    ) {
        let Game { players, mut source, .. } = fresh();
        let critic = players.critic.frozen();
        let batches = [(); 2].map(|()| source.next_batch().unwrap().tracked());
        let scores = |batch| critic.score(batch).raw().into_data().try_to_vec_as::<f32>().unwrap();
        let apart = batches.clone().map(scores).concat();
        let [Batch { samples: a, labels }, Batch { samples: b, labels: others }] = batches;
        let together = scores(Batch {
            samples: Tensor::cat(vec![a, b], 0),
            labels: labels.zip(others).map(|(a, b)| Tensor::cat(vec![a, b], 0)),
        });
        let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-5 * (1.0 + b.abs());
        let is_same = together.iter().zip(&apart).all(near);
        assert_eq!(is_same, !critic.couples_samples(), "{together:?} {apart:?}");
    }
}

#[test]
fn critics_that_couple_no_samples_score_two_batches_in_one_pass_as_in_two() {
    holds_of_every_recipe(CriticsKnowWhetherTheyCoupleSamples);
}

struct ResumingEqualsGoingOn;

impl Claim for ResumingEqualsGoingOn {
    fn holds<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        &self,
        fresh: impl Fn() -> Game<G, C, S> + Sync,
    ) {
        let dir = TempDir::new().unwrap();
        let plan =
            CheckpointPlan { dir: dir.path().to_owned(), every: Span::Steps(3).into(), keep: 2 };
        let play = |learner: Learner<G, C, S, D>, until| {
            learner
                .fit(Span::Steps(until), &mut Session::new().checkpoints(plan.clone()))
                .unwrap()
                .learner
        };
        let learner = || Learner::new(fresh()).unwrap();
        play(learner(), 3);
        let saved = Checkpoint::open(&Checkpoint::list(&plan.dir).unwrap()[0]).unwrap();
        let resumed = play(learner().resume(&saved).unwrap(), 6);
        let whole = learner().fit(Span::Steps(6), &mut Session::new()).unwrap().learner;
        let look = |learner: &Learner<G, C, S, D>| {
            let players = learner.players();
            let average = players.ema.as_ref().map(|average| bits(&average.module));
            (bits(&players.generator.module), bits(&players.critic.module), average)
        };
        assert_eq!(look(&whole), look(&resumed));
    }
}

#[test]
fn resuming_equals_going_on_bit_for_bit() {
    holds_of_every_recipe(ResumingEqualsGoingOn);
}

/// Batch normalization by micro-batch or over all of them, penalties, spectral norm, the EMA: all of it
/// is the same whoever computes it.
struct AnyNumberOfRanksMakesTheSameBits(BatchStatistics);

impl Claim for AnyNumberOfRanksMakesTheSameBits {
    fn holds<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        &self,
        fresh: impl Fn() -> Game<G, C, S> + Sync,
    ) {
        let play = |rank: Threads| {
            let Game { players, mut rules, source, prior, seed, device, config } = fresh();
            rules.accumulation = 4;
            rules.batch_statistics = self.0;
            let source = Part::of(source, rules.accumulation, &rank);
            let game = Game { players, rules, source, prior, seed, device, config };
            let learner = Learner::new(game).unwrap().with_exchange(rank).unwrap();
            let learner = learner.fit(Span::Steps(2), &mut Session::new()).unwrap().learner;
            let Players { generator, critic, ema } = learner.players();
            (
                bits(&generator.module),
                bits(&critic.module),
                ema.as_ref().map(|ema| bits(&ema.module)),
            )
        };
        let on = |ranks| {
            let play = &play;
            std::thread::scope(|scope| {
                let all: Vec<_> = Threads::all(ranks)
                    .into_iter()
                    .map(|rank| scope.spawn(move || play(rank)))
                    .collect();
                all.into_iter().map(|rank| rank.join().unwrap()).collect::<Vec<_>>()
            })
        };
        let alone = on(1).remove(0);
        for ranks in [2, 4] {
            assert!(on(ranks).iter().all(|found| *found == alone), "{ranks} ranks");
        }
    }
}

#[test]
fn every_recipe_has_the_same_bits_on_one_two_and_four_ranks() {
    holds_of_every_recipe(AnyNumberOfRanksMakesTheSameBits(BatchStatistics::Ghost));
}

#[test]
fn synchronized_batch_statistics_have_the_same_bits_on_one_two_and_four_ranks() {
    holds_of_every_recipe(AnyNumberOfRanksMakesTheSameBits(BatchStatistics::Synchronized));
}
