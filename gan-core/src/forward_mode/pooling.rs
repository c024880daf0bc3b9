//! Max pooling with its tangent: that of the entries that were chosen.

use burn::nn::PaddingConfig2d;
use burn::nn::pool::MaxPool2d;
use burn::tensor::Tensor;
use burn::tensor::module::max_pool2d_with_indices;
use burn::tensor::ops::MaxPoolOptions;

pub(super) fn max_pool2d(layer: &MaxPool2d, x: Tensor<4>, v: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
    let [batch, channels, height, width] = x.dims();
    let options = MaxPoolOptions::new(layer.kernel_size)
        .with_stride(layer.stride)
        .with_padding_pairs(padding(layer, [height, width]))
        .with_dilation(layer.dilation)
        .with_ceil_mode(layer.ceil_mode);
    let (value, indices) = max_pool2d_with_indices(x, options);
    let [_, _, rows, columns] = value.dims();
    // An index counts the pixels of its own image and channel.
    let chosen = indices.reshape([batch, channels, rows * columns]);
    let tangent = v.reshape([batch, channels, height * width]).gather(2, chosen);
    (value, tangent.reshape([batch, channels, rows, columns]))
}

/// What `layer` adds before and after each of the two axes; Burn has this rule, but not in public.
fn padding(layer: &MaxPool2d, size: [usize; 2]) -> [(usize, usize); 2] {
    match layer.padding {
        PaddingConfig2d::Valid => [(0, 0); 2],
        PaddingConfig2d::Explicit(top, left, bottom, right) => [(top, bottom), (left, right)],
        PaddingConfig2d::Same => std::array::from_fn(|axis| {
            let (kernel, stride) = (layer.kernel_size[axis], layer.stride[axis]);
            let covered = (size[axis].div_ceil(stride) - 1) * stride + kernel;
            let missing = covered.saturating_sub(size[axis]);
            (missing / 2, missing - missing / 2)
        }),
    }
}
