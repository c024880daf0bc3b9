//! The operations on the LibTorch backend, by libtorch's own kernels.
//!
//! Maps have libtorch's memory layout (NCHW), channels outside of pixels.

mod group_norm;
mod maps;
mod script;

use burn::backend::LibTorch;
use burn::backend::libtorch::TchTensor;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::Shape;
use tch::{Kind, Tensor};

use super::{
    BackwardKernels, GroupNormalization, Kernels, Layer, Normalization, Resampling, Stash,
};
use crate::activation::Activation;
use crate::adam::{AdamStep, corrections};
use crate::pooling::Pooling;
use crate::precision::Precision;
use crate::rms_prop::RmsPropStep;

/// A convolution in libtorch's own terms.
struct Convolution {
    stride: [i64; 2],
    padding: [i64; 2],
    transposed: bool,
    output_padding: [i64; 2],
    groups: i64,
}

impl Convolution {
    fn of(layer: &Layer) -> Self {
        let geometry = &layer.geometry;
        let whole = |sizes: [usize; 2]| sizes.map(|size| size as i64);
        let [fine, coarse] = [geometry.fine, geometry.coarse].map(whole);
        let [kernel, stride, padding] =
            [geometry.kernel, geometry.stride, geometry.padding].map(whole);
        let transposed = layer.resampling == Resampling::Upsample;
        let reach = |axis: usize| (coarse[axis] - 1) * stride[axis] + kernel[axis];
        let beyond = |axis: usize| fine[axis] - (reach(axis) - 2 * padding[axis]);
        let output_padding = if transposed { [0, 1].map(beyond) } else { [0, 0] };
        let groups = layer.groups as i64;
        Self { stride, padding, transposed, output_padding, groups }
    }

    fn forward(&self, x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Tensor {
        let &Self { stride, padding, transposed, output_padding, groups } = self;
        x.convolution(weight, bias, stride, padding, [1, 1], transposed, output_padding, groups)
    }
}

/// An operand of a layer, in the type that it multiplies.
fn operand(tensor: &Tensor, layer: &Layer) -> Tensor {
    match layer.precision {
        Precision::F32 => tensor.shallow_clone(),
        Precision::Bf16 => tensor.to_kind(Kind::BFloat16),
    }
}

/// The activation of a tensor that has no other owner.
fn activated(mut x: Tensor, activation: Activation) -> Tensor {
    match activation {
        Activation::Identity => x,
        Activation::Relu => x.relu_(),
        Activation::LeakyRelu(slope) => leaky_relu(&x, &x, slope),
        Activation::Tanh => x.tanh_(),
    }
}

/// Into `out`, which may be `x`. The `tch` crate binds leaky rectifiers of libtorch's default slope
/// only; times `x` instead of a gradient, the derivative of any slope is the rectifier.
fn leaky_relu(out: &Tensor, x: &Tensor, slope: f32) -> Tensor {
    x.leaky_relu_backward_grad_input(out, x, f64::from(slope), false)
}

/// The gradient before an activation that made `y`: in the place of `gradient`, if it is not needed
/// elsewhere.
fn before_activation(y: &Tensor, gradient: TchTensor, activation: Activation) -> TchTensor {
    if activation == Activation::Identity {
        return gradient;
    }
    let before = if gradient.can_mut() { gradient.clone() } else { TchTensor::new(y.empty_like()) };
    let (out, gradient) = (&before.tensor, &gradient.tensor);
    let _ = match activation {
        Activation::Identity => gradient.shallow_clone(),
        Activation::Relu => y.threshold_backward_grad_input(out, gradient, 0.0),
        Activation::LeakyRelu(slope) => {
            y.leaky_relu_backward_grad_input(out, gradient, f64::from(slope), true)
        }
        Activation::Tanh => Tensor::tanh_backward_grad_input(out, gradient, y),
    };
    before
}

/// One over the deviation.
fn rate(variance: &Tensor, epsilon: f32) -> Tensor {
    (variance + f64::from(epsilon)).rsqrt_()
}

/// What [`rate`] is of.
fn variance(rate: &Tensor, epsilon: f32) -> Tensor {
    (rate.pow_tensor_scalar(-2.0) - f64::from(epsilon)).clamp_min(0.0)
}

/// The tensor itself, if it alone uses its memory; otherwise a copy.
fn alone(tensor: TchTensor) -> TchTensor {
    if tensor.can_mut() { tensor } else { TchTensor::new(tensor.tensor.copy()) }
}

impl Kernels for LibTorch {
    fn unflatten(x: TchTensor, [channels, height, width]: [usize; 3]) -> TchTensor {
        let batch = x.tensor.size()[0] as usize;
        Self::float_reshape(x, Shape::new([batch, channels, height, width]))
    }

