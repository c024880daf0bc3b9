//! R1 and R2: no slope at all where samples are.

use burn::tensor::Tensor;

use super::gradient::Cost;

/// `γ/2·mean(‖g‖²)`.
pub(super) fn cost(slopes: Tensor<2>, weight: f64) -> Cost {
    let batch = slopes.dims()[0] as f64;
    let value = slopes.clone().square().sum_dim(1).mean() * (weight / 2.0);
    Cost { value, direction: slopes * (weight / batch) }
}
