//! Small games: a line, where everything is known, and the ring of eight Gaussians.

use std::convert::Infallible;
use std::f64::consts::TAU;

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};
use gan_core::batch::{Batch, BatchSource, Drawn};
use gan_core::forward_mode::Mode;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::optimizer::OptimizerConfig;
use gan_core::player::{ForwardPass, Generator, Player, Players};
use gan_core::seed::Seed;
use gan_core::weights::{WeightInit, initialize};

/// The optimizer of players whose own is not used.
const UNUSED: OptimizerConfig =
    OptimizerConfig::Adam { lr: 1.0, beta_1: 0.0, beta_2: 0.0, epsilon: 1.0 };

fn device() -> Device {
    Device::flex().autodiff()
}

pub(crate) fn players<G: Module, C: Module>(generator: G, critic: C) -> Players<G, C> {
    Players::new(Player::new(generator, &UNUSED), Player::new(critic, &UNUSED))
}

/// `offset + deviation·z`, with `z` of unit variance.
#[derive(Module, Debug)]
pub(crate) struct Shift {
    offset: Param<Tensor<1>>,
    deviation: f64,
}

pub(crate) fn shift(offset: f32, deviation: f64) -> Shift {
    Shift { offset: Param::from_tensor(Tensor::from_data([offset], &device())), deviation }
}

impl Generator<2> for Shift {
    fn latent_dim(&self) -> usize {
        1
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        latents.noise * self.deviation + self.offset.val().unsqueeze()
    }
}

/// `w·x + b`.
#[derive(Module, Debug)]
pub(crate) struct Line {
    score: Linear,
}

pub(crate) fn line(slope: f32, intercept: f32) -> Line {
    let weight = Param::from_tensor(Tensor::from_data([[slope]], &device()));
    let bias = Param::from_tensor(Tensor::from_data([intercept], &device()));
    Line { score: Linear { weight, bias: Some(bias) } }
}

impl ForwardPass<2> for Line {
    fn forward<M: Mode>(&self, mode: &M, samples: M::T<2>, _: Option<Tensor<1, Int>>) -> M::T<2> {
        mode.linear(&self.score, samples)
    }
}

/// Batches of 256 normal draws around `mean`.
pub(crate) fn real_line(
    mean: f64,
    deviation: f64,
    seed: u64,
) -> impl BatchSource<2, Error = Infallible> {
    Drawn::new(Seed(seed).stream("data"), 256, 100, move |rng| {
        let noise = LatentPrior::Normal.draw([256, 1], rng, &Device::flex());
        Batch::unlabeled(noise * deviation + mean)
    })
}

/// Some of the eight modes of the ring, and how far off they are.
#[derive(Module, Debug)]
pub(crate) struct Ring {
    offset: Param<Tensor<1>>,
    modes: usize,
}

pub(crate) fn ring(modes: usize) -> Ring {
    Ring { offset: Param::from_tensor(Tensor::zeros([2], &device())), modes }
}

/// Points around the first `modes` of eight modes on the unit circle, by uniform noise.
fn points(noise: Tensor<2>, modes: usize) -> Tensor<2> {
    let [n, _] = noise.dims();
    let which = (noise.clone().narrow(1, 0, 1) + 1.0) * (0.5 * modes as f64);
    let angle = which.floor().clamp(0.0, modes as f64 - 1.0) * (TAU / 8.0);
    let around = noise.narrow(1, 1, 2) * 0.1;
    Tensor::cat(vec![angle.clone().cos(), angle.sin()], 1).reshape([n, 2]) + around
}

impl Generator<2> for Ring {
    fn latent_dim(&self) -> usize {
        3
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        points(latents.noise, self.modes) + self.offset.val().unsqueeze()
    }
}

/// Batches of 128 points of the whole ring.
pub(crate) fn real_ring(seed: u64) -> impl BatchSource<2, Error = Infallible> {
    Drawn::new(Seed(seed).stream("data"), 128, 100, |rng| {
        Batch::unlabeled(points(LatentPrior::Uniform.draw([128, 3], rng, &Device::flex()), 8))
    })
}

/// Two hidden layers over points, or over packs of them.
#[derive(Module, Debug)]
pub(crate) struct Judge {
    first: Linear,
    second: Linear,
    score: Linear,
}

