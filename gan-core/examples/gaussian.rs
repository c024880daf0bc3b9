//! Two user-defined players learn draws from N(3, ½²): `cargo run --example gaussian`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::{module::Module, nn, tensor::Device, tensor::Tensor, tensor::activation::leaky_relu};
use gan_core::loss::NonSaturating;
use gan_core::prelude::*;

#[derive(Module, Debug)]
struct Affine {
    map: nn::Linear,
}

impl Generator<2> for Affine {
    fn latent_dim(&self) -> usize {
        1
    }
    fn forward(&self, latents: Latents) -> Tensor<2> {
        self.map.forward(latents.noise)
    }
}

#[derive(Module, Debug)]
struct Judge {
    hidden: nn::Linear,
    score: nn::Linear,
}

impl Critic<2> for Judge {
    fn score(&self, batch: Batch<2>) -> Scores {
        Scores::new(self.score.forward(leaky_relu(self.hidden.forward(batch.samples), 0.2)))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::default().autodiff();
    let linear = |from, to| nn::LinearConfig::new(from, to).init(&device);
    let (adam, prior) = (OptimizerConfig::adam(1e-2, 0.5, 0.9), LatentPrior::Normal);
    let game = Game {
        players: Players::new(
            Player::new(Affine { map: linear(1, 1) }, &adam),
            Player::new(Judge { hidden: linear(1, 16), score: linear(16, 1) }, &adam),
        ),
        rules: Rules::alternating(NonSaturating::default()),
        source: Drawn::new(Seed(1).stream("data"), 64, 100, |rng| {
            Batch::unlabeled(prior.draw([64, 1], rng, &Device::default()) * 0.5 + 3.0)
        }),
        prior,
        seed: Seed(1),
        device: device.clone(),
        config: String::new(),
    };
    let learner = Learner::new(game)?.fit(Span::Steps(2_000), &mut Session::new())?.learner;
    let noise = prior.draw([999, 1], &mut Seed(1).stream("test").draw(0), &Device::default());
    let made = learner.players().generator.for_inference().forward(Latents::unlabeled(noise));
    println!("mean {:.2}, wanted 3.00", made.mean().into_scalar::<f32>());
    Ok(())
}
