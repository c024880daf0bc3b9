//! Normalization layers with their tangents: the statistics move with the samples too.

use burn::module::Param;
use burn::nn::{BatchNorm, GroupNorm, InstanceNorm, LayerNorm};
use burn::tensor::Tensor;
use gan_kernels::Activation;

/// A value and its derivative.
type Pair<const D: usize> = (Tensor<D>, Tensor<D>);

pub(super) fn layer_norm<const D: usize>(
    layer: &LayerNorm,
    epsilon: f64,
    x: Tensor<D>,
    v: Tensor<D>,
) -> Pair<D> {
    let shape = x.dims();
    let rows = shape[..D - 1].iter().product();
    let normalized = standardize(x, v, rows, epsilon);
    scale_and_shift(normalized, Some(&layer.gamma), layer.beta.as_ref(), D - 1)
}

pub(super) fn group_norm<const D: usize>(layer: &GroupNorm, x: Tensor<D>, v: Tensor<D>) -> Pair<D> {
    if let Some(derivative) = gan_kernels::group_norm_tangent(layer, &x, &v) {
        return (gan_kernels::group_norm(layer, x, Activation::Identity), derivative);
    }
    let rows = x.dims()[0] * layer.num_groups;
    let normalized = standardize(x, v, rows, layer.epsilon);
    scale_and_shift(normalized, layer.gamma.as_ref(), layer.beta.as_ref(), 1)
}

/// Instance normalization as what it is: a group for each channel.
pub(super) fn by_channel(layer: &InstanceNorm) -> GroupNorm {
    GroupNorm {
        gamma: layer.gamma.clone(),
        beta: layer.beta.clone(),
        num_groups: layer.num_channels,
        num_channels: layer.num_channels,
        epsilon: layer.epsilon,
        affine: layer.affine,
    }
}

/// In training as in Burn's layer, but without a trace in its running statistics.
pub(super) fn batch_norm<const D: usize>(layer: &BatchNorm, x: Tensor<D>, v: Tensor<D>) -> Pair<D> {
    if x.is_autodiff() && layer.training.is_enabled() {
        assert!(
            !gan_kernels::is_batch_norm_synchronized(),
            "the derivative of batch normalization is by micro-batch: no gradient penalty on such a \
             critic where batch statistics are synchronized"
        );
        let channels = x.dims()[1];
        let by_channel = |t: Tensor<D>| t.swap_dims(0, 1);
        let (x, v) = standardize(by_channel(x), by_channel(v), channels, layer.epsilon);
        let normalized = (by_channel(x), by_channel(v));
        return scale_and_shift(normalized, Some(&layer.gamma), Some(&layer.beta), 1);
    }
    let deviation = (layer.running_var.value() + layer.epsilon).sqrt();
    let derivative = v * along(layer.gamma.val() / deviation, 1);
    (layer.forward(x), derivative)
}

/// Every one of `rows` equal parts of `x`, in memory order, shifted to mean 0 and divided by
/// `s = √(variance + ε)`, with its derivative along `v`.
///
/// For `n = (x − x̄)/s` that is `(v − v̄ − n·mean(n·(v − v̄)))/s`.
fn standardize<const D: usize>(x: Tensor<D>, v: Tensor<D>, rows: usize, epsilon: f64) -> Pair<D> {
    let shape = x.dims();
    let centered = |t: Tensor<D>| {
        let t = t.reshape([rows, shape.iter().product::<usize>() / rows]);
        t.clone() - t.mean_dim(1)
    };
    let (x, v) = (centered(x), centered(v));
    let deviation = (x.clone().square().mean_dim(1) + epsilon).sqrt();
    let x = x / deviation.clone();
    let v = (v.clone() - x.clone() * (x.clone() * v).mean_dim(1)) / deviation;
    (x.reshape(shape), v.reshape(shape))
}

fn scale_and_shift<const D: usize>(
    (mut x, mut v): Pair<D>,
    scale: Option<&Param<Tensor<1>>>,
    shift: Option<&Param<Tensor<1>>>,
    axis: usize,
) -> Pair<D> {
    if let Some(scale) = scale {
        let scale = along::<D>(scale.val(), axis);
        (x, v) = (x * scale.clone(), v * scale);
    }
    if let Some(shift) = shift {
        x = x + along(shift.val(), axis);
    }
    (x, v)
}

/// A vector laid along one axis of a tensor of rank `D`.
fn along<const D: usize>(vector: Tensor<1>, axis: usize) -> Tensor<D> {
    let mut shape = [1; D];
    shape[axis] = vector.dims()[0];
    vector.reshape(shape)
}
