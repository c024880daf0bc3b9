//! A user-defined recipe on `gan-core` alone, with a penalty: `cargo run --example own_recipe`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::{module::Module, nn, tensor::Device, tensor::Int, tensor::Tensor};
use gan_core::loss::NonSaturating;
use gan_core::penalty::R1;
use gan_core::prelude::*;
use gan_core::rules::Schedule;

#[derive(Module, Debug)]
struct Painter {
    hidden: nn::Linear,
    output: nn::Linear,
}

impl Generator<2> for Painter {
    fn latent_dim(&self) -> usize {
        2
    }
    fn forward(&self, latents: Latents) -> Tensor<2> {
        self.output.forward(self.hidden.forward(latents.noise).tanh())
    }
}

#[derive(Module, Debug)]
struct Judge {
    hidden: nn::Linear,
    score: nn::Linear,
}

impl ForwardPass<2> for Judge {
    fn forward<M: Mode>(&self, m: &M, x: M::T<2>, _: Option<Tensor<1, Int>>) -> M::T<2> {
        m.linear(&self.score, m.leaky_relu(m.linear(&self.hidden, x), 0.2))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (device, seed, prior) = (Device::default().autodiff(), Seed(0), LatentPrior::Normal);
    let linear = |from, to| nn::LinearConfig::new(from, to).init(&device);
    let (stream, adam) = (|name| seed.stream(name), OptimizerConfig::adam(1e-3, 0.0, 0.9));
    let painter = Painter { hidden: linear(2, 64), output: linear(64, 2) };
    let painter = initialize(painter, WeightInit::FanIn, &stream("painter"), &device);
    let judge = Judge { hidden: linear(2, 64), score: linear(64, 1) };
    let judge = initialize(judge, WeightInit::FanIn, &stream("judge"), &device);
    let players = Players::new(Player::new(painter, &adam), Player::new(judge, &adam));
    let mut rules = Rules::alternating(NonSaturating::default());
    rules.penalties.push(Penalty::R1(R1 { weight: 0.1, schedule: Schedule::default() }));
    let source = Drawn::new(stream("circle"), 128, 100, |rng| {
        Batch::unlabeled(LatentPrior::Sphere.draw([128, 2], rng, &Device::default()) / 2f32.sqrt())
    });
    let game = Game { players, rules, source, prior, seed, device, config: String::new() };
    let fitted = Learner::new(game)?.fit(Span::Steps(2_000), &mut Session::new())?;
    let painter = fitted.learner.players().for_sampling();
    let sampler = Sampler::new(painter, prior, stream("test"), &Device::default());
    let radius = sampler.draw(&Selection::Unlabeled(999)).square().sum_dim(1).sqrt();
    println!("the radii are {:.2} on average, wanted 1", radius.mean().into_scalar::<f32>());
    Ok(())
}
