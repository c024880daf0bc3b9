//! The built-in measurements of every step: losses, D(x) and D(G(z)), gradient norms.

use burn::tensor::{Tensor, Transaction};

use crate::measurement::{Measurement, Quantity};
use crate::step::{CriticReport, GeneratorReport};

/// The critic's adversarial loss without penalties; nats for the logistic ones.
pub const CRITIC_LOSS: Quantity = Quantity::new("critic/loss", "loss");
/// What the generator minimizes.
pub const GENERATOR_LOSS: Quantity = Quantity::new("generator/loss", "loss");
/// Mean `D(x)`: `σ(score)` over the real batch, in `[0, 1]`.
pub const REAL_PROBABILITY: Quantity = Quantity::new("critic/real_probability", "probability");
/// Mean `D(G(z))`: `σ(score)` over the fake batch of the critic's step, in `[0, 1]`.
pub const FAKE_PROBABILITY: Quantity = Quantity::new("critic/fake_probability", "probability");
/// Euclidean norm of all of the critic's weight gradients.
pub const CRITIC_GRADIENT_NORM: Quantity = Quantity::new("critic/gradient_norm", "norm");
/// Euclidean norm of all of the generator's weight gradients.
pub const GENERATOR_GRADIENT_NORM: Quantity = Quantity::new("generator/gradient_norm", "norm");
/// The sum of all penalties on the critic, weights included; in a game with penalties only.
pub const PENALTY: Quantity = Quantity::new("critic/penalty", "loss");

/// Those of every game, in the order in which they are measured.
const ALWAYS: [Quantity; 6] = [
    CRITIC_LOSS,
    GENERATOR_LOSS,
    REAL_PROBABILITY,
    FAKE_PROBABILITY,
    CRITIC_GRADIENT_NORM,
    GENERATOR_GRADIENT_NORM,
];

/// What is measured of a step of a game with or without penalties.
pub(crate) fn quantities(has_penalties: bool) -> Vec<Quantity> {
    ALWAYS.into_iter().chain(has_penalties.then_some(PENALTY)).collect()
}

/// Read both reports in one wait for the device.
pub(crate) fn measure(critic: &CriticReport, generator: &GeneratorReport) -> Vec<Measurement> {
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
    let values = read.iter().map(|data| data.iter::<f64>().next().unwrap_or(f64::NAN));
    let quantities = quantities(critic.penalty.is_some());
    quantities.into_iter().zip(values).map(|(quantity, value)| quantity.measured(value)).collect()
}
