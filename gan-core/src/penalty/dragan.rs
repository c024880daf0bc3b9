//! DRAGAN: an input gradient of `k` in the neighborhood of real samples.

use burn::tensor::{Tensor, TensorData};
use gan_kernels::sum;
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::gradient::InputGradientCost;
use super::gradient_penalty::{self, Sides, one_a_sample};
use super::registry::{CONSTANT, Registered, at_least_0};
use crate::GanError;
use crate::batch::Batch;
use crate::penalty::{GradientPenaltyMethod, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// `λ·E[(‖∇D(x̃)‖ − k)²]` around real samples: `x̃ = x + α·s/2·u`, `s` the deviation of the
/// batch over all of its entries, `u` from `U[0, 1)` an entry, `α` from `U[0, 1)` a sample.
///
/// That is the noise of the authors' code, which moves samples up only; their paper has
/// `N(0, cI)`.
///
/// # Source
/// Kodali et al. (2017), arXiv:1705.07215, algorithm 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dragan {
    /// `λ`.
    pub weight: f64,
    /// `k`, the length of an input gradient that costs nothing.
    pub target: f64,
    /// Factor of `λ` over time.
    pub schedule: Schedule,
}

impl Dragan {
    /// Of the input gradients, one row a sample.
    pub(super) fn cost(self, input_gradients: Tensor<2>, weight: f64) -> InputGradientCost {
        gradient_penalty::cost(input_gradients, weight, self.target, Sides::Two)
    }
}

impl Registered for Dragan {
    const NAME: &'static str = "dragan";
    const SOURCE: &'static str = "Kodali et al. (2017), arXiv:1705.07215";
    const DEFAULT: Self = Self { weight: 10.0, target: 1.0, schedule: CONSTANT };
    const USES_INPUT_GRADIENT: bool = true;

    fn formula(self) -> &'static str {
        "λ·E[(‖∇D(x̃)‖ − k)²] around x"
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
        let points = perturbed(inputs.real, key);
        method.penalize(Self::NAME, inputs.critic, &points, |g| self.cost(g, weight))
    }
}

/// `x + α·s/2·u`.
pub(super) fn perturbed<const D: usize>(real: &Batch<D>, key: &RngKey) -> Batch<D> {
    let x = real.samples.clone().inner();
    let numbers = x.shape().num_elements() as f64;
    let mean = (sum(x.clone()) / numbers).expand(x.shape());
    let variance = sum((x.clone() - mean).square()) / numbers;
    let deviation = variance.sqrt().expand(x.shape());
    let mut rng = key.rng("dragan noise");
    let values = (0..x.shape().num_elements()).map(|_| rng.random::<f32>()).collect();
    let noise = Tensor::from_data(TensorData::new::<f32, _>(values, x.dims()), &x.device());
    let share = one_a_sample(&x, key, "dragan share");
    Batch { samples: x + deviation * noise * share * 0.5, labels: real.labels.clone() }
}
