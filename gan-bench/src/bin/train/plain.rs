//! A recipe's step as one writes it in plain Burn: its own layers and optimizers, and nothing of
//! this workspace's but the numbers of the recipe.
//!
//! Latents are drawn on the device; the real batch is always the same. The generator's step looks
//! through a copy of the critic whose weights need no gradient.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::softplus;
use burn::tensor::{Device, Distribution, Int, Tensor};
use gan_core::loss::{LossConfig, Wasserstein};
use gan_core::optimizer::OptimizerConfig;
use gan_core::penalty::{GradientPenalty, Penalty};

use crate::layer::{Network, Shape, Value, weights};
use crate::penalty;
use crate::plan::Plan;

/// A game between two networks.
pub(crate) struct Plain {
    plan: Plan,
    generator: Option<Network>,
    critic: Option<Network>,
    generator_optimizer: ModuleOptimizer,
    critic_optimizer: ModuleOptimizer,
    real: Value,
    /// The label of each sample as a unit vector, where the players are conditioned on one.
    labels: Option<Tensor<2>>,
}

impl Plain {
    pub(crate) fn new(plan: Plan) -> Self {
        let device = Device::flex().autodiff();
        let uniform = Distribution::Uniform(-1.0, 1.0);
        let batch = plan.batch;
        let real = match plan.sample {
            [entries, 1, 1] => {
                Value::Vectors(Tensor::random([batch, entries], uniform, &Device::flex()))
            }
            [maps, height, width] => {
                Value::Maps(Tensor::random([batch, maps, height, width], uniform, &Device::flex()))
            }
        };
        let labels = (plan.classes > 0).then(|| {
            let labels = Tensor::<1, Int>::arange(0..batch as i64, &Device::flex());
            labels.remainder_scalar(plan.classes as i64).one_hot::<2>(plan.classes).float()
        });
        let network = |layers, from: Shape| Some(Network::new(layers, from, &device));
        Self {
            generator: network(&plan.generator, plan.noise()),
            critic: network(&plan.critic, plan.shown()),
            generator_optimizer: adam(plan.training.generator),
            critic_optimizer: adam(plan.training.critic),
            real,
            labels,
            plan,
        }
    }

    /// Weights of the generator and of the critic.
    pub(crate) fn parameters(&self) -> [usize; 2] {
        [&self.generator, &self.critic].map(|network| network.as_ref().map_or(0, weights))
    }

    /// The recipe's number of critic steps, then one of the generator.
    pub(crate) fn step(&mut self) {
        let (Some(mut generator), Some(mut critic)) = (self.generator.take(), self.critic.take())
        else {
            unreachable!("both are put back below");
        };
        let mut shared = None;
        for _ in 0..self.plan.critic_steps() {
            let fake = if self.plan.shares_fakes() {
                let fake = generator.forward(self.noise());
                shared = Some(fake.clone());
                fake
            } else {
                generator.clone().no_grad().forward(self.noise())
            };
            critic = self.critic_step(critic, detached(fake));
        }
        let fake = shared.unwrap_or_else(|| generator.forward(self.noise()));
        let scores = critic.clone().no_grad().forward(self.shown(fake)).vectors();
        let loss = match self.plan.training.rules.loss {
            LossConfig::Wasserstein(Wasserstein) => -scores.mean(),
            _ => softplus(-scores, 1.0).mean(),
        };
        let gradients = GradientsParams::from_grads(loss.backward(), &generator);
        let lr = self.plan.training.generator.lr();
        generator = self.generator_optimizer.step(lr, generator, gradients);
        (self.generator, self.critic) = (Some(generator), Some(critic));
    }

    fn critic_step(&mut self, critic: Network, fake: Value) -> Network {
        let real = tracked(self.real.clone());
        let real_scores = critic.forward(self.shown(real)).vectors();
        let fake_scores = critic.forward(self.shown(fake.clone())).vectors();
        let mut loss = match self.plan.training.rules.loss {
            LossConfig::Wasserstein(Wasserstein) => fake_scores.mean() - real_scores.mean(),
            _ => softplus(-real_scores, 1.0).mean() + softplus(fake_scores, 1.0).mean(),
        };
        for rule in &self.plan.training.rules.penalties {
            if let Penalty::GradientPenalty(GradientPenalty { weight, target, .. }) = *rule {
                let (real, fake) = (self.real.clone().maps(), fake.clone().maps().inner());
                loss = loss + penalty::surrogate(&critic, real, fake, [weight, target]);
            }
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &critic);
        self.critic_optimizer.step(self.plan.training.critic.lr(), critic, gradients)
    }

    fn noise(&self) -> Value {
        let (size, device) = ([self.plan.batch, self.plan.latent], Device::flex().autodiff());
        let noise = Tensor::random(size, Distribution::Normal(0.0, 1.0), &device);
        self.labeled(Value::Vectors(noise))
    }

    /// What the critic is shown of samples.
    fn shown(&self, samples: Value) -> Value {
        self.labeled(samples)
    }

    fn labeled(&self, value: Value) -> Value {
        match &self.labels {
            None => value,
            Some(labels) => {
                let labels = Tensor::from_inner(labels.clone());
                Value::Vectors(Tensor::cat(vec![value.vectors(), labels], 1))
            }
        }
    }
}

fn adam(config: OptimizerConfig) -> ModuleOptimizer {
    let OptimizerConfig::Adam { beta_1, beta_2, epsilon, .. } = config else {
        unreachable!("a plan's optimizer is Adam");
    };
    AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon).init()
}

fn detached(value: Value) -> Value {
    match value {
        Value::Vectors(x) => Value::Vectors(x.detach()),
        Value::Maps(x) => Value::Maps(x.detach()),
    }
}

fn tracked(value: Value) -> Value {
    match value {
        Value::Vectors(x) => Value::Vectors(Tensor::from_inner(x)),
        Value::Maps(x) => Value::Maps(Tensor::from_inner(x)),
    }
}
