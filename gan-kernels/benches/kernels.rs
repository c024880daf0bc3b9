//! Times every function of this crate on the Flex backend, each beside the same of plain Burn.
//!
//! `cargo bench -p gan-kernels` prints a tree with one branch for each function. Its shapes are those of
//! the recipes at batch 64, and each has up to four lines: the forward pass and both passes, on the
//! kernels and by Burn's own layer with the activation behind it. Where the kernels do not run, only
//! Burn's lines are there. Below each time is a throughput: multiplications with an addition where the
//! function is a matrix product, numbers of the input where not, weights for an optimizer.
//!
//! A forward pass has no graph, for its weights are frozen. A backward pass starts with ones, and has
//! the gradients of the input and of all weights. The kernels find the maps between two layers in
//! memory as the layer before leaves them, but images, latents and that first gradient as Burn does;
//! transposing these counts as the kernels' time.
//!
//! A pattern as an argument runs the lines that match: `cargo bench -p gan-kernels -- 'conv2d.*kernel'`.
//! `--max-time SECONDS` limits each line. Numbers to compare need a machine that does nothing else.

#![expect(clippy::expect_used, reason = "a failed step ends the benchmark")]

#[path = "kernels/run.rs"]
mod run;

use burn::nn::conv::{Conv2dConfig, ConvTranspose2dConfig};
use burn::nn::{BatchNormConfig, GroupNorm, GroupNormConfig, LinearConfig, PaddingConfig2d};
use burn::optim::{AdamConfig, ModuleOptimizer, RmsPropConfig};
use burn::tensor::activation::{leaky_relu, relu, tanh};
use burn::tensor::{Device, Tensor};
use divan::Bencher;
use gan_kernels::Activation::{self, Identity, LeakyRelu, Relu, Tanh};
use gan_kernels::{Adam, AlignedMemory, RmsProp};

use crate::run::{BATCH, Convolution, Maps, Matrix, Run, layers, optimizers, random};

/// As in programs that train.
#[global_allocator]
static MEMORY: AlignedMemory = AlignedMemory;

const LEAKY: Activation = LeakyRelu(0.2);

/// Of the classical DCGAN's critic; the last is of the course's.
const CONVOLUTIONS: [Convolution; 5] = [
    Convolution::new([1, 32], 64, [4, 2, 1], LEAKY),
    Convolution::new([64, 16], 128, [4, 2, 1], Identity),
    Convolution::new([128, 8], 256, [4, 2, 1], Identity),
    Convolution::new([256, 4], 1, [4, 1, 0], Identity),
    Convolution::new([16, 16], 32, [3, 2, 1], Identity),
];
/// Of the classical DCGAN's generator; the last is of the course's.
const TRANSPOSED: [Convolution; 5] = [
    Convolution::new([100, 1], 256, [4, 1, 0], Identity),
    Convolution::new([256, 4], 128, [4, 2, 1], Identity),
    Convolution::new([128, 8], 64, [4, 2, 1], Identity),
    Convolution::new([64, 16], 1, [4, 2, 1], Tanh),
    Convolution::new([256, 4], 128, [3, 2, 0], Identity),
];
const FULLY_CONNECTED: [Matrix; 3] = [Matrix(784, 128), Matrix(128, 784), Matrix(100, 4096)];
const NORMALIZED: [Maps; 3] = [Maps(128, 16, LEAKY), Maps(64, 16, Relu), Maps(256, 4, LEAKY)];
const DIFFERENTIATED: [Maps; 2] = [Maps(128, 8, Identity), Maps(256, 4, Identity)];
const RECTIFIED: [Maps; 2] = [Maps(64, 16, LEAKY), Maps(64, 16, Relu)];
const ACTIVATED: [Maps; 2] = [Maps(64, 16, LEAKY), Maps(1, 32, Tanh)];
const IMAGES: [Maps; 1] = [Maps(1, 32, Identity)];
const UNFLATTENED: [Maps; 1] = [Maps(256, 4, Identity)];
const SCORES: [Matrix; 1] = [Matrix(BATCH, 1)];
const WEIGHTS: [Matrix; 2] = [Matrix(784, 128), Matrix(1024, 512)];