pub(crate) fn judge(coordinates: usize) -> Judge {
    let judge = Judge {
        first: LinearConfig::new(coordinates, 64).init(&device()),
        second: LinearConfig::new(64, 64).init(&device()),
        score: LinearConfig::new(64, 1).init(&device()),
    };
    initialize(judge, WeightInit::FanIn, &Seed(5).stream("critic"), &device())
}

impl ForwardPass<2> for Judge {
    fn forward<M: Mode>(&self, mode: &M, samples: M::T<2>, _: Option<Tensor<1, Int>>) -> M::T<2> {
        let hidden = mode.leaky_relu(mode.linear(&self.first, samples), 0.2);
        let hidden = mode.leaky_relu(mode.linear(&self.second, hidden), 0.2);
        mode.linear(&self.score, hidden)
    }
}

/// A generator of points of two classes, with batch normalization.
#[derive(Module, Debug)]
pub(crate) struct Normed {
    class: Embedding,
    hidden: Linear,
    norm: BatchNorm,
    point: Linear,
}

/// A critic of points of two classes, with batch normalization.
#[derive(Module, Debug)]
pub(crate) struct NormedJudge {
    class: Embedding,
    hidden: Linear,
    norm: BatchNorm,
    score: Linear,
}

pub(crate) fn normed() -> Players<Normed, NormedJudge> {
    let generator = Normed {
        class: EmbeddingConfig::new(2, 3).init(&device()),
        hidden: LinearConfig::new(3, 16).init(&device()),
        norm: BatchNormConfig::new(16).init(&device()),
        point: LinearConfig::new(16, 2).init(&device()),
    };
    let critic = NormedJudge {
        class: EmbeddingConfig::new(2, 16).init(&device()),
        hidden: LinearConfig::new(2, 16).init(&device()),
        norm: BatchNormConfig::new(16).init(&device()),
        score: LinearConfig::new(16, 1).init(&device()),
    };
    let (seed, rule) = (Seed(6), WeightInit::FanIn);
    let adam = OptimizerConfig::adam(1e-3, 0.5, 0.9);
    Players::new(
        Player::new(initialize(generator, rule, &seed.stream("generator"), &device()), &adam),
        Player::new(initialize(critic, rule, &seed.stream("critic"), &device()), &adam),
    )
}

impl Generator<2> for Normed {
    fn latent_dim(&self) -> usize {
        3
    }

    fn classes(&self) -> usize {
        2
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        let labels = latents.labels.unwrap().unsqueeze_dim::<2>(1);
        let asked = latents.noise + self.class.forward(labels).squeeze_dim::<2>(1);
        let hidden = self.norm.forward(self.hidden.forward(asked)).tanh();
        self.point.forward(hidden)
    }
}

impl ForwardPass<2> for NormedJudge {
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<2>,
        labels: Option<Tensor<1, Int>>,
    ) -> M::T<2> {
        let class = self.class.forward(labels.unwrap().unsqueeze_dim::<2>(1)).squeeze_dim::<2>(1);
        let hidden = mode.batch_norm(&self.norm, mode.linear(&self.hidden, samples));
        mode.linear(&self.score, mode.add(mode.leaky_relu(hidden, 0.2), mode.constant(class)))
    }
}

/// Batches of 32 points of the ring, labeled left or right.
pub(crate) fn labeled_ring(seed: u64) -> impl BatchSource<2, Error = Infallible> {
    Drawn::new(Seed(seed).stream("data"), 32, 3, |rng| {
        let samples = points(LatentPrior::Uniform.draw([32, 3], rng, &Device::flex()), 8);
        let left = samples.clone().narrow(1, 0, 1).lower_elem(0.0).squeeze_dim::<1>(1);
        Batch { samples, labels: Some(left.int()) }
    })
}

/// The bits of every weight and running statistic.
pub(crate) fn bits<M: Module>(module: &M) -> Vec<u32> {
    struct Collect(Vec<u32>);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let values = param.val().into_data().try_to_vec_as::<f32>().unwrap();
            self.0.extend(values.into_iter().map(f32::to_bits));
        }
    }
    let mut collect = Collect(Vec::new());
    module.valid().visit(&mut collect);
    collect.0
}
