//! The weights of linear, convolutional and embedding layers as matrices.

use burn::tensor::Tensor;

/// The axis of the outputs in the weight of a layer, found by the field and by the layer's name in
/// Burn's traversal of modules; `None` for whatever is no such weight (biases, scales of
/// normalization layers, running statistics).
pub fn output_axis(field: &str, layer: &str) -> Option<usize> {
    match (field, layer) {
        // `[out, in/groups, ..]`; an embedding has a row for each class.
        ("weight", "Struct:Conv1d" | "Struct:Conv2d" | "Struct:Conv3d" | "Struct:Embedding") => {
            Some(0)
        }
        // `[in, out]` and `[in, out/groups, ..]`.
        (
            "weight",
            "Struct:Linear"
            | "Struct:ConvTranspose1d"
            | "Struct:ConvTranspose2d"
            | "Struct:ConvTranspose3d",
        ) => Some(1),
        _ => None,
    }
}

/// `[outputs, everything else]`, as PyTorch's spectral norm has it.
pub fn as_matrix<const D: usize>(weight: Tensor<D>, output_axis: usize) -> Tensor<2> {
    let weight = if output_axis == 0 { weight } else { weight.swap_dims(0, output_axis) };
    let outputs = weight.dims()[0];
    let inputs = weight.shape().num_elements() / outputs.max(1);
    weight.reshape([outputs, inputs])
}
