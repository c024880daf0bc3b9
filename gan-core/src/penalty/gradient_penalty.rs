//! The gradient penalty of WGAN-GP: an input gradient of `k` on the lines between real samples and fakes.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::gradient::InputGradientCost;
use super::registry::{CONSTANT, Registered, at_least_0};
use super::rows::norms;
use crate::GanError;
use crate::batch::Batch;
use crate::penalty::{GradientPenaltyMethod, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// Which deviations from the target input gradient cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// Longer and shorter input gradients.
    #[default]
    Two,
    /// Longer ones only: what the Lipschitz condition asks for.
    One,
}

/// `λ·E[(‖∇D(x̂)‖ − k)²]` where `x̂ = α·x + (1 − α)·G(z)`, one `α` from `U[0, 1)` a sample.
///
/// Labels of `x̂` are those of the real sample. One-sided: only input gradients longer than `k` count.
///
/// # Source
/// Gulrajani et al. (2017), arXiv:1704.00028, algorithm 1; one-sided: §5 there.
#[doc(alias = "WGAN-GP")]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GradientPenalty {
    /// `λ`.
    pub weight: f64,
    /// `k`, the length of an input gradient that costs nothing.
    pub target: f64,
    /// Which deviations from `k` cost.
    pub sides: Sides,
    /// Factor of `λ` over time.
    pub schedule: Schedule,
}

impl GradientPenalty {
    /// Of the input gradients, one row a sample.
    pub(super) fn cost(self, input_gradients: Tensor<2>, weight: f64) -> InputGradientCost {
        cost(input_gradients, weight, self.target, self.sides)
    }
}

impl Registered for GradientPenalty {
    const NAME: &'static str = "gradient-penalty";
    const SOURCE: &'static str = "Gulrajani et al. (2017), arXiv:1704.00028";
    const DEFAULT: Self = Self { weight: 10.0, target: 1.0, sides: Sides::Two, schedule: CONSTANT };
    const USES_INPUT_GRADIENT: bool = true;

    fn formula(self) -> &'static str {
        match self.sides {
            Sides::Two => "λ·E[(‖∇D(x̂)‖ − k)²] between x and G(z)",
            Sides::One => "λ·E[max(0, ‖∇D(x̂)‖ − k)²] between x and G(z)",
        }
    }

    fn validate(self, key: &str) -> Result<(), GanError> {
        at_least_0(key, "target", self.target)
    }

    fn term<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        weight: f64,
        method: GradientPenaltyMethod,
        key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        let points = interpolates(inputs.real, inputs.fake, key)?;
        method.penalize(Self::NAME, inputs.critic, &points, |g| self.cost(g, weight))
    }
}

/// `x̂ = α·x + (1 − α)·G(z)` with one `α` from `U[0, 1)` a sample, under the labels of `x`.
pub(super) fn interpolates<const D: usize>(
    real: &Batch<D>,
    fake: &Batch<D>,
    key: &RngKey,
) -> Result<Batch<D>, GanError> {
    if real.len() != fake.len() {
        return Err(GanError::UnequalBatches { real: real.len(), fake: fake.len() });
    }
    let (x, y) = (real.samples.clone().inner(), fake.samples.clone().inner());
    let share = one_a_sample(&x, key, "interpolates");
    let samples = y.clone() + (x - y) * share;
    Ok(Batch { samples, labels: real.labels.clone() })
}

/// One number from `U[0, 1)` for each sample, to be broadcast over its entries.
pub(super) fn one_a_sample<const D: usize>(
    samples: &Tensor<D>,
    key: &RngKey,
    purpose: &str,
) -> Tensor<D> {
    let mut shape = [1; D];
    shape[0] = samples.dims()[0];
    let mut rng = key.rng(purpose);
    let values = (0..shape[0]).map(|_| rng.random::<f32>()).collect();
    Tensor::from_data(TensorData::new::<f32, _>(values, shape), &samples.device())
}

/// `λ·mean((‖g‖ − k)²)`, or `λ·mean(max(0, ‖g‖ − k)²)` one-sided.
///
/// Where `g = 0` the direction is 0 too: the subgradient that PyTorch's `norm` takes.
pub(super) fn cost(
    input_gradients: Tensor<2>,
    weight: f64,
    target: f64,
    sides: Sides,
) -> InputGradientCost {
    let batch = input_gradients.dims()[0] as f64;
    let norms = norms(input_gradients.clone());
    let excess = norms.clone() - target;
    let excess = match sides {
        Sides::Two => excess,
        Sides::One => excess.clamp_min(0.0),
    };
    let value = excess.clone().square().mean() * weight;
    let direction = input_gradients * (excess / norms.clamp_min(1e-12)) * (2.0 * weight / batch);
    InputGradientCost { value, direction }
}
