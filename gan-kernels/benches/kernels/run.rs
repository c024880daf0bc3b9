//! The lines of the output: a shape, a pass, and which of the two sides is timed.

use std::fmt::{self, Display, Formatter};

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor};
use divan::Bencher;
use divan::counter::ItemsCount;
use gan_kernels::Activation;

pub(crate) const BATCH: usize = 64;
const LEARNING_RATE: f64 = 2e-4;

/// A convolution or a transposed one over square maps.
#[derive(Clone, Copy)]
pub(crate) struct Convolution {
    /// Channels and side of the input.
    pub(crate) from: [usize; 2],
    pub(crate) to: usize,
    /// Side of the kernel, stride and padding.
    pub(crate) kernel: [usize; 3],
    /// Without one a normalization follows, and there is no bias.
    pub(crate) activation: Activation,
}

impl Convolution {
    pub(crate) const fn new(
        from: [usize; 2],
        to: usize,
        kernel: [usize; 3],
        activation: Activation,
    ) -> Self {
        Self { from, to, kernel, activation }
    }

    /// Numbers of the map with fewer pixels, of one channel: each is multiplied by every weight.
    fn coarse(self, transposed: bool) -> usize {
        let ([_, side], [kernel, stride, padding]) = (self.from, self.kernel);
        let coarse = if transposed { side } else { (side + 2 * padding - kernel) / stride + 1 };
        BATCH * coarse * coarse
    }

    pub(crate) fn products(self, transposed: bool) -> usize {
        self.coarse(transposed) * self.from[0] * self.to * self.kernel[0].pow(2)
    }
}

/// Inputs and outputs of a layer, or any rows and columns.
#[derive(Clone, Copy)]
pub(crate) struct Matrix(pub(crate) usize, pub(crate) usize);

/// Channels, side and activation.
#[derive(Clone, Copy)]
pub(crate) struct Maps(pub(crate) usize, pub(crate) usize, pub(crate) Activation);

impl Maps {
    pub(crate) fn shape(self) -> [usize; 4] {
        [BATCH, self.0, self.1, self.1]
    }
}

impl Display for Convolution {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ([channels, side], [kernel, stride, _]) = (self.from, self.kernel);
        write!(f, "{BATCH}×{channels}×{side}×{side} to {}, {kernel}×{kernel}/{stride}", self.to)
    }
}

impl Display for Matrix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.0, self.1)
    }
}

impl Display for Maps {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(channels, side, activation) = self;
        write!(f, "{BATCH}×{channels}×{side}×{side}")?;
        if *activation == Activation::Identity { Ok(()) } else { write!(f, " {activation:?}") }
    }
}

#[derive(Clone, Copy)]
enum Pass {
    Forward,
    Both,
    /// An optimizer's.
    Step,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Kernel,
    Burn,
}

/// A line of the output. Lines are sorted by what they display, which has the kernel before Burn's own.
pub(crate) struct Run<C> {
    pub(crate) case: C,
    pass: Pass,
    side: Side,
}

impl<C: Display> Display for Run<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let pass = match self.pass {
            Pass::Forward => "forward",
            Pass::Both => "forward + backward",
            Pass::Step => "step",
        };
        let side = if self.side == Side::Kernel { "kernel" } else { "plain Burn" };
        write!(f, "{}: {pass} ({side})", self.case)
    }
}

fn runs<C: Copy>(cases: &[C], passes: &[Pass]) -> Vec<Run<C>> {
    let kernels = gan_kernels::run_on(&Device::flex()).then_some(Side::Kernel);
    let sides = || kernels.into_iter().chain([Side::Burn]);
    let lines = cases.iter().flat_map(|&case| passes.iter().map(move |&pass| (case, pass)));
    lines.flat_map(|(case, pass)| sides().map(move |side| Run { case, pass, side })).collect()
}

pub(crate) fn layers<C: Copy>(cases: &[C]) -> Vec<Run<C>> {
    runs(cases, &[Pass::Forward, Pass::Both])
}

pub(crate) fn optimizers<C: Copy>(cases: &[C]) -> Vec<Run<C>> {
    runs(cases, &[Pass::Step])
}

pub(crate) fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
}

impl<C> Run<C> {
    /// What the layer before leaves.
    pub(crate) fn between<const D: usize>(&self, shape: [usize; D]) -> Tensor<D> {
        match self.side {
            Side::Kernel => gan_kernels::activate(random(shape), Activation::LeakyRelu(0.5)),
            Side::Burn => random(shape),
        }
    }

    /// Without gradients of its own in a forward pass: a graph that is never walked back stays around.
    pub(crate) fn weighted<M: Module>(&self, layer: M) -> M {
        if matches!(self.pass, Pass::Both) { layer } else { layer.no_grad() }
    }

    /// For the gradients of the input and of the weights there are as many as forwards.
    pub(crate) fn products(&self, forward: usize) -> usize {
        if matches!(self.pass, Pass::Both) { 3 * forward } else { forward }
    }

    /// Times one of the two on `x`.
    pub(crate) fn time<const D: usize, const E: usize>(
        &self,
        bencher: Bencher<'_, '_>,
        items: usize,
        x: &Tensor<D>,
        kernel: impl Fn(Tensor<D>) -> Tensor<E>,
        burn: impl Fn(Tensor<D>) -> Tensor<E>,
    ) {
        let both = matches!(self.pass, Pass::Both);
        let input = || {
            let x = Tensor::from_inner(x.clone());
            if both { x.require_grad() } else { x }
        };
        // Freed within the time, as in a training, for the next one finds the memory then.
        let once = |x| {
            let y = if self.side == Side::Kernel { kernel(x) } else { burn(x) };
            if both { drop(y.backward()) } else { drop(y) }
        };
        // Weights are drawn when they are first looked at.
        once(input());
        bencher.counter(ItemsCount::new(items)).with_inputs(input).bench_local_values(once);
    }
}

impl Run<Maps> {
    /// Times one of the two on maps that a layer has made.
    pub(crate) fn time_maps(
        &self,
        bencher: Bencher<'_, '_>,
        kernel: impl Fn(Tensor<4>) -> Tensor<4>,
        burn: impl Fn(Tensor<4>) -> Tensor<4>,
    ) {
        let shape = self.case.shape();
        self.time(bencher, shape.iter().product(), &self.between(shape), kernel, burn);
    }
}

impl Run<Matrix> {
    /// Times one step of one of the two, each on a gradient of its own.
    pub(crate) fn time_steps(
        &self,
        bencher: Bencher<'_, '_>,
        kernel: ModuleOptimizer,
        burn: ModuleOptimizer,
    ) {
        let Matrix(from, to) = self.case;
        let mut optimizer = if self.side == Side::Kernel { kernel } else { burn };
        let layer = LinearConfig::new(from, to).with_bias(false);
        let layer: Linear = layer.init(&Device::flex().autodiff());
        let id = layer.weight.id;
        let gradients = || {
            let mut gradients = GradientsParams::new();
            gradients.register(id, random([from, to]));
            gradients
        };
        // Weights and moments have no other owner, as in a training.
        let mut layer = Some(optimizer.step(LEARNING_RATE, layer, gradients()));
        let step = |gradients| {
            layer = layer.take().map(|layer| optimizer.step(LEARNING_RATE, layer, gradients));
        };
        bencher.counter(ItemsCount::new(from * to)).with_inputs(gradients).bench_local_values(step);
    }
}
