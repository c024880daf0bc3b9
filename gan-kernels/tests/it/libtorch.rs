//! The same on the LibTorch backend, whose layers run on libtorch's own kernels.

#![allow(deprecated, reason = "burn deprecates the backend")]

use burn::module::Param;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::tensor::{Device, Distribution, Gradients, Tensor};
use gan_kernels::Activation;

use crate::against_burn::{ACTIVATIONS, assert_close, by_burn, compare};
use crate::whole_step::compare_trainings;

fn device() -> Device {
    let device = Device::libtorch().autodiff();
    assert!(gan_kernels::run_on(&device), "these tests compare nothing without the kernels");
    device
}

fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &device())
}

fn gradient<const D: usize>(parameter: &Param<Tensor<D>>, gradients: &Gradients) -> Tensor<1> {
    parameter.val().grad(gradients).expect("a gradient").reshape([-1])
}

#[test]
fn convolutions_are_those_of_burn() {
    device().seed(1);
    let cases = [
        ([1, 16], [3, 3], [2, 2], [1, 1], [32, 32], 64),
        ([16, 24], [3, 3], [2, 2], [1, 1], [16, 16], 33),
        ([24, 40], [4, 4], [1, 1], [0, 0], [4, 4], 1),
        // The last row and column of the input are in no window.
        ([3, 8], [4, 4], [3, 3], [1, 1], [9, 10], 7),
        ([5, 6], [3, 2], [1, 2], [0, 1], [8, 5], 5),
        ([8, 8], [1, 1], [1, 1], [0, 0], [5, 5], 20),
    ];
    for (channels, kernel, stride, [top, left], [height, width], batch) in cases {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let layer: Conv2d = Conv2dConfig::new(channels, kernel)
                .with_stride(stride)
                .with_padding(PaddingConfig2d::Explicit(top, left, top, left))
                .with_bias(index % 2 == 0)
                .init(&device());
            compare(
                &format!("{channels:?}, kernel {kernel:?}, batch {batch}, {activation:?}"),
                random([batch, channels[0], height, width]),
                |x| gan_kernels::conv2d(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |gradients| {
                    let bias = layer.bias.as_ref().map(|bias| gradient(bias, gradients));
                    bias.into_iter().chain([gradient(&layer.weight, gradients)]).collect()
                },
            );
        }
    }
}

#[test]
fn transposed_convolutions_are_those_of_burn() {
    device().seed(2);
    let cases = [
        ([40, 24], [3, 3], [2, 2], [0, 0], [0, 0], [4, 4], 64),
        ([24, 16], [3, 3], [2, 2], [1, 1], [1, 1], [9, 9], 33),
        ([16, 1], [4, 4], [2, 2], [2, 2], [0, 0], [7, 7], 3),
        ([12, 20], [4, 4], [1, 1], [0, 0], [0, 0], [1, 1], 1),
        ([5, 7], [4, 3], [3, 2], [1, 0], [2, 1], [4, 6], 9),
        ([6, 4], [3, 3], [2, 1], [1, 1], [0, 0], [5, 4], 2),
    ];
    for (channels, kernel, stride, padding, beyond, [height, width], batch) in cases {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let layer: ConvTranspose2d = ConvTranspose2dConfig::new(channels, kernel)
                .with_stride(stride)
                .with_padding(padding)
                .with_padding_out(beyond)
                .with_bias(index % 2 == 0)
                .init(&device());
            compare(
                &format!("{channels:?}, kernel {kernel:?}, batch {batch}, {activation:?}"),
                random([batch, channels[0], height, width]),
                |x| gan_kernels::conv_transpose2d(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |gradients| {
                    let bias = layer.bias.as_ref().map(|bias| gradient(bias, gradients));
                    bias.into_iter().chain([gradient(&layer.weight, gradients)]).collect()
                },
            );
        }
    }
}

