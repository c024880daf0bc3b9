//! R1 and R2, the zero-centered gradient penalties: no input gradient at all where samples are.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::gradient::InputGradientCost;
use super::registry::{CONSTANT, Registered};
use crate::GanError;
use crate::penalty::{GradientPenaltyMethod, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// `γ/2·E[‖∇D(x)‖²]` at real samples.
///
/// # Source
/// Mescheder et al. (2018), arXiv:1801.04406, eq. 9.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct R1 {
    /// `γ`.
    pub weight: f64,
    /// Factor of `γ` over time.
    pub schedule: Schedule,
}

impl Registered for R1 {
    const NAME: &'static str = "r1";
    const SOURCE: &'static str = "Mescheder et al. (2018), arXiv:1801.04406";
    const DEFAULT: Self = Self { weight: 10.0, schedule: CONSTANT };
    const USES_INPUT_GRADIENT: bool = true;

    fn formula(self) -> &'static str {
        "γ/2·E[‖∇D(x)‖²]"
    }

    fn term<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        weight: f64,
        method: GradientPenaltyMethod,
        _key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        method.penalize(Self::NAME, inputs.critic, inputs.real, |g| cost(g, weight))
    }
}

/// `γ/2·E[‖∇D(G(z))‖²]` at fakes.
///
/// # Source
/// Mescheder et al. (2018), arXiv:1801.04406, eq. 10.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct R2 {
    /// `γ`.
    pub weight: f64,
    /// Factor of `γ` over time.
    pub schedule: Schedule,
}

impl Registered for R2 {
    const NAME: &'static str = "r2";
    const SOURCE: &'static str = "Mescheder et al. (2018), arXiv:1801.04406";
    const DEFAULT: Self = Self { weight: 10.0, schedule: CONSTANT };
    const USES_INPUT_GRADIENT: bool = true;

    fn formula(self) -> &'static str {
        "γ/2·E[‖∇D(G(z))‖²]"
    }

    fn term<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        weight: f64,
        method: GradientPenaltyMethod,
        _key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        method.penalize(Self::NAME, inputs.critic, inputs.fake, |g| cost(g, weight))
    }
}

/// `γ/2·mean(‖g‖²)`.
pub(super) fn cost(input_gradients: Tensor<2>, weight: f64) -> InputGradientCost {
    let batch = input_gradients.dims()[0] as f64;
    let value = input_gradients.clone().square().sum_dim(1).mean() * (weight / 2.0);
    InputGradientCost { value, direction: input_gradients * (weight / batch) }
}
