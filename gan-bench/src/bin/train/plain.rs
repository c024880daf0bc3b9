//! A recipe's step as one writes it in plain Burn: its own layers and optimizers, and nothing of
//! this workspace's but the numbers of the recipe.
//!
//! Latents are drawn on the device; the real batch is always the same. The generator's step looks
//! through a copy of the critic whose weights need no gradient.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor};

use crate::architecture::Label;
use crate::built::{Network, Value, weights};
use crate::class::unit_labels;
use crate::plan::Plan;
use crate::update::{Average, constrain, optimizer};
use crate::{objective, penalty};

/// A game between two networks.
pub(crate) struct Plain {
    plan: Plan,
    /// Both are put back at the end of a step.
    players: Option<(Network, Network)>,
    generator_optimizer: ModuleOptimizer,
    critic_optimizer: ModuleOptimizer,
    /// Of the generator, if the recipe keeps one.
    average: Option<Average>,
    real: Value,
    /// The label of each sample as a unit vector, where the players are told one.
    labels: Option<Tensor<2>>,
}

impl Plain {
    pub(crate) fn new(plan: Plan) -> Self {
        let device = Device::flex().autodiff();
        let uniform = Distribution::Uniform(-1.0, 1.0);
        let batch = plan.batch;
        let real = match plan.layers.sample {
            [entries, 1, 1] => {
                Value::Vectors(Tensor::random([batch, entries], uniform, &Device::flex()))
            }
            [maps, height, width] => {
                Value::Maps(Tensor::random([batch, maps, height, width], uniform, &Device::flex()))
            }
        };
        let classes = plan.classes();
        let generator = Network::new(&plan.layers.generator, plan.noise(), &device);
        let critic = Network::new(&plan.layers.critic, plan.shown(), &device);
        let half_life = plan.training.rules.ema.map(|ema| ema.half_life.steps(1).max(1) as f64);
        Self {
            average: half_life.map(|half_life| Average::new(&generator, half_life)),
            players: Some((generator, critic)),
            generator_optimizer: optimizer(plan.training.generator),
            critic_optimizer: optimizer(plan.training.critic),
            real,
            labels: (classes > 0).then(|| unit_labels(batch, classes)),
            plan,
        }
    }

    /// Weights of the generator and of the critic.
    pub(crate) fn parameters(&self) -> [usize; 2] {
        self.players
            .as_ref()
            .map_or([0; 2], |(generator, critic)| [weights(generator), weights(critic)])
    }

    /// The recipe's number of critic steps, then one of the generator.
    pub(crate) fn step(&mut self) {
        let Some((mut generator, mut critic)) = self.players.take() else {
            unreachable!("they are put back below");
        };
        let mut shared = None;
        for _ in 0..self.plan.critic_steps() {
            let fake = if self.plan.shares_fakes() {
                let fake = self.fakes(&generator);
                shared = Some(fake.clone());
                fake
            } else {
                self.fakes(&generator.clone().no_grad())
            };
            critic = self.critic_step(critic, fake.inner());
        }
        let fake = shared.unwrap_or_else(|| self.fakes(&generator));
        let frozen = critic.clone().no_grad();
        let real = || self.score(&frozen, self.real.clone().constant());
        let loss = self.plan.training.rules.loss;
        let loss = objective::of_generator(loss, real, self.score(&frozen, fake));
        let gradients = GradientsParams::from_grads(loss.backward(), &generator);
        let lr = self.plan.training.generator.lr();
        generator = self.generator_optimizer.step(lr, generator, gradients);
        self.average = self.average.take().map(|average| average.follow(&generator));
        self.players = Some((generator, critic));
    }

    fn critic_step(&mut self, critic: Network, fake: Value) -> Network {
        let rules = &self.plan.training.rules;
        let real_scores = self.score(&critic, self.real.clone().constant());
        let fake_scores = self.score(&critic, fake.clone().constant());
        let mut loss = objective::of_critic(rules.loss, real_scores, fake_scores);
        for penalty in &rules.penalties {
            let (real, fake) = (self.real.clone().maps(), fake.clone().maps());
            loss = loss + penalty::surrogate(penalty, &critic, real, fake);
        }
        let constraint = rules.constraint;
        let gradients = GradientsParams::from_grads(loss.backward(), &critic);
        let lr = self.plan.training.critic.lr();
        constrain(self.critic_optimizer.step(lr, critic, gradients), constraint)
    }

    fn fakes(&self, generator: &Network) -> Value {
        let (size, device) =
            ([self.plan.batch, self.plan.layers.latent], Device::flex().autodiff());
        let noise = Tensor::random(size, Distribution::Normal(0.0, 1.0), &device);
        self.through(generator, Value::Vectors(noise))
    }

    fn score(&self, critic: &Network, samples: Value) -> Tensor<2> {
        self.through(critic, samples).vectors()
    }

    /// Through a network, with the labels in their place.
    fn through(&self, network: &Network, x: Value) -> Value {
        let labels = self.labels.clone().map(Tensor::from_inner);
        match (self.plan.layers.label, labels) {
            (Label::Joined { .. }, Some(labels)) => {
                let joined = Tensor::cat(vec![x.vectors(), labels], 1);
                network.forward(Value::Vectors(joined), None)
            }
            (_, labels) => network.forward(x, labels.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::module::{ModuleVisitor, Param};
    use gan_models::RecipeKind;

    use super::*;
    use crate::game::GameName;

    /// The largest of all weights in size; not a number where one is none.
    fn largest(network: &Network) -> f32 {
        struct Largest(f32);
        impl ModuleVisitor for Largest {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                if param.base().is_require_grad() {
                    let size = param.base().inner().abs().max().into_scalar::<f32>();
                    self.0 = if size.is_nan() { size } else { self.0.max(size) };
                }
            }
        }
        let mut largest = Largest(0.0);
        network.visit(&mut largest);
        largest.0
    }

    #[test]
    fn every_recipe_makes_steps_and_keeps_to_its_rules() {
        for recipe in RecipeKind::ALL {
            let plan = Plan::of(GameName { recipe, image: None }, Some(2)).unwrap();
            let mut plain = Plain::new(plan);
            (0..2).for_each(|_| plain.step());
            let (generator, critic) = plain.players.as_ref().unwrap();
            let largest = [generator, critic].map(largest);
            assert!(largest.iter().all(|size| size.is_finite()), "{}: {largest:?}", recipe.name());
            assert_eq!(largest[1] <= 0.01, recipe == RecipeKind::Wgan, "{}", recipe.name());
            let averages = matches!(recipe, RecipeKind::Cdcgan | RecipeKind::R3gan);
            assert_eq!(plain.average.is_some(), averages, "{}", recipe.name());
        }
    }
}
