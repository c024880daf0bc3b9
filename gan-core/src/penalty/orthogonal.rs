//! Orthogonal regularization: filters of a layer that point in different directions.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use gan_kernels::matmul;
use serde::{Deserialize, Serialize};

use super::registry::{CONSTANT, Registered};
use crate::GanError;
use crate::penalty::{GradientPenaltyMethod, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;
use crate::weight_matrix::{as_matrix, output_axis};

/// `β·Σ ‖WWᵀ ∘ (1 − I)‖²_F` over the critic's linear and convolutional weights, `W` the matrix
/// `[outputs, everything else]` (without its spectral norm, where it has one).
///
/// # Source
/// Brock et al. (2019), arXiv:1809.11096, §3.1, eq. 3.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orthogonal {
    /// `β`.
    pub weight: f64,
    /// Factor of `β` over time.
    pub schedule: Schedule,
}

impl Registered for Orthogonal {
    const NAME: &'static str = "orthogonal";
    const SOURCE: &'static str = "Brock et al. (2019), arXiv:1809.11096";
    const DEFAULT: Self = Self { weight: 1e-4, schedule: CONSTANT };
    const USES_INPUT_GRADIENT: bool = false;

    fn formula(self) -> &'static str {
        "β·Σ ‖WWᵀ ∘ (1 − I)‖²"
    }

    fn term<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        weight: f64,
        _method: GradientPenaltyMethod,
        _key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        let device = inputs.real_scores.raw().device();
        Ok(PenaltyTerm::direct(overlap(inputs.critic, weight, &device)))
    }
}

/// `β·Σ ‖WWᵀ ∘ (1 − I)‖²_F`; 0 on `device` for a critic without such weights.
fn overlap<C: Module>(critic: &C, weight: f64, device: &Device) -> Tensor<1> {
    let mut overlaps = Overlaps { path: Vec::new(), terms: Vec::new() };
    critic.visit(&mut overlaps);
    let sum = overlaps.terms.into_iter().reduce(Tensor::add);
    sum.map_or_else(|| Tensor::zeros([1], device), |sum| sum * weight)
}

struct Overlaps {
    /// Fields and layers down to the parameter being visited.
    path: Vec<(String, String)>,
    terms: Vec<Tensor<1>>,
}

impl ModuleVisitor for Overlaps {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.push((name.to_owned(), container.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let axis = self.path.last().and_then(|(field, layer)| output_axis(field, layer));
        let Some(axis) = axis.filter(|_| !self.is_embedding()) else {
            return;
        };
        let rows = as_matrix(param.base(), axis);
        let others = -Tensor::eye(rows.dims()[0], &rows.device()) + 1.0;
        let products = matmul(rows.clone(), rows.transpose()) * others;
        self.terms.push(products.square().sum());
    }
}

impl Overlaps {
    /// Rows of an embedding belong to classes, which need not be orthogonal.
    fn is_embedding(&self) -> bool {
        self.path.last().is_some_and(|(_, layer)| layer == "Struct:Embedding")
    }
}
