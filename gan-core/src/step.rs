//! The two updates of the game, one function for each player.
//!
//! Each does exactly one `backward`, never reads a number from the device and leaves the other
//! player's weights as they were.

use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::{Batch, Critic, Generator, GradientNorm, Latents, Players, Rules, Scores};

/// What a critic step leaves behind, unread.
#[derive(Clone, Debug)]
pub struct CriticReport {
    /// What the critic minimized, shape `[1]`.
    pub loss: Tensor<1>,
    /// Scores of the real batch, `[batch, 1]`.
    pub real: Scores,
    /// Scores of the fake batch, `[batch, 1]`.
    pub fake: Scores,
    /// The gradients of the critic's weights.
    pub gradients: GradientNorm,
}

/// What a generator step leaves behind, unread.
#[derive(Clone, Debug)]
pub struct GeneratorReport {
    /// What the generator minimized, shape `[1]`.
    pub loss: Tensor<1>,
    /// The gradients of the generator's weights.
    pub gradients: GradientNorm,
}

/// One critic update: score a real and a fake batch, descend the critic's loss.
///
/// # Shapes
/// `real` is `[batch, ..]`; the latents are as many as the fakes should be, usually `batch`.
pub fn critic_step<G: Generator<D>, C: Critic<D>, const D: usize>(
    mut players: Players<G, C>,
    rules: &Rules,
    real: Batch<D>,
    latents: Latents,
) -> (Players<G, C>, CriticReport) {
    let fake = players.generator.frozen().generate(latents).detach();

    let critic = &players.critic.module;
    let real = critic.score(real);
    let fake = critic.score(fake);
    let loss = rules.loss.critic(&real, &fake);

    let gradients = GradientsParams::from_grads(loss.backward(), critic);
    let report = CriticReport {
        loss: loss.inner(),
        real: real.detach(),
        fake: fake.detach(),
        gradients: GradientNorm::of(critic, &gradients),
    };
    players.critic = players.critic.update(gradients);
    (players, report)
}

/// One generator update: let a frozen critic score fakes, descend the generator's loss.
///
/// Gradients pass through the critic to the fakes; its own weight gradients are not computed. `real` is
/// what a relativistic loss scores beside them.
pub fn generator_step<G: Generator<D>, C: Critic<D>, const D: usize>(
    mut players: Players<G, C>,
    rules: &Rules,
    real: Batch<D>,
    latents: Latents,
) -> (Players<G, C>, GeneratorReport) {
    let generator = &players.generator.module;
    let critic = players.critic.frozen();
    let fake = critic.score(generator.generate(latents));
    let loss = rules.loss.generator(&|| critic.score(real.clone()), &fake);

    let gradients = GradientsParams::from_grads(loss.backward(), generator);
    let report =
        GeneratorReport { loss: loss.inner(), gradients: GradientNorm::of(generator, &gradients) };
    players.generator = players.generator.update(gradients);
    (players, report)
}
