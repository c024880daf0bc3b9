//! Burn's layers on these kernels where they run, and on Burn's own elsewhere.

mod maps;
mod sums;

use burn::backend::Dispatch;
use burn::module::Module;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::{BatchNorm, GroupNorm, Linear, PaddingConfig2d};
use burn::tensor::activation::{leaky_relu, relu, tanh};
use burn::tensor::{DType, Tensor};

use crate::activation::Activation;
use crate::backend::{GroupNormalization, Kernels, Layer, Normalization, Resampling};
use crate::fallback;
use crate::geometry::Geometry;
use crate::kernel_set::run_on;
use crate::precision::Precision;
use crate::synchronized::{SharedShards, shards_here};
pub use maps::{add, avg_pool2d, cat, flatten, fork, sum_pixels, unflatten, upsample_nearest2d};
pub use sums::{matmul, sum, sum_rows};

/// The panic message where batch statistics are to be synchronized and the kernels do not run.
const CANNOT_SYNCHRONIZE: &str = "batch normalization is synchronized by the kernels alone, on maps \
    [batch, channels] or [batch, channels, height, width] of their devices, found";

/// Whether the kernels take this input.
fn take<const D: usize>(x: &Tensor<D>) -> bool {
    // However few samples there are, though vectors run along them and are mostly empty then: Burn's
    // own products of matrices add in an order that depends on the processor.
    x.dtype() == DType::F32 && run_on(&x.device())
}

impl Activation {
    /// The activation by Burn's own operations.
    fn by_burn<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => x,
            Self::Relu => relu(x),
            Self::LeakyRelu(slope) => leaky_relu(x, f64::from(slope)),
            Self::Tanh => tanh(x),
        }
    }
}

/// `activation(layer(x))`.
///
/// # Shapes
/// `[batch, channels in, height, width]` to `[batch, channels out, ..]`.
///
/// # Panics
/// As `Conv2d::forward` does.
pub fn conv2d(layer: &Conv2d, x: Tensor<4>, activation: Activation) -> Tensor<4> {
    match geometry_of_conv2d(layer, &x).filter(|_| take(&x)) {
        None => activation.by_burn(fallback::conv2d(layer, x)),
        Some(geometry) => {
            let precision = Precision::here(&x.device());
            let (resampling, groups) = (Resampling::Downsample, layer.groups);
            let kernel = Layer { geometry, resampling, groups, activation, precision };
            let bias = layer.bias.as_ref().map(|bias| bias.val());
            run(x, layer.weight.val(), bias, kernel)
        }
    }
}

/// `activation(layer(x))`.
///
/// # Shapes
/// `[batch, channels in, height, width]` to `[batch, channels out, ..]`.
///
/// # Panics
/// As `ConvTranspose2d::forward` does.
pub fn conv_transpose2d(
    layer: &ConvTranspose2d,
    x: Tensor<4>,
    activation: Activation,
) -> Tensor<4> {
    match geometry_of_conv_transpose2d(layer, &x).filter(|_| take(&x)) {
        None => activation.by_burn(fallback::conv_transpose2d(layer, x)),
        Some(geometry) => {
            let precision = Precision::here(&x.device());
            let (resampling, groups) = (Resampling::Upsample, layer.groups);
            let kernel = Layer { geometry, resampling, groups, activation, precision };
            let bias = layer.bias.as_ref().map(|bias| bias.val());
            run(x, layer.weight.val(), bias, kernel)
        }
    }
}

