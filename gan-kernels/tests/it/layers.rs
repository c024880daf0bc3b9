//! Each layer and its gradients against Burn's own layer followed by Burn's own activation, on a
//! device that has kernels.

use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::tensor::{DType, Device, Gradients, Tensor};
use gan_kernels::{Activation, Precision, autocast};

use crate::compare::{
    ACTIVATIONS, assert_close, by_burn, compare, compare_within, gradient, of_weight_and_bias,
    random,
};

pub(crate) fn convolutions(device: &Device) {
    device.seed(1);
    let cases = [
        ([1, 16], [3, 3], [2, 2], [1, 1], [32, 32], 64),
        ([16, 24], [3, 3], [2, 2], [1, 1], [16, 16], 33),
        ([24, 40], [4, 4], [1, 1], [0, 0], [4, 4], 16),
        // The last row and column of the input are in no window.
        ([3, 8], [4, 4], [3, 3], [1, 1], [9, 10], 50),
        ([40, 1], [4, 4], [1, 1], [0, 0], [4, 4], 64),
        ([5, 6], [3, 2], [1, 2], [0, 1], [8, 5], 21),
        ([8, 8], [1, 1], [1, 1], [0, 0], [5, 5], 20),
        // Halvings and scores of images of other sizes.
        ([8, 12], [4, 4], [2, 2], [1, 1], [10, 10], 17),
        ([8, 12], [4, 4], [2, 2], [1, 1], [12, 12], 16),
        ([6, 1], [5, 5], [1, 1], [0, 0], [5, 5], 18),
        ([6, 1], [6, 6], [1, 1], [0, 0], [6, 6], 18),
        ([6, 1], [7, 7], [1, 1], [0, 0], [7, 7], 18),
        ([1, 2], [4, 4], [2, 2], [1, 1], [96, 96], 16),
        // On Flex, fewer samples than kernels are for.
        ([6, 4], [4, 4], [1, 1], [0, 0], [4, 4], 1),
    ];
    for (channels, kernel, stride, [top, left], [height, width], batch) in cases {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let layer: Conv2d = Conv2dConfig::new(channels, kernel)
                .with_stride(stride)
                .with_padding(PaddingConfig2d::Explicit(top, left, top, left))
                .with_bias(index % 2 == 0)
                .init(device);
            compare(
                &format!("{channels:?}, kernel {kernel:?}, batch {batch}, {activation:?}"),
                random([batch, channels[0], height, width], device),
                |x| gan_kernels::conv2d(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| of_weight_and_bias(&layer.weight, layer.bias.as_ref(), found),
            );
        }
    }
}

pub(crate) fn transposed_convolutions(device: &Device) {
    device.seed(2);
    let cases = [
        ([40, 24], [3, 3], [2, 2], [0, 0], [0, 0], [4, 4], 64),
        ([24, 16], [3, 3], [2, 2], [1, 1], [1, 1], [9, 9], 33),
        ([16, 1], [4, 4], [2, 2], [2, 2], [0, 0], [17, 17], 16),
        ([12, 20], [4, 4], [1, 1], [0, 0], [0, 0], [1, 1], 64),
        ([5, 7], [4, 3], [3, 2], [1, 0], [2, 1], [4, 6], 50),
        ([6, 4], [3, 3], [2, 1], [1, 1], [0, 0], [5, 4], 18),
        // First maps and doublings of images of other sizes.
        ([10, 8], [5, 5], [1, 1], [0, 0], [0, 0], [1, 1], 16),
        ([10, 8], [6, 6], [1, 1], [0, 0], [0, 0], [1, 1], 17),
        ([10, 8], [7, 7], [1, 1], [0, 0], [0, 0], [1, 1], 18),
        ([8, 6], [4, 4], [2, 2], [1, 1], [0, 0], [5, 5], 16),
        ([8, 6], [4, 4], [2, 2], [1, 1], [0, 0], [6, 6], 17),
        ([8, 6], [4, 4], [2, 2], [1, 1], [0, 0], [14, 14], 16),
        ([2, 1], [4, 4], [2, 2], [1, 1], [0, 0], [48, 48], 16),
        ([4, 6], [3, 3], [2, 2], [1, 1], [0, 0], [4, 4], 3),
    ];
    for (channels, kernel, stride, padding, beyond, [height, width], batch) in cases {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let layer: ConvTranspose2d = ConvTranspose2dConfig::new(channels, kernel)
                .with_stride(stride)
                .with_padding(padding)
                .with_padding_out(beyond)
                .with_bias(index % 2 == 0)
                .init(device);
            compare(
                &format!("{channels:?}, kernel {kernel:?}, batch {batch}, {activation:?}"),
                random([batch, channels[0], height, width], device),
                |x| gan_kernels::conv_transpose2d(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| of_weight_and_bias(&layer.weight, layer.bias.as_ref(), found),
            );
        }
    }
}

