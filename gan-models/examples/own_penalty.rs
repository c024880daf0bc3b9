//! A user-defined penalty, with its exact weight gradient: `cargo run --example own_penalty`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::tensor::{Device, Tensor};
use gan_core::penalty::{GradientPenaltyMethod, InputGradientCost};
use gan_core::prelude::*;
use gan_models::{MlpConfig, RecipeKind};

/// `γ·E[‖∇D(x)‖⁴]` at real samples: like R1, but steep where the gradient is large.
struct Quartic(f64);

impl<C: Critic<D>, const D: usize> CriticPenalty<C, D> for Quartic {
    fn name(&self) -> &str {
        "quartic"
    }

    fn term(
        &self,
        inputs: &PenaltyInputs<'_, C, D>,
        _progress: Progress,
        _key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        let (critic, real) = (inputs.critic, inputs.real);
        GradientPenaltyMethod::Exact.penalize("quartic", critic, real, |g| {
            let square = g.clone().square().sum_dim(1);
            let of_each = self.0 / real.len() as f64;
            let value = (square.clone().square() * of_each).sum();
            InputGradientCost { value, direction: g * square * (4.0 * of_each) }
        })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (seed, device) = (Seed(0), Device::default());
    let mut training = RecipeKind::Gan.recipe().training;
    training.generator = OptimizerConfig::adam(1e-3, 0.5, 0.9);
    training.critic = training.generator;
    let networks = MlpConfig::default().init(&[2], 1, &device.clone().autodiff())?;
    let players = training.players(networks, seed, &device);
    let source = Drawn::new(seed.stream("blob"), 100, 100, |rng| {
        Batch::unlabeled(LatentPrior::Normal.draw([100, 2], rng, &Device::default()) + 2.0)
    });
    let (rules, prior, config) = (training.rules, training.prior, String::new());
    let game = Game { players, rules, source, prior, seed, device, config };
    let learner = Learner::new(game)?.with_penalty(Quartic(10.0));
    let fitted = learner.fit(Span::Steps(2_000), &mut Session::new())?;
    let (generator, stream) = (fitted.learner.players().for_sampling(), seed.stream("test"));
    let sampler = Sampler::new(generator, prior, stream, &Device::default());
    let points: Tensor<2> = sampler.draw(&Selection::Unlabeled(1_000));
    println!("the points have a mean of {:.2}, wanted 2", points.mean().into_scalar::<f32>());
    Ok(())
}
