//! The overhead of the learner over a step written by hand.
//!
//! Plays the same game twice in one process: once through `Learner::fit`, once as one would
//! write it in plain Burn, with the same data, networks, optimizers and draws of noise, and no
//! reports, events or checkpoints. Rounds alternate, so that a machine that slows down slows both.
//!
//! `cargo run --release -p gan-bench --bin learner`
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and its set-up is its own"
)]

use std::time::Instant;

use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::activation::softplus;
use burn::tensor::{Device, Tensor};
use gan_core::batch::{Batch, BatchSource, Drawn, Fakes};
use gan_core::kernels::AlignedMemory;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::learner::{Game, Learner};
use gan_core::player::{Critic, Generator};
use gan_core::progress::Span;
use gan_core::seed::Seed;
use gan_core::session::Session;
use gan_models::{Architecture, Networks, Recipe, RecipeKind, Training};

const ROUNDS: usize = 31;

/// As in programs that train.
#[global_allocator]
static MEMORY: AlignedMemory = AlignedMemory;

fn main() {
    // As programs that train do.
    gan_core::kernels::keep_freed_memory();
    println!("step by Learner / the same step by hand, {ROUNDS} alternating rounds, flex");
    println!(
        "{:<22} {:>12} {:>12} {:>26}",
        "game", "Learner", "by hand", "overhead: median (min, max)"
    );
    let moons = |batch| Recipe {
        training: Training { batch, ..RecipeKind::Gan.recipe().training },
        ..RecipeKind::Gan.recipe()
    };
    bench_mlp("gan, points, batch 50", &moons(50), 500);
    bench_mlp("gan, points, batch 250", &moons(250), 150);
    bench_dcgan("dcgan, batch 64", &RecipeKind::Dcgan.recipe(), 10);
}

fn bench_mlp(name: &str, recipe: &Recipe, steps: u64) {
    let Architecture::Mlp(config) = recipe.architecture else {
        return;
    };
    let networks = || config.init(&[2], 1, &Device::flex().autodiff()).expect("two coordinates");
    compare(name, &recipe.training, networks, [recipe.training.batch, 2], steps);
}

fn bench_dcgan(name: &str, recipe: &Recipe, steps: u64) {
    let Architecture::Dcgan(config) = recipe.architecture else {
        return;
    };
    let networks = || config.init(&[1, 32, 32], 1, &Device::flex().autodiff()).expect("32×32");
    compare(name, &recipe.training, networks, [recipe.training.batch, 1, 32, 32], steps);
}

fn compare<G: Generator<D>, C: Critic<D>, const D: usize>(
    name: &str,
    training: &Training,
    networks: impl Fn() -> Networks<G, C>,
    shape: [usize; D],
    steps: u64,
) {
    let mut learner = Some(learner(training, networks(), shape));
    let mut plain = Some(ByHand::new(training, networks(), shape));
    let mut seconds: Vec<[f64; 2]> = Vec::new();
    // The first round warms the caches and is not counted.
    for round in 0..=ROUNDS as u64 {
        let until = Span::Steps((round + 1) * steps);
        let mut by_learner = || {
            let playing = learner.take().expect("put back below");
            learner = Some(playing.fit(until, &mut Session::new()).expect("finite").learner);
        };
        let mut by_hand = || {
            let playing = plain.take().expect("put back below");
            plain = Some((0..steps).fold(playing, ByHand::step));
        };
        // Who goes first changes with every round.
        seconds.push(if round % 2 == 0 {
            [timed(&mut by_learner), timed(&mut by_hand)]
        } else {
            let by_hand = timed(&mut by_hand);
            [timed(&mut by_learner), by_hand]
        });
    }
    report(name, &seconds[1..], steps);
}

fn timed(play: &mut impl FnMut()) -> f64 {
    let began = Instant::now();
    play();
    began.elapsed().as_secs_f64()
}

