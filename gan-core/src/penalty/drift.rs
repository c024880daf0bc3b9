//! The drift penalty: scores that stay near 0.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::registry::{CONSTANT, Registered};
use crate::GanError;
use crate::loss::Scores;
use crate::penalty::{GradientPenaltyMethod, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// `ε·E[D(x)²]` at real samples: keeps the scores of a loss that only sees differences near 0.
///
/// # Source
/// Karras et al. (2018), arXiv:1710.10196, appendix A.1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Drift {
    /// `ε`.
    pub weight: f64,
    /// Factor of `ε` over time.
    pub schedule: Schedule,
}

impl Registered for Drift {
    const NAME: &'static str = "drift";
    const SOURCE: &'static str = "Karras et al. (2018), arXiv:1710.10196";
    const DEFAULT: Self = Self { weight: 1e-3, schedule: CONSTANT };
    const USES_INPUT_GRADIENT: bool = false;

    fn formula(self) -> &'static str {
        "ε·E[D(x)²]"
    }

    fn term<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        weight: f64,
        _method: GradientPenaltyMethod,
        _key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        Ok(PenaltyTerm::direct(mean_square(inputs.real_scores, weight)))
    }
}

/// `ε·mean(D(x)²)`.
fn mean_square(real: &Scores, weight: f64) -> Tensor<1> {
    real.raw().square().mean() * weight
}
