//! R1 and R2, the zero-centered gradient penalties: no input gradient at all where samples are.

use burn::tensor::Tensor;

use super::gradient::InputGradientCost;

/// `γ/2·mean(‖g‖²)`.
pub(super) fn cost(input_gradients: Tensor<2>, weight: f64) -> InputGradientCost {
    let batch = input_gradients.dims()[0] as f64;
    let value = input_gradients.clone().square().sum_dim(1).mean() * (weight / 2.0);
    InputGradientCost { value, direction: input_gradients * (weight / batch) }
}
