//! A tiny game: an affine generator against a small critic, on draws from a known Gaussian.

use std::cell::Cell;
use std::convert::Infallible;

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::leaky_relu;
use burn::tensor::{Device, Tensor};
use gan_core::batch::{Batch, BatchSource};
use gan_core::latent::{LatentPrior, Latents};
use gan_core::learner::{Game, Learner};
use gan_core::loss::{NonSaturating, Scores};
use gan_core::optimizer::OptimizerConfig;
use gan_core::player::{Critic, Generator, Player, Players};
use gan_core::rules::Rules;
use gan_core::seed::{Seed, Stream};
use gan_core::weights::{WeightInit, initialize};

thread_local! {
    /// Forward passes of generators in this test.
    pub(crate) static PASSES: Cell<usize> = const { Cell::new(0) };
    /// And of critics.
    pub(crate) static LOOKS: Cell<usize> = const { Cell::new(0) };
}

#[derive(Module, Debug)]
pub(crate) struct Affine {
    map: Linear,
}

impl Generator<2> for Affine {
    fn latent_dim(&self) -> usize {
        1
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        PASSES.set(PASSES.get() + 1);
        self.map.forward(latents.noise)
    }
}

#[derive(Module, Debug)]
pub(crate) struct Judge {
    hidden: Linear,
    score: Linear,
}

impl Critic<2> for Judge {
    fn score(&self, batch: Batch<2>) -> Scores {
        LOOKS.set(LOOKS.get() + 1);
        let hidden = leaky_relu(self.hidden.forward(batch.samples), 0.2);
        Scores::new(self.score.forward(hidden))
    }
}

/// Batches of 64 draws from `N(mean, deviation²)`.
pub(crate) struct Gaussian {
    pub(crate) mean: f32,
    pub(crate) deviation: f32,
    position: u64,
    draws: Stream,
}

impl BatchSource<2> for Gaussian {
    type Error = Infallible;

    fn next_batch(&mut self) -> Result<Batch<2>, Infallible> {
        let mut rng = self.draws.draw(self.position);
        self.position += 1;
        let noise = LatentPrior::Normal.draw([64, 1], &mut rng, &Device::flex());
        Ok(Batch::unlabeled(noise * self.deviation + self.mean))
    }

    fn batch_size(&self) -> usize {
        64
    }

    fn batches_per_epoch(&self) -> u64 {
        10
    }

    fn position(&self) -> u64 {
        self.position
    }

    fn seek(&mut self, position: u64) {
        self.position = position;
    }
}

pub(crate) type GaussianLearner = Learner<Affine, Judge, Gaussian, 2>;

pub(crate) fn players(seed: Seed) -> Players<Affine, Judge> {
    let device = Device::flex().autodiff();
    let generator = Affine { map: LinearConfig::new(1, 1).init(&device) };
    let critic = Judge {
        hidden: LinearConfig::new(1, 16).init(&device),
        score: LinearConfig::new(16, 1).init(&device),
    };
    let weights = |name| seed.stream(name);
    let rule = WeightInit::FanIn;
    let adam = OptimizerConfig::adam(1e-2, 0.5, 0.9);
    Players::new(
        Player::new(initialize(generator, rule, &weights("generator"), &device), &adam),
        Player::new(initialize(critic, rule, &weights("critic"), &device), &adam),
    )
}

pub(crate) fn game(seed: u64, critic_steps: u64) -> Game<Affine, Judge, Gaussian> {
    let seed = Seed(seed);
    Game {
        players: players(seed),
        rules: Rules { critic_steps, ..Rules::alternating(NonSaturating::default()) },
        source: Gaussian { mean: 3.0, deviation: 0.5, position: 0, draws: seed.stream("data") },
        prior: LatentPrior::Normal,
        seed,
        device: Device::flex(),
        config: "a Gaussian".to_owned(),
    }
}

pub(crate) fn learner(seed: u64, critic_steps: u64) -> GaussianLearner {
    Learner::new(game(seed, critic_steps)).unwrap()
}

/// The bits of every weight, in the order of the structure.
pub(crate) fn bits<M: Module>(module: &M) -> Vec<u32> {
    struct Collect(Vec<u32>);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let values = param.val().into_data().try_to_vec_as::<f32>().unwrap();
            self.0.extend(values.into_iter().map(f32::to_bits));
        }
    }
    let mut collect = Collect(Vec::new());
    module.visit(&mut collect);
    collect.0
}
