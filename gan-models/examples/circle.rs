//! Trains the recipe `gan`'s fully connected networks on a circle: `cargo run --example circle`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use std::f32::consts::TAU;

use burn::tensor::{Device, Tensor, TensorData};
use gan_core::prelude::*;
use gan_models::{MlpConfig, RecipeKind};
use rand::RngExt;

/// 250 points of the unit circle.
fn circle(rng: &mut impl rand::Rng) -> Batch<2> {
    let angles = (0..250).map(|_| TAU * rng.random::<f32>());
    let points: Vec<f32> = angles.flat_map(|t| [t.cos(), t.sin()]).collect();
    let points = TensorData::new(points, [250, 2]);
    Batch::unlabeled(Tensor::from_data(points, &Device::default()))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (seed, device) = (Seed(0), Device::default());
    let mut training = RecipeKind::Gan.recipe().training;
    training.generator = OptimizerConfig::adam(1e-3, 0.9, 0.999);
    training.critic = training.generator;
    let networks = MlpConfig::default().init(&[2], 1, &device.clone().autodiff())?;
    let players = training.players(networks, seed, &device);
    let prior = training.prior;
    let game = Game {
        players,
        rules: training.rules.clone(),
        source: Drawn::new(seed.stream("circle"), 250, 40, circle),
        prior,
        seed,
        device: device.clone(),
        config: String::new(),
    };
    let fitted = Learner::new(game)?.fit(Span::Steps(4_000), &mut Session::new())?;

    let noise = prior.draw([1_000, 32], &mut seed.stream("test").draw(0), &device);
    let generator = fitted.learner.players().generator.for_inference();
    let points: Tensor<2> = generator.forward(Latents::unlabeled(noise));
    let radius = points.square().sum_dim(1).sqrt().mean().into_scalar::<f32>();
    println!("the generated points have a mean radius of {radius:.3}");
    Ok(())
}
