//! Train the course's fully connected GAN on points of a circle that no data set knows.
//!
//! `cargo run --release -p gan-models --example circle`

use std::convert::Infallible;

use burn::tensor::{Device, Tensor};
use gan_core::{
    Batch, BatchSource, Game, Generator, Latents, Learner, OptimizerConfig, Seed, Span,
};
use gan_models::{MlpConfig, RecipeKind};

/// Batches of 250 points, evenly spread over the unit circle.
struct Circle(u64);

impl BatchSource<2> for Circle {
    type Error = Infallible;

    fn next_batch(&mut self) -> Result<Batch<2>, Infallible> {
        self.0 += 1;
        let angles =
            Tensor::<1, burn::tensor::Int>::arange(0..250, &Device::flex()).float() * 0.0251;
        Ok(Batch::unlabeled(Tensor::stack(
            vec![angles.clone().cos(), angles.sin()],
            1,
        )))
    }

    fn batch_size(&self) -> usize {
        250
    }

    fn batches_per_epoch(&self) -> u64 {
        1
    }

    fn position(&self) -> u64 {
        self.0
    }

    fn seek(&mut self, position: u64) {
        self.0 = position;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (seed, device) = (Seed(0), Device::flex());
    let mut training = RecipeKind::Gan.recipe().training;
    training.generator = OptimizerConfig::adam(1e-3, 0.9, 0.999);
    training.critic = training.generator;
    let networks = MlpConfig {
        latent: 32,
        hidden: 128,
    }
    .init(&[2], &device.clone().autodiff())?;
    let players = training.players(networks, seed, &device);
    let (source, prior, rules) = (Circle(0), training.prior, training.rules());
    let config = String::new();
    let game = Game {
        players,
        rules,
        source,
        prior,
        seed,
        device: device.clone(),
        config,
    };

    let learner = Learner::new(game)?
        .fit(Span::Steps(4_000), None, &mut [])?
        .learner;
    let noise = prior.draw([1_000, 32], &mut seed.stream("pictures").draw(0), &device);
    let points = learner
        .players()
        .generator
        .for_inference()
        .forward(Latents::unlabeled(noise));
    let radii = points.square().sum_dim(1).sqrt();
    println!(
        "mean radius {:.3}, from {:.3} to {:.3}",
        radii.clone().mean().into_scalar::<f32>(),
        radii.clone().min().into_scalar::<f32>(),
        radii.max().into_scalar::<f32>()
    );
    Ok(())
}