pub(crate) fn fully_connected(device: &Device) {
    device.seed(3);
    for ([inputs, outputs], batch) in [
        ([2, 128], 50),
        ([128, 1], 250),
        ([110, 130], 64),
        ([300, 17], 16),
        ([1, 1], 19),
        ([9, 5], 1),
    ] {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let config = LinearConfig::new(inputs, outputs).with_bias(index % 2 == 0);
            let layer: Linear = config.init(device);
            compare(
                &format!("{inputs} to {outputs}, batch {batch}, {activation:?}"),
                random([batch, inputs], device),
                |x| gan_kernels::linear(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| of_weight_and_bias(&layer.weight, layer.bias.as_ref(), found),
            );
        }
    }
}

/// Factors of 8 significant bits where the device multiplies them: near to `f32`, and not `f32`.
pub(crate) fn products_in_bfloat16(device: &Device) {
    device.seed(12);
    let has = Precision::Bf16.on(device) == Precision::Bf16;
    // Without a kink that one of the two is behind.
    let tanh = Activation::Tanh;
    let conv = Conv2dConfig::new([12, 20], [4, 4]).with_stride([2, 2]).init(device);
    let x = random([33, 12, 9, 8], device);
    compare_precisions("a convolution", has, x, |x| gan_kernels::conv2d(&conv, x, tanh));
    let up = ConvTranspose2dConfig::new([20, 6], [4, 4]).with_stride([2, 2]).init(device);
    let x = random([33, 20, 4, 4], device);
    compare_precisions("a transposed one", has, x, |x| gan_kernels::conv_transpose2d(&up, x, tanh));
    let linear = LinearConfig::new(70, 30).init(device);
    let x = random([33, 70], device);
    compare_precisions("a fully connected layer", has, x, |x| {
        gan_kernels::linear(&linear, x, tanh)
    });
    // Flex's kernels multiply groups in `f32`.
    let has = has && *device != Device::flex();
    let grouped = Conv2dConfig::new([8, 8], [3, 3]).with_groups(2).init(device);
    let x = random([33, 8, 5, 5], device);
    compare_precisions("groups", has, x, |x| gan_kernels::conv2d(&grouped, x, tanh));
}

/// A layer and the gradient of its input, asked for bfloat16 and in `f32`.
#[track_caller]
fn compare_precisions<const D: usize>(
    what: &str,
    has_bf16: bool,
    x: Tensor<D>,
    layer: impl Fn(Tensor<D>) -> Tensor<D>,
) {
    let in_bf16 = |x| autocast(Precision::Bf16, || layer(x));
    let rounded = in_bf16(x.clone()).inner();
    assert_eq!(rounded.dtype(), DType::F32, "{what}: sums are in f32");
    let off = (rounded - layer(x.clone()).inner()).abs().max().into_scalar::<f32>();
    assert_eq!(off > 1e-4, has_bf16, "{what}: off by {off}");
    let tolerance = if has_bf16 { 0.02 } else { 0.0 };
    compare_within(tolerance, what, x, in_bf16, &layer, |_| Vec::new());
}