    fn flatten(x: TchTensor) -> TchTensor {
        let sizes = x.tensor.size();
        let features: i64 = sizes[1..].iter().product();
        Self::float_reshape(x, Shape::new([sizes[0] as usize, features as usize]))
    }

    fn sum(a: TchTensor, b: TchTensor) -> TchTensor {
        Self::float_add(a, b)
    }

    fn first_use(x: TchTensor, _: Stash) -> TchTensor {
        x
    }

    fn second_use(x: TchTensor, _: Stash) -> TchTensor {
        x
    }

    fn pool(x: TchTensor, pooling: Pooling) -> TchTensor {
        TchTensor::new(maps::pool(&x.tensor, pooling))
    }

    fn repeat(x: TchTensor, pooling: Pooling) -> TchTensor {
        TchTensor::new(maps::repeat(&x.tensor, pooling))
    }

    fn joined(a: TchTensor, b: TchTensor, axis: usize) -> TchTensor {
        Self::float_cat(vec![a, b], axis)
    }

    fn layer(x: TchTensor, weight: TchTensor, bias: TchTensor, layer: Layer) -> TchTensor {
        let [x, weight, bias] = [&x, &weight, &bias].map(|part| operand(&part.tensor, &layer));
        let bias = Some(&bias).filter(|bias| bias.numel() > 0);
        let sums = match bias {
            _ if x.dim() != 2 => Convolution::of(&layer).forward(&x, &weight, bias),
            Some(bias) => bias.addmm(&x, &weight),
            None => x.mm(&weight),
        };
        TchTensor::new(activated(sums.to_kind(Kind::Float), layer.activation))
    }

    fn activation(x: TchTensor, activation: Activation) -> TchTensor {
        let y = match activation {
            Activation::Identity => return x,
            Activation::Relu => x.tensor.relu(),
            Activation::LeakyRelu(slope) => leaky_relu(&x.tensor.empty_like(), &x.tensor, slope),
            Activation::Tanh => x.tensor.tanh(),
        };
        TchTensor::new(y)
    }

    fn softplus(x: TchTensor) -> TchTensor {
        TchTensor::new(x.tensor.softplus())
    }

    fn normalize(
        x: TchTensor,
        gamma: TchTensor,
        beta: TchTensor,
        norm: Normalization,
    ) -> (TchTensor, TchTensor, TchTensor) {
        let epsilon = f64::from(norm.epsilon);
        let (gamma, beta, unused) = (Some(&gamma.tensor), Some(&beta.tensor), None);
        let (y, mean, rate) =
            x.tensor.native_batch_norm(gamma, beta, unused, unused, true, 0.0, epsilon);
        let variance = variance(&rate, norm.epsilon);
        let y = activated(y, norm.activation);
        (TchTensor::new(y), TchTensor::new(mean), TchTensor::new(variance))
    }

    fn normalize_by_sample(
        x: TchTensor,
        scale: TchTensor,
        shift: TchTensor,
        norm: Normalization,
    ) -> (TchTensor, TchTensor, TchTensor) {
        let affine = [&scale.tensor, &shift.tensor];
        let [y, mean, rate] = maps::normalize_by_sample(&x.tensor, affine, norm);
        let variance = variance(&rate, norm.epsilon);
        (TchTensor::new(y), TchTensor::new(mean), TchTensor::new(variance))
    }

    fn slope(y: TchTensor, v: TchTensor, activation: Activation) -> TchTensor {
        before_activation(&y.tensor, v, activation)
    }

    fn group_normalize(
        x: TchTensor,
        gamma: TchTensor,
        beta: TchTensor,
        norm: GroupNormalization,
    ) -> TchTensor {
        let made = group_norm::forward(&x.tensor, [&gamma.tensor, &beta.tensor], norm);
        TchTensor::new(made.y)
    }

    fn group_tangent(
        x: TchTensor,
        v: TchTensor,
        gamma: TchTensor,
        norm: GroupNormalization,
    ) -> TchTensor {
        TchTensor::new(group_norm::tangent(&x.tensor, &v.tensor, &gamma.tensor, norm))
    }

    fn adam(
        weight: TchTensor,
        gradient: TchTensor,
        first: TchTensor,
        second: TchTensor,
        step: AdamStep,
    ) -> (TchTensor, TchTensor, TchTensor) {
        let AdamStep { lr, beta_1, beta_2, epsilon, time } = step;
        let [mut weight, mut first, mut second] = [weight, first, second].map(alone);
        let (rest, root) = corrections([beta_1, beta_2], time);
        let rate = f64::from(lr) * root / rest;
        let gradient = &gradient.tensor;
        let _ = first.tensor.lerp_(gradient, f64::from(1.0 - beta_1));
        let _ = second.tensor.lerp_(&gradient.square(), f64::from(1.0 - beta_2));
        let mut divisor = second.tensor.sqrt();
        let _ = divisor.g_add_scalar_(f64::from(epsilon) * root);
        let _ = divisor.g_mul_scalar_(-1.0 / rate);
        let _ = weight.tensor.addcdiv_(&first.tensor, &divisor);
        (weight, first, second)
    }

