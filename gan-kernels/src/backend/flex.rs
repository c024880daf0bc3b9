//! The operations on the Flex backend.

mod maps;

use std::borrow::Cow;

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::Shape;

use super::layout::{batch_innermost, contiguous, from_batch_innermost, from_contiguous, map_of};
use super::{
    BackwardKernels, GroupNormalization, Kernels, Layer, Normalization, Resampling, Stash,
};
use crate::activation::Activation;
use crate::adam::AdamStep;
use crate::batch_norm::BatchNorm;
use crate::channels;
use crate::convolution::grouped::GroupedConvolution;
use crate::convolution::{Convolution, Finish};
use crate::group_norm::GroupNorm;
use crate::pooling::Pooling;
use crate::rms_prop::RmsPropStep;

/// The convolution of a layer, all of its groups counted.
fn convolution(layer: &Layer, batch: usize, weight: &FlexTensor) -> Convolution {
    let shape = weight.layout().shape();
    let (coarse_channels, fine_channels) = (shape[0], layer.groups * shape[1]);
    let &Layer { geometry, precision, .. } = layer;
    Convolution { geometry, fine_channels, coarse_channels, batch, precision }
}

/// The grouped convolution of a layer, if it has groups.
fn grouped(layer: &Layer, whole: Convolution) -> Option<GroupedConvolution> {
    (layer.groups > 1).then_some(GroupedConvolution { whole, groups: layer.groups })
}

/// `[batch, channels, ..]` like `like`, with other channels and pixels.
fn shape_like(like: &FlexTensor, channels: usize, pixels: [usize; 2]) -> Shape {
    let shape = like.layout().shape();
    match shape.num_dims() {
        2 => Shape::new([shape[0], channels]),
        _ => Shape::new([shape[0], channels, pixels[0], pixels[1]]),
    }
}

/// A vector with one number for each channel.
fn of_channels(numbers: Vec<f32>) -> FlexTensor {
    let channels = numbers.len();
    from_contiguous(numbers, Shape::new([channels]))
}

fn batch_norm(x: &FlexTensor, norm: Normalization) -> BatchNorm {
    let Normalization { epsilon, activation } = norm;
    BatchNorm { map: map_of(x), epsilon, activation }
}

fn group_norm(x: &FlexTensor, norm: GroupNormalization) -> GroupNorm {
    let GroupNormalization { groups, epsilon, activation } = norm;
    GroupNorm { map: map_of(x), groups, epsilon, activation }
}

impl Kernels for Flex {
    fn unflatten(x: FlexTensor, shape: [usize; 3]) -> FlexTensor {
        maps::unflatten(x, shape)
    }

    fn flatten(x: FlexTensor) -> FlexTensor {
        maps::flatten(x)
    }

    fn sum(a: FlexTensor, b: FlexTensor) -> FlexTensor {
        maps::sum(a, b)
    }

    fn first_use(x: FlexTensor, _: Stash) -> FlexTensor {
        x
    }

    fn second_use(x: FlexTensor, _: Stash) -> FlexTensor {
        x
    }

    fn pool(x: FlexTensor, pooling: Pooling) -> FlexTensor {
        maps::pool(x, pooling)
    }

    fn repeat(x: FlexTensor, pooling: Pooling) -> FlexTensor {
        maps::repeat(x, pooling)
    }

    fn joined(a: FlexTensor, b: FlexTensor, axis: usize) -> FlexTensor {
        let (of_a, of_b) = (map_of(&a), map_of(&b));
        // What is contiguous in each of them: samples of a row, or rows of a pixel.
        let [first, second] = match axis {
            0 => [of_a.batch, of_b.batch],
            _ => [of_a, of_b].map(|map| map.channels * map.batch),
        };
        let (first, second) = (first.max(1), second.max(1));
        let mut joined = Vec::with_capacity(of_a.len() + of_b.len());
        let (a_numbers, b_numbers) = (batch_innermost(&a), batch_innermost(&b));
        for (a, b) in a_numbers.chunks_exact(first).zip(b_numbers.chunks_exact(second)) {
            joined.extend_from_slice(a);
            joined.extend_from_slice(b);
        }
        let mut shape = a.layout().shape().clone();
        shape[axis] += b.layout().shape()[axis];
        from_batch_innermost(joined, shape)
    }

