//! A discriminator trained on samples of two densities, and its estimate of their divergence.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use gan_core::batch::Batch;
use gan_core::loss::{AdversarialLoss as _, NonSaturating};
use gan_core::player::{Critic, Generator, Player};
use gan_core::seed::Seed;
use gan_divergence::critic::js_from_logistic_scores;
use gan_divergence::density::{Density as _, Mixture};
use gan_models::{Networks, Recipe};

use super::Estimated;
use crate::assemble::NetworkVisitor;

/// Of the first step; it falls linearly to 0, so that the last weights are settled.
const LR: f64 = 6e-3;
/// Scores are computed in chunks of this many samples.
const CHUNK: usize = 2_000;

/// How long a discriminator is trained and on how much it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Training {
    /// Updates, each on fresh samples.
    pub(crate) steps: u64,
    /// Samples of each density in an update.
    pub(crate) batch: usize,
    /// Samples of each density that the estimate is made from, none of them seen in training.
    pub(crate) held_out: usize,
}

/// One discriminator, with the critic of the recipe `gan`, for one pair of densities.
pub(crate) struct Trial<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) pair: &'a [Mixture; 2],
    pub(crate) training: Training,
    pub(crate) seed: Seed,
    pub(crate) device: &'a Device,
}

impl NetworkVisitor for Trial<'_> {
    type Output = Estimated;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Estimated> {
        let players = self.recipe.training.players(networks, self.seed, self.device);
        let critic = self.fit(players.critic).for_inference();
        let [real, fake] = [0, 1].map(|which| self.scores(&critic, which));
        let js = js_from_logistic_scores(&real, &fake)?;
        let standard_error = js.standard_error.unwrap_or(f64::NAN);
        Ok(Estimated { seed: self.seed.0, js: js.value, standard_error })
    }
}

impl Trial<'_> {
    /// Critic steps alone: the densities stand still.
    fn fit<C: Critic<D>, const D: usize>(&self, mut critic: Player<C>) -> Player<C> {
        let loss = NonSaturating::default();
        let stream = self.seed.stream("duality/training");
        for step in 0..self.training.steps {
            let [real, fake] = [0, 1].map(|which| {
                let mut rng = stream.draw(2 * step + which as u64);
                let points = self.pair[which].sample_n(self.training.batch, &mut rng);
                critic.module.score(self.batch(&points).tracked())
            });
            let gradients = loss.critic(&real, &fake).backward();
            let gradients = GradientsParams::from_grads(gradients, &critic.module);
            critic.lr = LR;
            critic = critic.update(gradients, 1.0 - step as f64 / self.training.steps as f64);
        }
        critic
    }

    /// Scores of fresh samples of one of the densities.
    fn scores<C: Critic<D>, const D: usize>(&self, critic: &C, which: usize) -> Vec<f64> {
        let mut rng = self.seed.stream("duality/held-out").draw(which as u64);
        let points = self.pair[which].sample_n(self.training.held_out, &mut rng);
        let score = |chunk: &[f64]| critic.score(self.batch(chunk)).raw().into_data();
        let chunks = points.chunks(2 * CHUNK).map(score);
        chunks.flat_map(|scores| scores.iter::<f64>().collect::<Vec<_>>()).collect()
    }

    fn batch<const D: usize>(&self, points: &[f64]) -> Batch<D> {
        let values: Vec<f32> = points.iter().map(|&x| x as f32).collect();
        let data = TensorData::new(values, [points.len() / 2, 2]);
        Batch::unlabeled(Tensor::from_data(data, self.device))
    }
}

#[cfg(test)]
mod tests {
    use gan_models::RecipeKind;

    use super::*;
    use crate::assemble::assemble;
    use crate::device;
    use crate::duality::Family;

    fn estimate(family: Family, shift: f64, steps: u64) -> Estimated {
        let recipe = RecipeKind::Gan.recipe();
        let device = device::open(None).unwrap().device;
        let training = Training { steps, batch: 100, held_out: 4_000 };
        let pair = family.pair(shift).unwrap();
        let trial =
            Trial { recipe: &recipe, pair: &pair, training, seed: Seed(1), device: &device };
        assemble(recipe.architecture, &[2], 1, &device.clone().autodiff(), trial).unwrap()
    }

    #[test]
    fn a_trained_discriminator_says_what_quadrature_says() {
        for shift in [0.0, 0.3, 0.9] {
            let found = estimate(Family::Gaussian, shift, 400);
            let exact = Family::Gaussian.exact_js(shift).unwrap();
            assert!((found.js - exact).abs() < 0.03, "{shift}: {found:?}, exactly {exact}");
            assert!(found.js < exact + 4.0 * found.standard_error, "a lower bound: {found:?}");
        }
    }

    #[test]
    fn an_untrained_one_sees_next_to_nothing() {
        assert!(estimate(Family::Gaussian, 0.9, 0).js < 0.2);
    }
}