    fn rms_prop(
        weight: TchTensor,
        gradient: TchTensor,
        squares: TchTensor,
        step: RmsPropStep,
    ) -> (TchTensor, TchTensor) {
        let [mut weight, mut squares] = [weight, squares].map(alone);
        let gradient = &gradient.tensor;
        let _ = squares.tensor.lerp_(&gradient.square(), f64::from(1.0 - step.alpha));
        let mut divisor = squares.tensor.sqrt();
        let _ = divisor.g_add_scalar_(f64::from(step.epsilon));
        let _ = divisor.g_mul_scalar_(-1.0 / f64::from(step.lr));
        let _ = weight.tensor.addcdiv_(gradient, &divisor);
        (weight, squares)
    }
}

impl BackwardKernels for LibTorch {
    fn batch_innermost(x: TchTensor) -> TchTensor {
        x
    }

    fn layer_backward(
        x: TchTensor,
        weight: TchTensor,
        y: Option<TchTensor>,
        gradient: TchTensor,
        layer: Layer,
        wanted: [bool; 3],
    ) -> [Option<TchTensor>; 3] {
        let gradient = match y {
            Some(y) => before_activation(&y.tensor, gradient, layer.activation).tensor,
            None => gradient.tensor,
        };
        let single = |made: Tensor| TchTensor::new(made.to_kind(Kind::Float));
        let [x, weight] = [&x, &weight].map(|part| operand(&part.tensor, &layer));
        let rounded = operand(&gradient, &layer);
        if x.dim() != 2 {
            let convolution = Convolution::of(&layer);
            let made = script::convolution(&rounded, &x, &weight, &convolution, wanted);
            let mut wanted = wanted.into_iter();
            return made.map(|made| wanted.next()?.then(|| single(made)));
        }
        let [wants_x, wants_weight, wants_bias] = wanted;
        [
            wants_x.then(|| single(rounded.mm(&weight.tr()))),
            wants_weight.then(|| single(x.tr().mm(&rounded))),
            wants_bias
                .then(|| single(gradient.sum_dim_intlist([0].as_slice(), false, Kind::Float))),
        ]
    }

    fn activation_backward(y: TchTensor, gradient: TchTensor, activation: Activation) -> TchTensor {
        before_activation(&y.tensor, gradient, activation)
    }

    fn softplus_backward(x: TchTensor, gradient: TchTensor) -> TchTensor {
        TchTensor::new(gradient.tensor * x.tensor.sigmoid())
    }

    fn normalize_backward(
        [x, gamma, _, mean, variance]: [TchTensor; 5],
        y: Option<TchTensor>,
        gradient: TchTensor,
        norm: Normalization,
    ) -> [TchTensor; 3] {
        let gradient = match y {
            Some(y) => before_activation(&y.tensor, gradient, norm.activation),
            None => gradient,
        };
        let rate = rate(&variance.tensor, norm.epsilon);
        let (kept, statistics) = ([&x.tensor, &gamma.tensor], [&mean.tensor, &rate]);
        script::batch_norm(&gradient.tensor, kept, statistics, norm.epsilon).map(TchTensor::new)
    }

    fn normalize_by_sample_backward(
        [x, scale, _, mean, variance]: [TchTensor; 5],
        y: Option<TchTensor>,
        gradient: TchTensor,
        norm: Normalization,
    ) -> [TchTensor; 3] {
        let gradient = match y {
            Some(y) => before_activation(&y.tensor, gradient, norm.activation),
            None => gradient,
        };
        let (kept, statistics) = ([&x.tensor, &scale.tensor], [&mean.tensor, &variance.tensor]);
        maps::normalize_by_sample_backward(kept, statistics, &gradient.tensor, norm.epsilon)
            .map(TchTensor::new)
    }

    fn group_normalize_backward(
        [x, gamma, beta]: [TchTensor; 3],
        gradient: TchTensor,
        norm: GroupNormalization,
    ) -> [TchTensor; 3] {
        let kept = [&gamma.tensor, &beta.tensor];
        let made = group_norm::forward(&x.tensor, kept, norm);
        let gradient = before_activation(&made.y, gradient, norm.activation);
        made.backward(&x.tensor, kept[0], &gradient.tensor, norm).map(TchTensor::new)
    }

    fn group_tangent_backward(
        kept: [TchTensor; 3],
        gradient: TchTensor,
        norm: GroupNormalization,
    ) -> [TchTensor; 3] {
        let [x, v, gamma] = kept.map(|kept| kept.tensor);
        group_norm::tangent_backward([&x, &v, &gamma], &gradient.tensor, norm).map(TchTensor::new)
    }
}