fn main() {
    gan_kernels::keep_freed_memory();
    divan::main();
}

fn device() -> Device {
    Device::flex().autodiff()
}

fn by_burn<const D: usize>(activation: Activation, x: Tensor<D>) -> Tensor<D> {
    match activation {
        Identity => x,
        Relu => relu(x),
        LeakyRelu(slope) => leaky_relu(x, f64::from(slope)),
        Tanh => tanh(x),
    }
}

#[divan::bench(args = layers(&CONVOLUTIONS))]
fn conv2d(bencher: Bencher<'_, '_>, run: &Run<Convolution>) {
    let Convolution { from: [channels, side], to, kernel, activation } = run.case;
    let [kernel, stride, p] = kernel;
    let config = Conv2dConfig::new([channels, to], [kernel; 2]).with_stride([stride; 2]);
    let config = config.with_padding(PaddingConfig2d::Explicit(p, p, p, p));
    let layer = run.weighted(config.with_bias(activation != Identity).init(&device()));
    let shape = [BATCH, channels, side, side];
    let x = if channels == 1 { random(shape) } else { run.between(shape) };
    let ours = |x| gan_kernels::conv2d(&layer, x, activation);
    let theirs = |x| by_burn(activation, layer.forward(x));
    run.time(bencher, run.products(run.case.products(false)), &x, ours, theirs);
}

#[divan::bench(args = layers(&TRANSPOSED))]
fn conv_transpose2d(bencher: Bencher<'_, '_>, run: &Run<Convolution>) {
    let Convolution { from: [channels, side], to, kernel, activation } = run.case;
    let [kernel, stride, padding] = kernel;
    let config = ConvTranspose2dConfig::new([channels, to], [kernel; 2]).with_stride([stride; 2]);
    let config = config.with_padding([padding; 2]).with_bias(activation != Identity);
    let layer = run.weighted(config.init(&device()));
    let shape = [BATCH, channels, side, side];
    let x = if side == 1 { random(shape) } else { run.between(shape) };
    let ours = |x| gan_kernels::conv_transpose2d(&layer, x, activation);
    let theirs = |x| by_burn(activation, layer.forward(x));
    run.time(bencher, run.products(run.case.products(true)), &x, ours, theirs);
}

#[divan::bench(args = layers(&FULLY_CONNECTED))]
fn linear(bencher: Bencher<'_, '_>, run: &Run<Matrix>) {
    let Matrix(from, to) = run.case;
    let layer = run.weighted(LinearConfig::new(from, to).init(&device()));
    let x = if from == 128 { run.between([BATCH, from]) } else { random([BATCH, from]) };
    let ours = |x: Tensor<2>| gan_kernels::linear(&layer, x, LEAKY);
    let theirs = |x| by_burn(LEAKY, layer.forward(x));
    run.time(bencher, run.products(BATCH * from * to), &x, ours, theirs);
}

#[divan::bench(args = layers(&NORMALIZED))]
fn batch_norm(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let Maps(channels, _, activation) = run.case;
    let layer = run.weighted(BatchNormConfig::new(channels).init(&device()));
    let ours = |x: Tensor<4>| gan_kernels::batch_norm(&layer, x, activation);
    let theirs = |x| by_burn(activation, layer.forward(x));
    run.time_maps(bencher, ours, theirs);
}

#[divan::bench(args = layers(&NORMALIZED))]
fn group_norm(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let Maps(channels, _, activation) = run.case;
    let layer = run.weighted(GroupNormConfig::new(1, channels).init(&device()));
    let ours = |x: Tensor<4>| gan_kernels::group_norm(&layer, x, activation);
    let theirs = |x| by_burn(activation, layer.forward(x));
    run.time_maps(bencher, ours, theirs);
}

#[divan::bench(args = layers(&DIFFERENTIATED))]
fn group_norm_tangent(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let layer = run.weighted(GroupNormConfig::new(1, run.case.0).init(&device()));
    let x = Tensor::from_inner(run.between(run.case.shape()));
    let ours = |v| gan_kernels::group_norm_tangent(&layer, &x, &v).expect("the kernels run");
    run.time_maps(bencher, ours, |v| tangent_by_burn(&layer, x.clone(), v));
}

