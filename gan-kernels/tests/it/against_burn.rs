//! Each layer and its gradients against Burn's own layer followed by Burn's own activation.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::tensor::activation::{leaky_relu, relu, tanh};
use burn::tensor::{Device, Distribution, Gradients, Tensor};
use gan_kernels::Activation;

/// Relative to the largest number, what a result may be off.
const TOLERANCE: f32 = 1e-5;

fn device() -> Device {
    let device = Device::flex().autodiff();
    assert!(gan_kernels::run_on(&device), "these tests compare nothing without the kernels");
    device
}

pub(crate) fn by_burn<const D: usize>(activation: Activation, x: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Identity => x,
        Activation::Relu => relu(x),
        Activation::LeakyRelu(slope) => leaky_relu(x, f64::from(slope)),
        Activation::Tanh => tanh(x),
    }
}

pub(crate) const ACTIVATIONS: [Activation; 4] =
    [Activation::Identity, Activation::Relu, Activation::LeakyRelu(0.2), Activation::Tanh];

#[track_caller]
pub(crate) fn assert_close<const D: usize>(what: &str, found: &Tensor<D>, expected: &Tensor<D>) {
    assert_eq!(found.dims(), expected.dims(), "{what}");
    let scale = expected.clone().abs().max().into_scalar::<f32>().max(1e-3);
    let off = (found.clone() - expected.clone()).abs().max().into_scalar::<f32>();
    assert!(off <= TOLERANCE * scale, "{what}: off by {off}, of {scale}");
}

/// Runs both on the same input and compares their results, and the gradients of the input and of
/// each parameter, of a sum in which every number of the result has a weight of its own.
pub(crate) fn compare<const D: usize>(
    what: &str,
    x: Tensor<D>,
    ours: impl Fn(Tensor<D>) -> Tensor<D>,
    theirs: impl Fn(Tensor<D>) -> Tensor<D>,
    parameters: impl Fn(&Gradients) -> Vec<Tensor<1>>,
) {
    let x = x.require_grad();
    let (found, expected) = (ours(x.clone()), theirs(x.clone()));
    assert_close(what, &found.clone().inner(), &expected.clone().inner());
    let weights =
        Tensor::<D>::random(expected.dims(), Distribution::Uniform(-1.0, 1.0), &expected.device());
    let gradients = |y: Tensor<D>| (y * weights.clone()).sum().backward();
    let (found, expected) = (gradients(found), gradients(expected));
    let of_x = |gradients| x.grad(gradients).expect("the input has a gradient");
    assert_close(&format!("{what}: input"), &of_x(&found), &of_x(&expected));
    let both = parameters(&found).into_iter().zip(parameters(&expected));
    for (index, (found, expected)) in both.enumerate() {
        assert_close(&format!("{what}: parameter {index}"), &found, &expected);
    }
}

fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &device())
}

/// Compares a layer with a weight and a bias, behind each activation.
fn compare_layer<const D: usize, const W: usize>(
    what: &str,
    shape: [usize; D],
    (weight, bias): (&Param<Tensor<W>>, &Option<Param<Tensor<1>>>),
    ours: impl Fn(Tensor<D>, Activation) -> Tensor<D>,
    theirs: impl Fn(Tensor<D>) -> Tensor<D>,
) {
    for activation in ACTIVATIONS {
        compare(
            &format!("{what}, {activation:?}"),
            random(shape),
            |x| ours(x, activation),
            |x| by_burn(activation, theirs(x)),
            |gradients| {
                let weight = weight.val().grad(gradients).expect("a gradient");
                let bias = bias.as_ref().expect("a bias").val();
                vec![weight.flatten(0, W - 1), bias.grad(gradients).expect("a gradient")]
            },
        );
    }
}

#[test]
fn convolutions_are_those_of_burn() {
    device().seed(1);
    for (channels, kernel, stride, padding, side, batch) in [
        ([1, 16], 3, 2, 1, 32, 64),
        ([16, 24], 3, 2, 1, 16, 33),
        ([24, 40], 4, 1, 0, 4, 16),
        ([3, 8], 4, 2, 1, 9, 50),
        ([40, 1], 4, 1, 0, 4, 64),
        ([8, 8], 1, 1, 0, 5, 20),
    ] {
        let layer: Conv2d = Conv2dConfig::new(channels, [kernel; 2])
            .with_stride([stride; 2])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .init(&device());
        compare_layer(
            &format!("{channels:?}, kernel {kernel}, batch {batch}"),
            [batch, channels[0], side, side],
            (&layer.weight, &layer.bias),
            |x, activation| gan_kernels::conv2d(&layer, x, activation),
            |x| layer.forward(x),
        );
    }
}

