//! A user-defined loss: `cargo run --example own_loss`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::tensor::{Device, Tensor};
use gan_core::prelude::*;
use gan_models::{MlpConfig, RecipeKind};

/// The squares of the least-squares loss around custom targets: real −1, fake 1, generator 0
/// (Mao et al. 2017, arXiv:1611.04076, eq. 8 with a = 1, b = −1, c = 0).
struct Pearson;

/// `½ E (score − target)²`.
fn square(scores: &Scores, target: f64) -> Tensor<1> {
    (scores.raw() - target).square().mean() / 2.0
}

impl AdversarialLoss for Pearson {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        square(real, -1.0) + square(fake, 1.0)
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        square(fake, 0.0)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (seed, device) = (Seed(0), Device::default());
    let mut training = RecipeKind::Gan.recipe().training;
    training.generator = OptimizerConfig::adam(5e-4, 0.5, 0.9);
    training.critic = training.generator;
    let networks = MlpConfig::default().init(&[2], 1, &device.clone().autodiff())?;
    let game = Game {
        players: training.players(networks, seed, &device),
        rules: training.rules,
        source: Drawn::new(seed.stream("blob"), 100, 100, |rng| {
            Batch::unlabeled(LatentPrior::Normal.draw([100, 2], rng, &Device::default()) + 2.0)
        }),
        prior: training.prior,
        seed,
        device: device.clone(),
        config: String::new(),
    };
    let learner = Learner::new(game)?.with_loss(Pearson)?;
    let learner = learner.fit(Span::Steps(3_000), &mut Session::new())?.learner;
    let (generator, stream) = (learner.players().for_sampling(), seed.stream("test"));
    let sampler = Sampler::new(generator, training.prior, stream, &device);
    let points: Tensor<2> = sampler.draw(&Selection::Unlabeled(1_000));
    println!("the points have a mean of {:.2}, wanted 2", points.mean().into_scalar::<f32>());
    Ok(())
}