/// `γ·(v − v̄ − n·mean(n·v))/s` of one group, where `n` is `x` normalized and `s` its deviation.
fn tangent_by_burn(layer: &GroupNorm, x: Tensor<4>, v: Tensor<4>) -> Tensor<4> {
    let shape = x.dims();
    let centered = |t: Tensor<4>| {
        let t = t.flatten::<2>(1, 3);
        t.clone() - t.mean_dim(1)
    };
    let (x, v) = (centered(x), centered(v));
    let deviation = (x.clone().square().mean_dim(1) + layer.epsilon).sqrt();
    let n = x / deviation.clone();
    let derivative = (v.clone() - n.clone() * (n * v).mean_dim(1)) / deviation;
    let gamma = layer.gamma.as_ref().expect("a scale").val();
    derivative.reshape(shape) * gamma.reshape([1, shape[1], 1, 1])
}

#[divan::bench(args = layers(&ACTIVATED))]
fn activate(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let activation = run.case.2;
    let ours = |x: Tensor<4>| gan_kernels::activate(x, activation);
    run.time_maps(bencher, ours, |x| by_burn(activation, x));
}

#[divan::bench(args = layers(&RECTIFIED))]
fn activation_slope(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let activation = run.case.2;
    let y = Tensor::<4>::from_inner(run.between(run.case.shape()));
    let ours = |v| gan_kernels::activation_slope(activation, &y, &v).expect("the kernels run");
    let slope = if let LeakyRelu(slope) = activation { slope } else { 0.0 };
    let theirs = |v: Tensor<4>| v.clone().mask_where(y.clone().lower_elem(0.0), v * slope);
    run.time_maps(bencher, ours, theirs);
}

/// Real samples, then generated ones.
#[divan::bench(args = layers(&IMAGES))]
fn cat(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let second = Tensor::<4>::from_inner(run.between(run.case.shape()));
    let ours = |first| gan_kernels::cat(first, second.clone(), 0);
    run.time_maps(bencher, ours, |first| Tensor::cat(vec![first, second.clone()], 0));
}

/// Burn's is a view, for its features already are in the order of maps.
#[divan::bench(args = layers(&UNFLATTENED))]
fn unflatten(bencher: Bencher<'_, '_>, run: &Run<Maps>) {
    let [_, channels, height, width] = run.case.shape();
    let features = channels * height * width;
    let ours = |x| gan_kernels::unflatten(x, [channels, height, width]);
    let theirs = |x: Tensor<2>| x.reshape([BATCH, channels, height, width]);
    run.time(bencher, BATCH * features, &run.between([BATCH, features]), ours, theirs);
}

#[divan::bench(args = layers(&SCORES))]
fn softplus(bencher: Bencher<'_, '_>, run: &Run<Matrix>) {
    let Matrix(batch, scores) = run.case;
    let theirs = |x: Tensor<2>| burn::tensor::activation::softplus(x, 1.0);
    let x = random([batch, scores]);
    run.time(bencher, batch * scores, &x, gan_kernels::softplus, theirs);
}

#[divan::bench(args = optimizers(&WEIGHTS))]
fn adam(bencher: Bencher<'_, '_>, run: &Run<Matrix>) {
    let (beta_1, beta_2, epsilon) = (0.5, 0.999, 1e-8);
    let ours = ModuleOptimizer::from(Adam { beta_1, beta_2, epsilon });
    let theirs = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon);
    run.time_steps(bencher, ours, theirs.init());
}

#[divan::bench(args = optimizers(&WEIGHTS))]
fn rms_prop(bencher: Bencher<'_, '_>, run: &Run<Matrix>) {
    let (alpha, epsilon) = (0.99, 1e-8);
    let ours = ModuleOptimizer::from(RmsProp { alpha, epsilon });
    let theirs = RmsPropConfig::new().with_alpha(alpha).with_momentum(0.0).with_epsilon(epsilon);
    run.time_steps(bencher, ours, theirs.init());
}