#[test]
fn transposed_convolutions_are_those_of_burn() {
    device().seed(2);
    for (channels, kernel, stride, padding, side, batch) in [
        ([40, 24], 3, 2, 0, 4, 64),
        ([24, 16], 3, 2, 1, 9, 33),
        ([16, 1], 4, 2, 2, 17, 16),
        ([12, 20], 4, 1, 0, 1, 64),
        ([5, 7], 4, 2, 1, 4, 50),
    ] {
        let layer: ConvTranspose2d = ConvTranspose2dConfig::new(channels, [kernel; 2])
            .with_stride([stride; 2])
            .with_padding([padding; 2])
            .init(&device());
        compare_layer(
            &format!("{channels:?}, kernel {kernel}, batch {batch}"),
            [batch, channels[0], side, side],
            (&layer.weight, &layer.bias),
            |x, activation| gan_kernels::conv_transpose2d(&layer, x, activation),
            |x| layer.forward(x),
        );
    }
}

#[test]
fn fully_connected_layers_are_those_of_burn() {
    device().seed(3);
    for ([inputs, outputs], batch) in
        [([2, 128], 50), ([128, 1], 250), ([110, 130], 64), ([300, 17], 16), ([1, 1], 19)]
    {
        let layer: Linear = LinearConfig::new(inputs, outputs).init(&device());
        compare_layer(
            &format!("{inputs} to {outputs}, batch {batch}"),
            [batch, inputs],
            (&layer.weight, &layer.bias),
            |x, activation| gan_kernels::linear(&layer, x, activation),
            |x| layer.forward(x),
        );
    }
}

#[test]
fn batch_normalization_is_that_of_burn_and_moves_its_statistics() {
    device().seed(4);
    for ([batch, channels, side], mean) in
        [([64, 24, 9], 0.0), ([33, 5, 4], 3.0), ([16, 128, 1], -20.0), ([50, 8, 3], 0.5)]
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
                |gradients| {
                    let of = |parameter: Tensor<1>| parameter.grad(gradients).expect("a gradient");
                    vec![of(layer.gamma.val()), of(layer.beta.val())]
                },
            );
        }
    }
}

#[test]
fn group_normalization_is_that_of_burn() {
    device().seed(8);
    for ([batch, channels, side], groups, mean) in
        [([64, 24, 5], 1, 0.0), ([33, 6, 4], 3, 2.0), ([16, 8, 1], 1, -5.0), ([50, 5, 3], 5, 0.5)]
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
                        let parameter = parameter.as_ref().expect("a parameter").val();
                        parameter.grad(gradients).expect("a gradient")
                    };
                    vec![of(&layer.gamma), of(&layer.beta)]
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