/// `activation(layer(x))`; on the kernels for rank 2.
///
/// # Shapes
/// `[batch, .., features in]` to `[batch, .., features out]`.
///
/// # Panics
/// As `Linear::forward` does.
pub fn linear<const D: usize>(layer: &Linear, x: Tensor<D>, activation: Activation) -> Tensor<D> {
    let weight = layer.weight.val();
    if D != 2 || !take(&x) || weight.dims()[0] != x.dims()[D - 1] {
        return activation.by_burn(fallback::linear(layer, x));
    }
    let one = [1, 1];
    let (fine, coarse, kernel, stride) = (one, one, one, one);
    let geometry = Geometry { fine, coarse, kernel, stride, padding: [0, 0] };
    let bias = layer.bias.as_ref().map(|bias| bias.val());
    let precision = Precision::here(&x.device());
    let resampling = Resampling::Upsample;
    run(x, weight, bias, Layer { geometry, resampling, groups: 1, activation, precision })
}

fn run<const D: usize, const W: usize>(
    x: Tensor<D>,
    weight: Tensor<W>,
    bias: Option<Tensor<1>>,
    layer: Layer,
) -> Tensor<D> {
    let bias = bias.unwrap_or_else(|| Tensor::empty([0], &weight.device()));
    let (x, weight, bias) = (x.into_dispatch(), weight.into_dispatch(), bias.into_dispatch());
    Tensor::from_dispatch(<Dispatch as Kernels>::layer(x, weight, bias, layer))
}

/// `activation(layer(x))`, in training by the batch's own statistics, which move the running ones;
/// within [`synchronize_batch_norm`](crate::synchronize_batch_norm) by those of all shards.
///
/// # Shapes
/// `[batch, channels, ..]`, kept; on the kernels for rank 2 and 4.
///
/// # Panics
/// As `BatchNorm::forward` does; where it is to be synchronized and the kernels do not run.
pub fn batch_norm<const D: usize>(
    layer: &BatchNorm,
    x: Tensor<D>,
    activation: Activation,
) -> Tensor<D> {
    let trains = x.device().is_autodiff() && layer.training.is_enabled();
    let shards = shards_here().filter(|_| trains);
    let fits = (D == 2 || D == 4) && layer.gamma.shape().dims() == [x.dims()[1]];
    if !trains || !fits || !take(&x) {
        assert!(shards.is_none(), "{CANNOT_SYNCHRONIZE} {:?}", x.dims());
        return activation.by_burn(layer.forward(x));
    }
    let norm = Normalization { epsilon: layer.epsilon as f32, activation };
    let (gamma, beta) = (layer.gamma.val().into_dispatch(), layer.beta.val().into_dispatch());
    let x = x.into_dispatch();
    let (y, mean, variance) = match shards.clone() {
        None => <Dispatch as Kernels>::normalize(x, gamma, beta, norm),
        Some(shards) => <Dispatch as Kernels>::normalize_shard(x, gamma, beta, norm, shards),
    };
    note(layer, Tensor::from_dispatch(mean), Tensor::from_dispatch(variance), shards.as_ref());
    Tensor::from_dispatch(y)
}

/// `activation(scale·layer(x) + shift)`, each sample with a scale and a shift of its own, such as
/// those of its class; otherwise as [`batch_norm`].
///
/// # Shapes
/// `[batch, channels, height, width]`, kept; scale and shift `[batch, channels]`.
///
/// # Panics
/// As [`batch_norm`], and if scale and shift have other shapes.
pub fn conditional_batch_norm(
    layer: &BatchNorm,
    x: Tensor<4>,
    [scale, shift]: [Tensor<2>; 2],
    activation: Activation,
) -> Tensor<4> {
    let [batch, channels, ..] = x.dims();
    let of_samples = [batch, channels];
    assert!(
        scale.dims() == of_samples && shift.dims() == of_samples,
        "scale and shift are {of_samples:?}, found {:?} and {:?}",
        scale.dims(),
        shift.dims()
    );
    let trains = x.device().is_autodiff() && layer.training.is_enabled();
    let shards = shards_here().filter(|_| trains);
    if !trains || layer.gamma.shape().dims() != [channels] || !take(&x) {
        assert!(shards.is_none(), "{CANNOT_SYNCHRONIZE} {:?}", x.dims());
        let [scale, shift] = [scale, shift].map(|of| of.reshape([batch, channels, 1, 1]));
        return activation.by_burn(layer.forward(x) * scale + shift);
    }
    let shift = scale.clone() * layer.beta.val().unsqueeze() + shift;
    let scale = scale * layer.gamma.val().unsqueeze();
    let norm = Normalization { epsilon: layer.epsilon as f32, activation };
    let (x, scale, shift) = (x.into_dispatch(), scale.into_dispatch(), shift.into_dispatch());
    let (y, mean, variance) = match shards.clone() {
        None => <Dispatch as Kernels>::normalize_by_sample(x, scale, shift, norm),
        Some(shards) => {
            <Dispatch as Kernels>::normalize_shard_by_sample(x, scale, shift, norm, shards)
        }
    };
    note(layer, Tensor::from_dispatch(mean), Tensor::from_dispatch(variance), shards.as_ref());
    Tensor::from_dispatch(y)
}