pub(crate) fn batch_normalization(device: &Device) {
    device.seed(4);
    for ([batch, channels, side], mean) in [
        ([64, 24, 9], 0.0),
        ([33, 5, 4], 3.0),
        ([16, 128, 1], -20.0),
        ([50, 8, 3], 0.5),
        ([3, 8, 3], 0.5),
    ] {
        for activation in ACTIVATIONS {
            let layer: BatchNorm = BatchNormConfig::new(channels).init(device);
            let twin: BatchNorm = BatchNormConfig::new(channels).init(device);
            let x = random([batch, channels, side, side], device) * 2.0 + mean;
            let _ = twin.forward(x.clone());
            let _ = gan_kernels::batch_norm(&layer, x.clone(), activation);
            let (ours, theirs) = (layer.running_mean.value_sync(), twin.running_mean.value_sync());
            assert_close("running mean", &ours.inner(), &theirs.inner());
            let (ours, theirs) = (layer.running_var.value_sync(), twin.running_var.value_sync());
            assert_close("running variance", &ours.inner(), &theirs.inner());
            compare(
                &format!("{channels} channels, {side} pixels, batch {batch}, {activation:?}"),
                x,
                |x| gan_kernels::batch_norm(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| vec![gradient(&layer.gamma, found), gradient(&layer.beta, found)],
            );
        }
    }
}

pub(crate) fn group_normalization(device: &Device) {
    device.seed(8);
    for ([batch, channels, side], groups, mean) in [
        ([64, 24, 5], 1, 0.0),
        ([33, 6, 4], 3, 2.0),
        ([16, 8, 1], 1, -5.0),
        ([50, 5, 3], 5, 0.5),
        ([1, 8, 2], 2, 1.0),
    ] {
        for activation in ACTIVATIONS {
            let layer: GroupNorm = GroupNormConfig::new(groups, channels).init(device);
            compare(
                &format!("{groups} groups of {channels} channels, batch {batch}, {activation:?}"),
                random([batch, channels, side, side], device) * 2.0 + mean,
                |x| gan_kernels::group_norm(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |found| {
                    let [gamma, beta] = [&layer.gamma, &layer.beta]
                        .map(|of| gradient(of.as_ref().expect("a parameter"), found));
                    vec![gamma, beta]
                },
            );
        }
    }
}

/// `γ·(v − v̄ − n·mean(n·v))/s` in Burn's own operations.
fn tangent_by_burn(layer: &GroupNorm, x: Tensor<4>, v: Tensor<4>) -> Tensor<4> {
    let shape = x.dims();
    let rows = shape[0] * layer.num_groups;
    let centered = |t: Tensor<4>| {
        let t = t.reshape([rows, shape.iter().product::<usize>() / rows]);
        t.clone() - t.mean_dim(1)
    };
    let (x, v) = (centered(x), centered(v));
    let deviation = (x.clone().square().mean_dim(1) + layer.epsilon).sqrt();
    let n = x / deviation.clone();
    let derivative = (v.clone() - n.clone() * (n * v).mean_dim(1)) / deviation;
    let gamma = layer.gamma.as_ref().expect("a scale").val();
    derivative.reshape(shape) * gamma.reshape([1, shape[1], 1, 1])
}

pub(crate) fn tangent_of_group_normalization(device: &Device) {
    device.seed(9);
    for ([batch, channels, side], groups) in [([32, 8, 3], 1), ([17, 6, 4], 3), ([64, 4, 5], 4)] {
        let layer: GroupNorm = GroupNormConfig::new(groups, channels).init(device);
        let shape = [batch, channels, side, side];
        let (x, v) = (random(shape, device) + 0.5, random(shape, device));
        let of_scale =
            |found: &Gradients| vec![gradient(layer.gamma.as_ref().expect("a scale"), found)];
        let ours = |x: &Tensor<4>, v: &Tensor<4>| {
            gan_kernels::group_norm_tangent(&layer, x, v).expect("the kernels run")
        };
        compare(
            &format!("{groups} groups, by the samples"),
            x.clone(),
            |x| ours(&x, &v),
            |x| tangent_by_burn(&layer, x, v.clone()),
            of_scale,
        );
        compare(
            &format!("{groups} groups, by the direction"),
            v.clone(),
            |v| ours(&x, &v),
            |v| tangent_by_burn(&layer, x.clone(), v),
            of_scale,
        );
    }
}

pub(crate) fn activations(device: &Device) {
    device.seed(13);
    for activation in ACTIVATIONS {
        compare(
            &format!("{activation:?}"),
            random([20, 3, 4, 4], device),
            |x| gan_kernels::activate(x, activation),
            |x| by_burn(activation, x),
            |_| Vec::new(),
        );
    }
}

pub(crate) fn slopes_of_rectifiers(device: &Device) {
    device.seed(10);
    let (x, v) = (random([20, 3, 4, 4], device), random([20, 3, 4, 4], device));
    for activation in [Activation::Relu, Activation::LeakyRelu(0.2)] {
        let y = gan_kernels::activate(x.clone(), activation);
        let x = x.clone().require_grad();
        let loss = (by_burn(activation, x.clone()) * v.clone()).sum();
        let expected = x.grad(&loss.backward()).expect("a gradient");
        let slope = |v: Tensor<4>| {
            gan_kernels::activation_slope(activation, &y, &v).expect("the kernels run")
        };
        assert_close("slope", &slope(v.clone()).inner(), &expected);
        let v = v.clone().require_grad();
        let gradients = slope(v.clone()).sum().backward();
        let ones = slope(v.ones_like()).inner();
        assert_close("its gradient", &v.grad(&gradients).expect("a gradient"), &ones);
    }
    let y = gan_kernels::activate(x.clone(), Activation::Tanh);
    assert!(gan_kernels::activation_slope(Activation::Tanh, &y, &v).is_none());
}

pub(crate) fn features_as_maps(device: &Device) {
    device.seed(5);
    let (x, weights) = (random([20, 12], device).require_grad(), random([20, 3, 2, 2], device));
    let maps = gan_kernels::unflatten(x.clone(), [3, 2, 2]);
    assert_close("maps", &maps.clone().inner(), &x.clone().inner().reshape([20, 3, 2, 2]));
    let gradients = (maps * weights.clone()).sum().backward();
    let of_x = x.grad(&gradients).expect("a gradient");
    assert_close("gradient", &of_x, &weights.inner().reshape([20, 12]));
}

pub(crate) fn softplus(device: &Device) {
    device.seed(8);
    let compare_at = |x: Tensor<2>| {
        let theirs = |x| burn::tensor::activation::softplus(x, 1.0);
        compare("softplus", x, gan_kernels::softplus, theirs, |_| Vec::new());
    };
    compare_at(random([3, 1], device));
    compare_at(random([64, 1], device) * 30.0);
    let far = Tensor::<1>::from_data([1e4, -1e4, 0.0, f32::INFINITY], &device.clone().inner());
    let found = gan_kernels::softplus(far).into_data().try_to_vec_as::<f32>();
    let found = found.expect("numbers");
    assert_eq!(found, [1e4, 0.0, std::f32::consts::LN_2, f32::INFINITY]);
}

/// One part as a kernel has left it in memory, the other as Burn does.
pub(crate) fn joined_parts(device: &Device) {
    device.seed(7);
    for (axis, first, second) in
        [(0, [17, 3, 4, 5], [20, 3, 4, 5]), (1, [20, 3, 4, 5], [20, 2, 4, 5])]
    {
        let a = gan_kernels::activate(random(first, device), Activation::Relu);
        let (a, b) = (a.detach().require_grad(), random(second, device).require_grad());
        let found = gan_kernels::cat(a.clone(), b.clone(), axis);
        let expected = Tensor::<4>::cat(vec![a.clone(), b.clone()], axis);
        assert_close("joined", &found.clone().inner(), &expected.clone().inner());
        let weights = random(expected.dims(), device);
        let [found, expected] =
            [found, expected].map(|joined| (joined * weights.clone()).sum().backward());
        for (name, part) in [("first", &a), ("second", &b)] {
            let of = |gradients| part.grad(gradients).expect("a gradient");
            assert_close(name, &of(&found), &of(&expected));
        }
    }
    let (a, b) = (random([20, 3], device), random([20, 5], device));
    let joined = gan_kernels::cat::<2>(a.clone(), b.clone(), 1).inner();
    assert_close("features", &joined, &Tensor::cat(vec![a, b], 1).inner());
}

/// A gradient, an input or a result that is needed elsewhere is not written over.
pub(crate) fn shared_tensors(device: &Device) {
    device.seed(11);
    let layer = Conv2dConfig::new([4, 4], [1, 1]).init(device);
    let (leaky, relu) = (Activation::LeakyRelu(0.2), Activation::Relu);
    compare(
        "a residual block",
        random([30, 4, 5, 5], device),
        |x| {
            let y = gan_kernels::conv2d(&layer, x.clone(), leaky) + x.clone();
            gan_kernels::activate(y.clone(), relu) + y + x
        },
        |x| {
            let y = by_burn(leaky, layer.forward(x.clone())) + x.clone();
            by_burn(relu, y.clone()) + y + x
        },
        |found| vec![gradient(&layer.weight, found)],
    );
}

/// A kind of convolution that the kernels do not know runs on Burn's own.
pub(crate) fn dilated_convolutions(device: &Device) {
    device.seed(7);
    let layer = Conv2dConfig::new([4, 4], [3, 3]).with_dilation([2, 2]).init(device);
    let x = random([32, 4, 6, 6], device);
    let ours = gan_kernels::conv2d(&layer, x.clone(), Activation::Relu);
    assert_close("dilation", &ours.inner(), &by_burn(Activation::Relu, layer.forward(x)).inner());
}