    fn layer(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, layer: Layer) -> FlexTensor {
        let convolution = convolution(&layer, map_of(&x).batch, &weight);
        let (numbers, weights, bias) =
            (batch_innermost(&x), contiguous(&weight), contiguous(&bias));
        let bias = Some(&*bias).filter(|bias| !bias.is_empty());
        let finish = Finish { bias, activation: layer.activation };
        let (made, channels, pixels) = match (layer.resampling, grouped(&layer, convolution)) {
            (Resampling::Downsample, groups) => {
                let made = match groups {
                    None => convolution.coarsen(&numbers, &weights, finish),
                    Some(groups) => groups.coarsen(&numbers, &weights, finish),
                };
                (made, convolution.coarse_channels, layer.geometry.coarse)
            }
            (Resampling::Upsample, groups) => {
                let made = match groups {
                    None => convolution.refine(&numbers, &weights, finish),
                    Some(groups) => groups.refine(&numbers, &weights, finish),
                };
                (made, convolution.fine_channels, layer.geometry.fine)
            }
        };
        from_batch_innermost(made, shape_like(&x, channels, pixels))
    }

    fn activation(x: FlexTensor, activation: Activation) -> FlexTensor {
        let numbers = channels::activate(activation, &batch_innermost(&x));
        from_batch_innermost(numbers, x.layout().shape().clone())
    }

    fn softplus(x: FlexTensor) -> FlexTensor {
        // Scores are few, and of one layout with Burn's.
        let shape = x.layout().shape().clone();
        let softplus = |x: &f32| x.max(0.0) + (-x.abs()).exp().ln_1p();
        from_contiguous(contiguous(&x).iter().map(softplus).collect(), shape)
    }

    fn normalize(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        norm: Normalization,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let (gamma, beta) = (contiguous(&gamma), contiguous(&beta));
        let made = batch_norm(&x, norm).forward(&batch_innermost(&x), &gamma, &beta);
        let y = from_batch_innermost(made.y, x.layout().shape().clone());
        (y, of_channels(made.mean), of_channels(made.variance))
    }

    fn normalize_by_sample(
        x: FlexTensor,
        scale: FlexTensor,
        shift: FlexTensor,
        norm: Normalization,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let affine = [&scale, &shift].map(batch_innermost);
        let made =
            batch_norm(&x, norm).forward_by_sample(&batch_innermost(&x), &affine[0], &affine[1]);
        let y = from_batch_innermost(made.y, x.layout().shape().clone());
        (y, of_channels(made.mean), of_channels(made.variance))
    }

    fn slope(y: FlexTensor, v: FlexTensor, activation: Activation) -> FlexTensor {
        Self::activation_backward(y, v, activation)
    }

    fn group_normalize(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        norm: GroupNormalization,
    ) -> FlexTensor {
        let norm = group_norm(&x, norm);
        let y = norm.forward(&batch_innermost(&x), &contiguous(&gamma), &contiguous(&beta));
        from_batch_innermost(y, x.layout().shape().clone())
    }

    fn group_tangent(
        x: FlexTensor,
        v: FlexTensor,
        gamma: FlexTensor,
        norm: GroupNormalization,
    ) -> FlexTensor {
        let norm = group_norm(&x, norm);
        let (numbers, v) = (batch_innermost(&x), batch_innermost(&v));
        let derivative = norm.tangent(&numbers, &v, &contiguous(&gamma));
        from_batch_innermost(derivative, x.layout().shape().clone())
    }

