//! What stands between convolutions, and convolutions in groups, against Burn's own operations.

use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::pool::AvgPool2dConfig;
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Tensor};
use gan_kernels::Activation;

use crate::compare::{
    ACTIVATIONS, assert_close, by_burn, compare, gradient, of_weight_and_bias, random,
};

pub(crate) fn grouped_convolutions(device: &Device) {
    device.seed(14);
    for (channels, groups, kernel, stride, side, batch) in [
        ([32, 32], 2, 3, 1, 7, 64),
        ([12, 8], 4, 3, 2, 6, 33),
        ([6, 6], 6, 4, 2, 8, 16),
        ([5, 10], 5, 1, 1, 3, 20),
        ([4, 4], 2, 3, 1, 5, 3),
    ] {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let layer: Conv2d = Conv2dConfig::new(channels, [kernel; 2])
                .with_groups(groups)
                .with_stride([stride; 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .with_bias(index % 2 == 0)
                .init(device);
            compare(
                &format!("{channels:?} in {groups} groups, batch {batch}, {activation:?}"),
                random([batch, channels[0], side, side], device),
                |x| gan_kernels::conv2d(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| of_weight_and_bias(&layer.weight, layer.bias.as_ref(), found),
            );
        }
    }
}

pub(crate) fn grouped_transposed_convolutions(device: &Device) {
    device.seed(15);
    for (channels, groups, kernel, stride, side, batch) in
        [([32, 16], 2, 4, 2, 4, 64), ([12, 8], 4, 3, 2, 5, 33), ([6, 6], 6, 3, 1, 4, 16)]
    {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let layer: ConvTranspose2d = ConvTranspose2dConfig::new(channels, [kernel; 2])
                .with_groups(groups)
                .with_stride([stride; 2])
                .with_padding([1, 1])
                .with_bias(index % 2 == 0)
                .init(device);
            compare(
                &format!("{channels:?} in {groups} groups, batch {batch}, {activation:?}"),
                random([batch, channels[0], side, side], device),
                |x| gan_kernels::conv_transpose2d(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| of_weight_and_bias(&layer.weight, layer.bias.as_ref(), found),
            );
        }
    }
}

/// Windows that tile the map or leave pixels behind, and those that the kernels do not take.
pub(crate) fn average_pooling(device: &Device) {
    device.seed(16);
    let tiles = |window: [usize; 2]| AvgPool2dConfig::new(window).with_strides(window);
    for (config, shape) in [
        (tiles([2, 2]), [64, 5, 8, 8]),
        (tiles([2, 3]), [17, 3, 7, 8]),
        (tiles([4, 4]), [16, 2, 4, 4]),
        (AvgPool2dConfig::new([3, 3]).with_strides([2, 2]), [20, 3, 7, 7]),
        (tiles([2, 2]), [3, 2, 4, 4]),
    ] {
        let layer = config.init();
        compare(
            &format!("{shape:?} by {:?}", layer.kernel_size),
            random(shape, device),
            |x| gan_kernels::avg_pool2d(&layer, x),
            |x| layer.forward(x),
            |_| Vec::new(),
        );
    }
}

pub(crate) fn upsampling(device: &Device) {
    device.seed(17);
    for (factor, shape) in [(2, [64, 5, 4, 4]), (3, [17, 3, 3, 2]), (1, [16, 2, 3, 3])] {
        compare(
            &format!("{shape:?} enlarged {factor} times"),
            random(shape, device),
            |x| gan_kernels::upsample_nearest2d(x, factor),
            |x| {
                let size = [shape[2] * factor, shape[3] * factor];
                let options = InterpolateOptions::new(InterpolateMode::Nearest);
                interpolate(x, options.with_output_size(size))
            },
            |_| Vec::new(),
        );
    }
}

pub(crate) fn sums_of_maps(device: &Device) {
    device.seed(18);
    for shape in [[64, 5, 4, 4], [17, 3, 1, 7], [3, 2, 2, 2]] {
        let weights = random([shape[0], shape[1]], device);
        let weighted =
            |sums: Tensor<2>| (sums * weights.clone()).reshape([shape[0], shape[1], 1, 1]);
        compare(
            &format!("{shape:?}"),
            random(shape, device),
            |x| weighted(gan_kernels::sum_pixels(x)),
            |x| weighted(x.flatten::<3>(2, 3).sum_dim(2).reshape([shape[0], shape[1]])),
            |_| Vec::new(),
        );
    }
}

pub(crate) fn maps_as_features(device: &Device) {
    device.seed(19);
    for shape in [[20, 3, 4, 5], [20, 1, 4, 5], [20, 6, 1, 1], [2, 3, 2, 2]] {
        // As a kernel leaves it in memory, and as Burn does.
        let x = random(shape, device);
        let made = gan_kernels::activate(x.clone(), Activation::Tanh).detach();
        for x in [x, made] {
            compare(
                &format!("{shape:?}"),
                x,
                |x| gan_kernels::flatten(x).reshape(shape),
                |x| x.flatten::<2>(1, 3).reshape(shape),
                |_| Vec::new(),
            );
        }
    }
}

/// A shortcut beside a residual: both gradients arrive, and nothing shared is written over.
pub(crate) fn residuals(device: &Device) {
    device.seed(20);
    for batch in [32, 3] {
        let layer = Conv2dConfig::new([4, 4], [1, 1]).init(device);
        let (leaky, relu) = (Activation::LeakyRelu(0.2), Activation::Relu);
        compare(
            &format!("a residual block, batch {batch}"),
            random([batch, 4, 5, 5], device),
            |x| {
                let [x, shortcut] = gan_kernels::fork(x);
                let y = gan_kernels::add(gan_kernels::conv2d(&layer, x, leaky), shortcut);
                let [y, shortcut] = gan_kernels::fork(y);
                gan_kernels::add(shortcut, gan_kernels::activate(y, relu))
            },
            |x| {
                let y = by_burn(leaky, layer.forward(x.clone())) + x;
                by_burn(relu, y.clone()) + y
            },
            |found| of_weight_and_bias(&layer.weight, layer.bias.as_ref(), found),
        );
    }
    let x = random([32, 4, 5, 5], device).require_grad();
    let [first, second] = gan_kernels::fork(x.clone());
    let alone = x.grad(&(first * 2.0).sum().backward()).expect("a gradient");
    assert_close("the first alone", &alone, &(x.clone().inner().ones_like() * 2.0));
    drop(second);
    let sum = gan_kernels::add(x.clone(), Tensor::<4>::ones([32, 4, 5, 5], device));
    assert_close("another layout", &sum.inner(), &(x.inner() + 1.0));
}

pub(crate) fn conditional_batch_normalization(device: &Device) {
    device.seed(21);
    for ([batch, channels, side], mean) in
        [([64, 24, 7], 0.0), ([33, 5, 4], 3.0), ([16, 40, 1], -2.0), ([3, 8, 3], 0.5)]
    {
        for activation in ACTIVATIONS {
            let layer: BatchNorm = BatchNormConfig::new(channels).init(device);
            let twin: BatchNorm = BatchNormConfig::new(channels).init(device);
            let x = random([batch, channels, side, side], device) * 2.0 + mean;
            let of_samples = || random([batch, channels], device).require_grad();
            let (scale, shift) = (of_samples(), of_samples());
            let ours = |layer: &BatchNorm, x| {
                let affine = [scale.clone(), shift.clone()];
                gan_kernels::conditional_batch_norm(layer, x, affine, activation)
            };
            let _ = (twin.forward(x.clone()), ours(&layer, x.clone()));
            let (found, expected) = (layer.running_var.value_sync(), twin.running_var.value_sync());
            assert_close("running variance", &found.inner(), &expected.inner());
            let beside = |of: &Tensor<2>| of.clone().reshape([batch, channels, 1, 1]);
            compare(
                &format!("{channels} channels, {side} pixels, batch {batch}, {activation:?}"),
                x,
                |x| ours(&layer, x),
                |x| by_burn(activation, layer.forward(x) * beside(&scale) + beside(&shift)),
                |found| {
                    let of = |of: &Tensor<2>| of.grad(found).expect("a gradient").reshape([-1]);
                    let layer = [&layer.gamma, &layer.beta].map(|of| gradient(of, found));
                    layer.into_iter().chain([of(&scale), of(&shift)]).collect()
                },
            );
        }
    }
}