fn report(name: &str, seconds: &[[f64; 2]], steps: u64) {
    let sorted = |value: &dyn Fn(&[f64; 2]) -> f64| {
        let mut values: Vec<f64> = seconds.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let middle = seconds.len() / 2;
    let milliseconds = |which: usize| sorted(&|s| s[which])[middle] * 1e3 / steps as f64;
    let overhead = sorted(&|s| (s[0] / s[1] - 1.0) * 100.0);
    println!(
        "{name:<22} {:>9.3} ms {:>9.3} ms {:>+11.1} % ({:+.1}, {:+.1})",
        milliseconds(0),
        milliseconds(1),
        overhead[middle],
        overhead[0],
        overhead[overhead.len() - 1],
    );
}

/// A real batch of any shape; the numbers do not matter to the clock.
fn real<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    let mut rng = Seed(3).stream("data").draw(0);
    let size = [shape[0], shape[1..].iter().product()];
    LatentPrior::Uniform.draw(size, &mut rng, &Device::flex()).reshape(shape)
}

fn learner<G: Generator<D>, C: Critic<D>, const D: usize>(
    training: &Training,
    networks: Networks<G, C>,
    shape: [usize; D],
) -> Learner<G, C, impl BatchSource<D>, D> {
    let (seed, device) = (Seed(1), Device::flex());
    let samples = real(shape);
    let game = Game {
        players: training.players(networks, seed, &device),
        rules: training.rules.clone(),
        source: Drawn::new(seed.stream("data"), shape[0], 1_000, move |_| {
            Batch::unlabeled(samples.clone())
        }),
        prior: training.prior,
        seed,
        device,
        config: String::new(),
    };
    Learner::new(game).expect("a recipe's rules")
}

/// The game as one writes it in plain Burn.
struct ByHand<G, C, const D: usize> {
    generator: G,
    critic: C,
    generator_optimizer: ModuleOptimizer,
    critic_optimizer: ModuleOptimizer,
    lr: f64,
    fakes: Fakes,
    real: Tensor<D>,
    latent: [usize; 2],
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> ByHand<G, C, D> {
    fn new(training: &Training, networks: Networks<G, C>, shape: [usize; D]) -> Self {
        let players = training.players(networks, Seed(1), &Device::flex());
        Self {
            latent: [shape[0], players.generator.module.latent_dim()],
            generator: players.generator.module,
            critic: players.critic.module,
            generator_optimizer: training.generator.init(),
            critic_optimizer: training.critic.init(),
            lr: training.generator.lr(),
            fakes: training.rules.fakes,
            real: real(shape),
        }
    }

    fn noise(&self, index: u64) -> Latents {
        let device = Device::flex().autodiff();
        let mut rng = Seed(1).stream("latent").draw(index);
        Latents::unlabeled(LatentPrior::Normal.draw(self.latent, &mut rng, &device))
    }

    fn scores(&self, real: Tensor<D>, fake: Tensor<D>) -> [Tensor<2>; 2] {
        let score = |samples| self.critic.score(Batch::unlabeled(samples)).raw();
        if self.critic.couples_samples() {
            return [score(real), score(fake)];
        }
        let both = score(Tensor::cat(vec![real, fake], 0));
        [0, 1].map(|half| both.clone().narrow(0, half * self.latent[0], self.latent[0]))
    }

    fn step(mut self, index: u64) -> Self {
        let noise = self.noise(2 * index);
        let made = match self.fakes {
            Fakes::Shared => self.generator.forward(noise),
            Fakes::Fresh => self.generator.clone().no_grad().forward(noise),
        };
        let fake = made.clone().detach();
        let real = Tensor::from_inner(self.real.clone());
        let [real, fake] = self.scores(real, fake);
        let loss = softplus(-real, 1.0).mean() + softplus(fake, 1.0).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &self.critic);
        self.critic = self.critic_optimizer.step(self.lr, self.critic, gradients);

        let fake = match self.fakes {
            Fakes::Shared => made,
            Fakes::Fresh => self.generator.forward(self.noise(2 * index + 1)),
        };
        let fake = self.critic.clone().no_grad().score(Batch::unlabeled(fake)).raw();
        let loss = softplus(-fake, 1.0).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &self.generator);
        self.generator = self.generator_optimizer.step(self.lr, self.generator, gradients);
        self
    }
}