    fn adam(
        weight: FlexTensor,
        gradient: FlexTensor,
        first: FlexTensor,
        second: FlexTensor,
        step: AdamStep,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [mut weight, mut first, mut second] = [weight, first, second].map(whole);
        step.step(
            weight.storage_mut::<f32>(),
            &contiguous(&gradient),
            first.storage_mut::<f32>(),
            second.storage_mut::<f32>(),
        );
        (weight, first, second)
    }

    fn rms_prop(
        weight: FlexTensor,
        gradient: FlexTensor,
        squares: FlexTensor,
        step: RmsPropStep,
    ) -> (FlexTensor, FlexTensor) {
        let [mut weight, mut squares] = [weight, squares].map(whole);
        let gradient = contiguous(&gradient);
        step.step(weight.storage_mut::<f32>(), &gradient, squares.storage_mut::<f32>());
        (weight, squares)
    }
}

impl BackwardKernels for Flex {
    fn batch_innermost(x: FlexTensor) -> FlexTensor {
        let copy = match batch_innermost(&x) {
            Cow::Borrowed(_) => None,
            Cow::Owned(numbers) => Some(numbers),
        };
        match copy {
            None => x,
            Some(numbers) => from_batch_innermost(numbers, x.layout().shape().clone()),
        }
    }

    fn layer_backward(
        x: FlexTensor,
        weight: FlexTensor,
        y: Option<FlexTensor>,
        gradient: FlexTensor,
        layer: Layer,
        [wants_x, wants_weight, wants_bias]: [bool; 3],
    ) -> [Option<FlexTensor>; 3] {
        let (mut gradient, mut of_bias) = (gradient, None);
        if wants_bias || y.is_some() {
            let y = y.unwrap_or_else(|| gradient.clone());
            let (before, sums) = before_activation(y, gradient, layer.activation);
            (gradient, of_bias) = (before, Some(sums));
        }
        let of_weight = wants_weight.then(|| weight_gradient(&x, &gradient, &weight, layer));
        let of_x = wants_x.then(|| input_gradient(gradient, weight, layer));
        [of_x, of_weight, of_bias]
    }

    fn activation_backward(
        y: FlexTensor,
        gradient: FlexTensor,
        activation: Activation,
    ) -> FlexTensor {
        before_activation(y, gradient, activation).0
    }

    fn softplus_backward(x: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        let shape = x.layout().shape().clone();
        let (x, gradient) = (contiguous(&x), contiguous(&gradient));
        let numbers = x.iter().zip(&*gradient).map(|(x, g)| g / (1.0 + (-x).exp()));
        from_contiguous(numbers.collect(), shape)
    }

    fn normalize_backward(
        [x, gamma, beta, mean, variance]: [FlexTensor; 5],
        _: Option<FlexTensor>,
        gradient: FlexTensor,
        norm: Normalization,
    ) -> [FlexTensor; 3] {
        let gradients = batch_norm(&x, norm).backward(
            &batch_innermost(&x),
            [&contiguous(&gamma), &contiguous(&beta)],
            [&contiguous(&mean), &contiguous(&variance)],
            &batch_innermost(&gradient),
        );
        let of_x = from_batch_innermost(gradients.x, x.layout().shape().clone());
        [of_x, of_channels(gradients.gamma), of_channels(gradients.beta)]
    }

    fn normalize_by_sample_backward(
        [x, scale, shift, mean, variance]: [FlexTensor; 5],
        _: Option<FlexTensor>,
        gradient: FlexTensor,
        norm: Normalization,
    ) -> [FlexTensor; 3] {
        let gradients = batch_norm(&x, norm).backward_by_sample(
            &batch_innermost(&x),
            [&batch_innermost(&scale), &batch_innermost(&shift)],
            [&contiguous(&mean), &contiguous(&variance)],
            &batch_innermost(&gradient),
        );
        let of_x = from_batch_innermost(gradients.x, x.layout().shape().clone());
        let of_samples = [gradients.scale, gradients.shift]
            .map(|of| from_batch_innermost(of, scale.layout().shape().clone()));
        let [of_scale, of_shift] = of_samples;
        [of_x, of_scale, of_shift]
    }

