//! The numbers of a step, once they have been read from the device.

use std::fmt;

use burn::tensor::{Tensor, Transaction};

use crate::{CriticReport, GeneratorReport};

/// The numbers that say how a step went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readings {
    /// The critic's adversarial loss without penalties, in its own unit (nats for the logistic
    /// ones).
    pub critic_loss: f64,
    /// What the generator minimized.
    pub generator_loss: f64,
    /// Mean `D(x)`: `σ(score)` over the real batch, in `[0, 1]`.
    pub real_probability: f64,
    /// Mean `D(G(z))`: `σ(score)` over the fake batch of the critic's step, in `[0, 1]`.
    pub fake_probability: f64,
    /// Euclidean norm of all of the critic's weight gradients.
    pub critic_gradient_norm: f64,
    /// Euclidean norm of all of the generator's weight gradients.
    pub generator_gradient_norm: f64,
    /// The sum of all penalties on the critic, weights included; `None` in a game without.
    pub penalty: Option<f64>,
}

impl Readings {
    /// Read both reports in one wait for the device.
    pub fn of(critic: &CriticReport, generator: &GeneratorReport) -> Self {
        let norm_or_zero = |norm: Option<Tensor<1>>, like: &Tensor<1>| {
            norm.unwrap_or_else(|| Tensor::zeros([1], &like.device()))
        };
        let read = Transaction::default()
            .register(critic.loss.clone())
            .register(generator.loss.clone())
            .register(critic.real.mean_probability())
            .register(critic.fake.mean_probability())
            .register(norm_or_zero(critic.gradients.value(), &critic.loss))
            .register(norm_or_zero(generator.gradients.value(), &generator.loss));
        let read = match &critic.penalty {
            Some(penalty) => read.register(penalty.clone()),
            None => read,
        };
        let read = read.execute();
        let mut numbers = read.iter().map(|data| data.iter::<f64>().next().unwrap_or(f64::NAN));
        let mut next = || numbers.next().unwrap_or(f64::NAN);
        Self {
            critic_loss: next(),
            generator_loss: next(),
            real_probability: next(),
            fake_probability: next(),
            critic_gradient_norm: next(),
            generator_gradient_norm: next(),
            penalty: critic.penalty.as_ref().map(|_| next()),
        }
    }

    /// The first reading that is infinite or not a number, with its name.
    pub fn first_non_finite(&self) -> Option<(&'static str, f64)> {
        self.named().into_iter().find(|(_, value)| !value.is_finite())
    }

    /// Every reading with its name, in the order of the fields.
    pub fn named(&self) -> Vec<(&'static str, f64)> {
        let mut named = vec![
            ("critic_loss", self.critic_loss),
            ("generator_loss", self.generator_loss),
            ("real_probability", self.real_probability),
            ("fake_probability", self.fake_probability),
            ("critic_gradient_norm", self.critic_gradient_norm),
            ("generator_gradient_norm", self.generator_gradient_norm),
        ];
        named.extend(self.penalty.map(|penalty| ("penalty", penalty)));
        named
    }
}

impl fmt::Display for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.named().into_iter().enumerate() {
            write!(f, "{}{name} {value}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