/// Lets the running statistics of a layer follow those of a batch; one of its shards does.
fn note(layer: &BatchNorm, mean: Tensor<1>, variance: Tensor<1>, shards: Option<&SharedShards>) {
    match shards {
        None => move_statistics(layer, mean, variance),
        Some(shards) if shards.moves_statistics() => {
            move_statistics_of_all_threads(layer, mean, variance);
        }
        Some(_) => {}
    }
}

/// Moves the running statistics of a layer toward those of a batch.
fn move_statistics(layer: &BatchNorm, mean: Tensor<1>, variance: Tensor<1>) {
    let moved = |running: Tensor<1>, batch: Tensor<1>| {
        (running * (1.0 - layer.momentum) + batch.detach() * layer.momentum).detach()
    };
    layer.running_mean.update(moved(layer.running_mean.value_sync(), mean));
    layer.running_var.update(moved(layer.running_var.value_sync(), variance));
}

/// The same on the thread of a shard: Burn parks updates by threads, and takes the mean over those
/// that it finds.
fn move_statistics_of_all_threads(layer: &BatchNorm, mean: Tensor<1>, variance: Tensor<1>) {
    let settle = || {
        let _ = (layer.running_mean.valid(), layer.running_var.valid());
    };
    settle();
    move_statistics(layer, mean, variance);
    settle();
}

/// `activation(layer(x))`.
///
/// # Shapes
/// `[batch, channels, ..]`, kept; on the kernels for rank 2 and 4 and a layer with scale and shift.
///
/// # Panics
/// As `GroupNorm::forward` does.
pub fn group_norm<const D: usize>(
    layer: &GroupNorm,
    x: Tensor<D>,
    activation: Activation,
) -> Tensor<D> {
    let (Some(norm), Some(gamma), Some(beta)) =
        (of_group_norm(layer, &x, activation), &layer.gamma, &layer.beta)
    else {
        return activation.by_burn(layer.forward(x));
    };
    let (gamma, beta) = (gamma.val().into_dispatch(), beta.val().into_dispatch());
    let y = <Dispatch as Kernels>::group_normalize(x.into_dispatch(), gamma, beta, norm);
    Tensor::from_dispatch(y)
}

/// The derivative of `layer(x)` as `x` moves along `v`, on the graph of `x`, `v` and the layer's
/// scale; `None` where the kernels do not run.
///
/// `γ·(v − v̄ − n·mean(n·v))/s`, where `n` is `x` normalized and `s` its deviation.
pub fn group_norm_tangent<const D: usize>(
    layer: &GroupNorm,
    x: &Tensor<D>,
    v: &Tensor<D>,
) -> Option<Tensor<D>> {
    let norm = of_group_norm(layer, x, Activation::Identity)?;
    let gamma = layer.gamma.as_ref()?.val().into_dispatch();
    let (x, v) = (x.clone().into_dispatch(), v.clone().into_dispatch());
    Some(Tensor::from_dispatch(<Dispatch as Kernels>::group_tangent(x, v, gamma, norm)))
}

