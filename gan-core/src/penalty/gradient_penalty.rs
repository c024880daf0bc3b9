//! The gradient penalty of WGAN-GP: input gradients of norm `k` on the lines between real samples and fakes.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::gradient::InputGradientCost;
use super::rows::norms;
use crate::GanError;
use crate::batch::Batch;
use crate::seed::RngKey;

/// Which deviations from the target input gradient cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// Slopes above and below it.
    #[default]
    Two,
    /// Slopes above it only: what the Lipschitz condition asks for.
    One,
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