    fn group_normalize_backward(
        [x, gamma, beta]: [FlexTensor; 3],
        gradient: FlexTensor,
        norm: GroupNormalization,
    ) -> [FlexTensor; 3] {
        let [of_x, of_gamma, of_beta] = group_norm(&x, norm).backward(
            &batch_innermost(&x),
            [&contiguous(&gamma), &contiguous(&beta)],
            &batch_innermost(&gradient),
        );
        let of_x = from_batch_innermost(of_x, x.layout().shape().clone());
        [of_x, of_channels(of_gamma), of_channels(of_beta)]
    }

    fn group_tangent_backward(
        [x, v, gamma]: [FlexTensor; 3],
        gradient: FlexTensor,
        norm: GroupNormalization,
    ) -> [FlexTensor; 3] {
        let [of_x, of_v, of_gamma] = group_norm(&x, norm).tangent_backward(
            &batch_innermost(&x),
            &batch_innermost(&v),
            &contiguous(&gamma),
            &batch_innermost(&gradient),
        );
        let map = |numbers| from_batch_innermost(numbers, x.layout().shape().clone());
        [map(of_x), map(of_v), of_channels(of_gamma)]
    }
}

/// The gradient of a layer's input, given that of its sums.
fn input_gradient(gradient: FlexTensor, weight: FlexTensor, layer: Layer) -> FlexTensor {
    let resampling = match layer.resampling {
        Resampling::Downsample => Resampling::Upsample,
        Resampling::Upsample => Resampling::Downsample,
    };
    let back = Layer { resampling, activation: Activation::Identity, ..layer };
    Flex::layer(gradient, weight, of_channels(Vec::new()), back)
}

/// The gradient of a layer's weight, given that of its sums.
fn weight_gradient(
    x: &FlexTensor,
    gradient: &FlexTensor,
    weight: &FlexTensor,
    layer: Layer,
) -> FlexTensor {
    let convolution = convolution(&layer, map_of(x).batch, weight);
    let (x, gradient) = (batch_innermost(x), batch_innermost(gradient));
    let (fine, coarse) = match layer.resampling {
        Resampling::Downsample => (&*x, &*gradient),
        Resampling::Upsample => (&*gradient, &*x),
    };
    let numbers = match grouped(&layer, convolution) {
        None => convolution.weight_gradient(fine, coarse),
        Some(groups) => groups.weight_gradient(fine, coarse),
    };
    from_contiguous(numbers, weight.layout().shape().clone())
}

/// The gradient before an activation that made `y`, and the gradient of a bias before it.
fn before_activation(
    y: FlexTensor,
    gradient: FlexTensor,
    activation: Activation,
) -> (FlexTensor, FlexTensor) {
    let map = map_of(&y);
    let gradients = batch_innermost(&gradient);
    if activation == Activation::Identity {
        let sums = of_channels(map.sums(&gradients));
        drop(gradients);
        return (gradient, sums);
    }
    let (before, sums) = map.activation_backward(activation, &batch_innermost(&y), &gradients);
    (from_batch_innermost(before, y.layout().shape().clone()), of_channels(sums))
}

/// The tensor itself if its numbers are all that its memory holds, in their order; otherwise a copy
/// that is so.
fn whole(tensor: FlexTensor) -> FlexTensor {
    let layout = tensor.layout();
    let numbers = layout.num_elements();
    let alone = layout.is_contiguous() && tensor.storage::<f32>().len() == numbers;
    if alone {
        return tensor;
    }
    let shape = layout.shape().clone();
    from_contiguous(contiguous(&tensor).into_owned(), shape)
}