#[test]
fn the_tangent_of_group_normalization_and_its_gradients_are_right() {
    device().seed(9);
    for ([batch, channels, side], groups) in [([32, 8, 3], 1), ([17, 6, 4], 3), ([64, 4, 5], 4)] {
        let layer: GroupNorm = GroupNormConfig::new(groups, channels).init(&device());
        let (x, v) =
            (random([batch, channels, side, side]) + 0.5, random([batch, channels, side, side]));
        let of_scale = |gradients: &Gradients| {
            let gamma = layer.gamma.as_ref().expect("a scale").val();
            vec![gamma.grad(gradients).expect("a gradient")]
        };
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

#[test]
fn the_slope_of_a_rectifier_is_its_gradient() {
    device().seed(10);
    let (x, v) = (random([20, 3, 4, 4]), random([20, 3, 4, 4]));
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
fn softplus_and_its_slope_are_those_of_burn() {
    device().seed(8);
    let compare_at = |x: Tensor<2>| {
        let theirs = |x| burn::tensor::activation::softplus(x, 1.0);
        compare("softplus", x, gan_kernels::softplus, theirs, |_| Vec::new());
    };
    compare_at(random([3, 1]));
    compare_at(random([64, 1]) * 30.0);
    let far = Tensor::<1>::from_data([1e4, -1e4, 0.0, f32::INFINITY], &device().inner());
    let found = gan_kernels::softplus(far).into_data().try_to_vec_as::<f32>().unwrap();
    assert_eq!(found, [1e4, 0.0, std::f32::consts::LN_2, f32::INFINITY]);
}

/// One part as a kernel has left it in memory, the other as Burn does.
#[test]
fn parts_are_joined_as_burn_does() {
    device().seed(7);
    for (axis, first, second) in
        [(0, [17, 3, 4, 5], [20, 3, 4, 5]), (1, [20, 3, 4, 5], [20, 2, 4, 5])]
    {
        let a = gan_kernels::activate(random(first), Activation::Relu).detach().require_grad();
        let b = random(second).require_grad();
        let found = gan_kernels::cat(a.clone(), b.clone(), axis);
        let expected = Tensor::<4>::cat(vec![a.clone(), b.clone()], axis);
        assert_close("joined", &found.clone().inner(), &expected.clone().inner());
        let weights = random(expected.dims());
        let [found, expected] =
            [found, expected].map(|joined| (joined * weights.clone()).sum().backward());
        for (name, part) in [("first", &a), ("second", &b)] {
            let of = |gradients| part.grad(gradients).expect("a gradient");
            assert_close(name, &of(&found), &of(&expected));
        }
    }
    let (a, b) = (random([20, 3]), random([20, 5]));
    let joined = gan_kernels::cat::<2>(a.clone(), b.clone(), 1).inner();
    assert_close("features", &joined, &Tensor::cat(vec![a, b], 1).inner());
}

/// What Burn's own operations do with tensors that lie as the kernels leave them.
#[test]
fn burns_operations_read_what_the_kernels_wrote() {
    device().seed(6);
    let layer = Conv2dConfig::new([2, 6], [3, 3]).init(&device());
    let x = random([18, 2, 6, 5]);
    let (ours, theirs) = (
        gan_kernels::conv2d(&layer, x.clone(), Activation::Identity).inner(),
        layer.forward(x).inner(),
    );
    assert_close("flatten", &ours.clone().flatten::<2>(1, 3), &theirs.clone().flatten(1, 3));
    assert_close("slice", &ours.clone().slice([3..9, 1..4]), &theirs.clone().slice([3..9, 1..4]));
    let cat = |x: &Tensor<4>| Tensor::cat(vec![x.clone(), x.clone() * 2.0], 0);
    assert_close("cat", &cat(&ours), &cat(&theirs));
    assert_close("sum", &ours.clone().sum_dim(3), &theirs.clone().sum_dim(3));
    assert_close("add", &(ours.clone() + theirs.clone()), &(theirs.clone() + ours.clone()));
    let data = |x: &Tensor<4>| x.clone().into_data().iter::<f32>().collect::<Vec<_>>();
    for (found, expected) in data(&ours).into_iter().zip(data(&theirs)) {
        assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
    }
}

/// A kind of convolution that the kernels do not know runs on Burn's own.
#[test]
fn what_the_kernels_do_not_take_runs_on_burns_layers() {
    device().seed(7);
    let layer = Conv2dConfig::new([4, 4], [3, 3]).with_groups(2).init(&device());
    let x = random([32, 4, 6, 6]);
    let ours = gan_kernels::conv2d(&layer, x.clone(), Activation::Relu);
    assert_close("groups", &ours.inner(), &relu(layer.forward(x)).inner());
}

#[test]
fn a_sample_has_the_same_bits_whatever_is_beside_it() {
    device().seed(11);
    let layer = Conv2dConfig::new([3, 10], [3, 3]).init(&device());
    let x = random([70, 3, 5, 5]).inner();
    let layer = layer.valid();
    let bits = |samples: std::ops::Range<usize>| {
        let y = gan_kernels::conv2d(&layer, x.clone().slice([samples]), Activation::Tanh);
        y.into_data().iter::<f32>().map(f32::to_bits).collect::<Vec<_>>()
    };
    let (all, of_one) = (bits(0..70), 10 * 3 * 3);
    for samples in [0..1, 3..4, 5..20, 16..69] {
        let alone = &all[samples.start * of_one..samples.end * of_one];
        assert!(bits(samples.clone()) == alone, "{samples:?}");
    }
}
