//! What two ways to compute the same are compared by.

use std::sync::{Mutex, PoisonError};

use burn::module::Param;
use burn::tensor::activation::{leaky_relu, relu, tanh};
use burn::tensor::{Device, Distribution, Gradients, Tensor};
use gan_kernels::Activation;

/// Relative to the largest number, what a result in `f32` may be off.
const TOLERANCE: f32 = 1e-5;

pub(crate) const ACTIVATIONS: [Activation; 4] =
    [Activation::Identity, Activation::Relu, Activation::LeakyRelu(0.2), Activation::Tanh];

/// Runs a test alone with a device, which has kernels: its seed is the whole program's.
pub(crate) fn with_kernels(device: Device, test: impl FnOnce(&Device)) {
    static ALONE: Mutex<()> = Mutex::new(());
    // A failed test does not affect the others.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(gan_kernels::run_on(&device), "these tests compare nothing without the kernels");
    test(&device);
}

pub(crate) fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

pub(crate) fn by_burn<const D: usize>(activation: Activation, x: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Identity => x,
        Activation::Relu => relu(x),
        Activation::LeakyRelu(slope) => leaky_relu(x, f64::from(slope)),
        Activation::Tanh => tanh(x),
    }
}

/// The gradient of a parameter, in a row.
pub(crate) fn gradient<const D: usize>(
    parameter: &Param<Tensor<D>>,
    gradients: &Gradients,
) -> Tensor<1> {
    parameter.val().grad(gradients).expect("a gradient").reshape([-1])
}

/// The gradients of a weight and of a bias, if there is one.
pub(crate) fn of_weight_and_bias<const D: usize>(
    weight: &Param<Tensor<D>>,
    bias: Option<&Param<Tensor<1>>>,
    gradients: &Gradients,
) -> Vec<Tensor<1>> {
    let bias = bias.map(|bias| gradient(bias, gradients));
    bias.into_iter().chain([gradient(weight, gradients)]).collect()
}

#[track_caller]
pub(crate) fn assert_close<const D: usize>(what: &str, found: &Tensor<D>, expected: &Tensor<D>) {
    assert_within(TOLERANCE, what, found, expected);
}

#[track_caller]
pub(crate) fn assert_within<const D: usize>(
    tolerance: f32,
    what: &str,
    found: &Tensor<D>,
    expected: &Tensor<D>,
) {
    assert_eq!(found.dims(), expected.dims(), "{what}");
    let scale = expected.clone().abs().max().into_scalar::<f32>().max(1e-3);
    let off = (found.clone() - expected.clone()).abs().max().into_scalar::<f32>();
    assert!(off <= tolerance * scale, "{what}: off by {off}, of {scale}");
}

/// Runs both on the same input and compares their results, and the gradients of the input and of
/// the parameters, of a sum in which every number of the result has a weight of its own.
pub(crate) fn compare<const D: usize>(
    what: &str,
    x: Tensor<D>,
    ours: impl Fn(Tensor<D>) -> Tensor<D>,
    theirs: impl Fn(Tensor<D>) -> Tensor<D>,
    parameters: impl Fn(&Gradients) -> Vec<Tensor<1>>,
) {
    compare_within(TOLERANCE, what, x, ours, theirs, parameters);
}

/// [`compare`] where results may be off by `tolerance`, relative to the largest number.
pub(crate) fn compare_within<const D: usize>(
    tolerance: f32,
    what: &str,
    x: Tensor<D>,
    ours: impl Fn(Tensor<D>) -> Tensor<D>,
    theirs: impl Fn(Tensor<D>) -> Tensor<D>,
    parameters: impl Fn(&Gradients) -> Vec<Tensor<1>>,
) {
    let x = x.require_grad();
    let (found, expected) = (ours(x.clone()), theirs(x.clone()));
    assert_within(tolerance, what, &found.clone().inner(), &expected.clone().inner());
    let weights =
        Tensor::<D>::random(expected.dims(), Distribution::Uniform(-1.0, 1.0), &expected.device());
    let gradients = |y: Tensor<D>| (y * weights.clone()).sum().backward();
    let (found, expected) = (gradients(found), gradients(expected));
    let of_x = |gradients| x.grad(gradients).expect("the input has a gradient");
    assert_within(tolerance, &format!("{what}: input"), &of_x(&found), &of_x(&expected));
    // In one row, for a single number may be what terms that cancel by chance have left.
    let [found, expected] = [&found, &expected].map(&parameters);
    if !found.is_empty() {
        let [found, expected] = [found, expected].map(|all| Tensor::cat(all, 0));
        assert_within(tolerance, &format!("{what}: parameters"), &found, &expected);
    }
}