#[test]
fn fully_connected_layers_are_those_of_burn() {
    device().seed(3);
    for ([inputs, outputs], batch) in [([2, 128], 50), ([128, 1], 250), ([110, 130], 1)] {
        for (index, activation) in ACTIVATIONS.into_iter().enumerate() {
            let config = LinearConfig::new(inputs, outputs).with_bias(index % 2 == 0);
            let layer: Linear = config.init(&device());
            compare(
                &format!("{inputs} to {outputs}, batch {batch}, {activation:?}"),
                random([batch, inputs]),
                |x| gan_kernels::linear(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |gradients| {
                    let bias = layer.bias.as_ref().map(|bias| gradient(bias, gradients));
                    bias.into_iter().chain([gradient(&layer.weight, gradients)]).collect()
                },
            );
        }
    }
}

#[test]
fn batch_normalization_is_that_of_burn_and_moves_its_statistics() {
    device().seed(4);
    for ([batch, channels, side], mean) in
        [([64, 24, 9], 0.0), ([33, 5, 4], 3.0), ([16, 128, 1], -20.0), ([3, 8, 3], 0.5)]
    {
        for activation in ACTIVATIONS {
            let layer: BatchNorm = BatchNormConfig::new(channels).init(&device());
            let twin: BatchNorm = BatchNormConfig::new(channels).init(&device());
            let x = random([batch, channels, side, side]) * 2.0 + mean;
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

#[test]
fn group_normalization_is_that_of_burn() {
    device().seed(8);
    for ([batch, channels, side], groups, mean) in
        [([64, 24, 5], 1, 0.0), ([33, 6, 4], 3, 2.0), ([1, 8, 1], 1, -5.0), ([5, 5, 3], 5, 0.5)]
    {
        for activation in ACTIVATIONS {
            let layer: GroupNorm = GroupNormConfig::new(groups, channels).init(&device());
            compare(
                &format!("{groups} groups of {channels} channels, batch {batch}, {activation:?}"),
                random([batch, channels, side, side]) * 2.0 + mean,
                |x| gan_kernels::group_norm(&layer, x, activation),
                |x| by_burn(activation, layer.forward(x)),
                |gradients| {
                    let of = |parameter: &Option<Param<Tensor<1>>>| {
                        gradient(parameter.as_ref().expect("a parameter"), gradients)
                    };
                    vec![of(&layer.gamma), of(&layer.beta)]
                },
            );
        }
    }
}

#[test]
fn the_tangent_of_group_normalization_and_its_gradients_are_those_on_flex() {
    let flex = Device::flex().autodiff();
    for ([batch, channels, side], groups) in [([32, 8, 3], 1), ([17, 6, 4], 3), ([64, 4, 5], 4)] {
        let shape = [batch, channels, side, side];
        let drawn = [0.5, 0.0, 0.0].map(|mean| {
            Tensor::<4>::random(shape, Distribution::Normal(mean, 1.0), &flex).inner().into_data()
        });
        let on = |device: &Device| {
            let layer: GroupNorm = GroupNormConfig::new(groups, channels).init(device);
            let [x, v, weights] =
                drawn.clone().map(|numbers| Tensor::<4>::from_data(numbers, device));
            let (x, v) = (x.require_grad(), v.require_grad());
            let made = gan_kernels::group_norm_tangent(&layer, &x, &v).expect("the kernels run");
            let gradients = (made.clone() * weights).sum().backward();
            let gamma = gradient(layer.gamma.as_ref().expect("a scale"), &gradients);
            let of = |tensor: &Tensor<4>| tensor.grad(&gradients).expect("a gradient");
            let back = |found: Tensor<1>| Tensor::<1>::from_data(found.into_data(), &flex).inner();
            [made.inner().reshape([-1]), of(&x).reshape([-1]), of(&v).reshape([-1]), gamma]
                .map(back)
        };
        for (found, expected) in on(&device()).iter().zip(&on(&flex)) {
            assert_close(&format!("{groups} groups"), found, expected);
        }
    }
}

#[test]
fn activations_and_slopes_are_those_of_burn() {
    device().seed(10);
    let (x, v) = (random([20, 3, 4, 4]), random([20, 3, 4, 4]));
    for activation in ACTIVATIONS {
        compare(
            &format!("{activation:?}"),
            x.clone(),
            |x| gan_kernels::activate(x, activation),
            |x| by_burn(activation, x),
            |_| Vec::new(),
        );
        let y = gan_kernels::activate(x.clone(), activation);
        if let Some(slope) = gan_kernels::activation_slope(activation, &y, &v) {
            let x = x.clone().require_grad();
            let loss = (by_burn(activation, x.clone()) * v.clone()).sum();
            let expected = x.grad(&loss.backward()).expect("a gradient");
            assert_close("slope", &slope.inner(), &expected);
        }
    }
}

/// A gradient, an input or a result that is needed elsewhere is not written over.
#[test]
fn what_is_shared_is_left_alone() {
    device().seed(11);
    let layer = Conv2dConfig::new([4, 4], [1, 1]).init(&device());
    let (leaky, relu) = (Activation::LeakyRelu(0.2), Activation::Relu);
    compare(
        "a residual block",
        random([3, 4, 5, 5]),
        |x| {
            let y = gan_kernels::conv2d(&layer, x.clone(), leaky) + x.clone();
            gan_kernels::activate(y.clone(), relu) + y + x
        },
        |x| {
            let y = by_burn(leaky, layer.forward(x.clone())) + x.clone();
            by_burn(relu, y.clone()) + y + x
        },
        |gradients| vec![gradient(&layer.weight, gradients)],
    );
}

#[test]
fn features_become_maps_in_their_order() {
    device().seed(5);
    let (x, weights) = (random([20, 12]).require_grad(), random([20, 3, 2, 2]));
    let maps = gan_kernels::unflatten(x.clone(), [3, 2, 2]);
    assert_close("maps", &maps.clone().inner(), &x.clone().inner().reshape([20, 3, 2, 2]));
    let gradients = (maps * weights.clone()).sum().backward();
    let of_x = x.grad(&gradients).expect("a gradient");
    assert_close("gradient", &of_x, &weights.inner().reshape([20, 12]));
}

#[test]
fn a_training_on_libtorchs_kernels_is_the_training_in_burns_layers() {
    compare_trainings(&device());
}