fn of_group_norm<const D: usize>(
    layer: &GroupNorm,
    x: &Tensor<D>,
    activation: Activation,
) -> Option<GroupNormalization> {
    let fits = (D == 2 || D == 4) && take(x) && layer.num_channels == x.dims()[1];
    let affine = layer.gamma.is_some() && layer.beta.is_some();
    let (groups, epsilon) = (layer.num_groups, layer.epsilon as f32);
    (fits && affine).then_some(GroupNormalization { groups, epsilon, activation })
}

/// `v` times the derivative of a piecewise linear activation where it made `y`, on the graph of `v`;
/// `None` for other activations and where the kernels do not run.
pub fn activation_slope<const D: usize>(
    activation: Activation,
    y: &Tensor<D>,
    v: &Tensor<D>,
) -> Option<Tensor<D>> {
    let linear = matches!(activation, Activation::Relu | Activation::LeakyRelu(_));
    if !linear || (D != 2 && D != 4) || !take(v) {
        return None;
    }
    let (y, v) = (y.clone().into_dispatch(), v.clone().into_dispatch());
    Some(Tensor::from_dispatch(<Dispatch as Kernels>::slope(y, v, activation)))
}

/// `activation` of every number.
pub fn activate<const D: usize>(x: Tensor<D>, activation: Activation) -> Tensor<D> {
    if (D != 2 && D != 4) || !take(&x) || activation == Activation::Identity {
        return activation.by_burn(x);
    }
    Tensor::from_dispatch(<Dispatch as Kernels>::activation(x.into_dispatch(), activation))
}

/// `ln(1 + eˣ)` of every number, finite for any finite number.
pub fn softplus<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if x.dtype() != DType::F32 || !run_on(&x.device()) {
        return burn::tensor::activation::softplus(x, 1.0);
    }
    Tensor::from_dispatch(<Dispatch as Kernels>::softplus(x.into_dispatch()))
}

fn geometry_of_conv2d(layer: &Conv2d, x: &Tensor<4>) -> Option<Geometry> {
    let [_, channels, height, width] = x.dims();
    let (fine, kernel, stride) = ([height, width], layer.kernel_size, layer.stride);
    let padding = match layer.padding {
        PaddingConfig2d::Valid => [0, 0],
        PaddingConfig2d::Explicit(top, left, bottom, right) if top == bottom && left == right => {
            [top, left]
        }
        _ => return None,
    };
    let fits = |axis: usize| fine[axis] + 2 * padding[axis] >= kernel[axis];
    let plain = layer.dilation == [1, 1] && layer.groups > 0;
    if !plain || !fits(0) || !fits(1) || layer.groups * layer.weight.dims()[1] != channels {
        return None;
    }
    let coarse =
        [0, 1].map(|axis| (fine[axis] + 2 * padding[axis] - kernel[axis]) / stride[axis] + 1);
    Some(Geometry { fine, coarse, kernel, stride, padding })
}

fn geometry_of_conv_transpose2d(layer: &ConvTranspose2d, x: &Tensor<4>) -> Option<Geometry> {
    let [_, channels, height, width] = x.dims();
    let (coarse, kernel) = ([height, width], layer.kernel_size);
    let (stride, padding) = (layer.stride, layer.padding);
    let plain = layer.dilation == [1, 1] && layer.groups > 0;
    if !plain || height * width == 0 || layer.weight.dims()[0] != channels {
        return None;
    }
    let side = |axis: usize| {
        let reach = (coarse[axis] - 1) * stride[axis] + kernel[axis] + layer.padding_out[axis];
        reach.checked_sub(2 * padding[axis]).filter(|side| *side > 0)
    };
    Some(Geometry { fine: [side(0)?, side(1)?], coarse, kernel, stride, padding })
}
