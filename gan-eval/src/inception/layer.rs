//! A convolution with its batch normalization folded into it.

use burn::module::{Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Tensor, TensorData};
use gan_core::kernels::Activation::{Identity, Relu};

use super::pooling::Pooling;
use super::weights::Weights;
use crate::EvalError;

/// What is added to every variance.
const EPSILON: f64 = 0.001;

/// What distinguishes one convolution from another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) maps: usize,
    kernel: [usize; 2],
    stride: usize,
    padding: [usize; 2],
}

impl Step {
    /// A convolution that keeps height and width, of an odd kernel.
    pub(super) fn same(name: &'static str, maps: usize, kernel: [usize; 2]) -> Self {
        Self { name, maps, kernel, stride: 1, padding: kernel.map(|side| side / 2) }
    }

    /// A convolution of single pixels.
    pub(super) fn one(name: &'static str, maps: usize) -> Self {
        Self::same(name, maps, [1, 1])
    }

    /// A convolution of 3×3 pixels without padding, which loses a pixel at each border.
    pub(super) fn inside(name: &'static str, maps: usize) -> Self {
        Self { name, maps, kernel: [3, 3], stride: 1, padding: [0, 0] }
    }

    /// The same at every other pixel.
    pub(super) fn halving(name: &'static str, maps: usize) -> Self {
        Self { stride: 2, ..Self::inside(name, maps) }
    }
}

/// `relu(conv(x))` for what PyTorch calculates as `relu(bn(conv(x)))`.
#[derive(Module, Debug)]
pub(super) struct Layer {
    convolution: Conv2d,
}

impl Layer {
    /// The layer of a name below `block`, which is empty or ends with a dot, for inputs of `channels`.
    ///
    /// Weights are `w·γ/σ` and biases `β − μ·γ/σ` with `σ² = var + 0.001`, calculated in `f64`.
    pub(super) fn load(
        weights: &Weights<'_>,
        block: &str,
        channels: usize,
        step: Step,
    ) -> Result<Self, EvalError> {
        let Step { name, maps, kernel: [height, width], stride, padding: [y, x] } = step;
        let name = format!("{block}{name}");
        let shape = [maps, channels, height, width];
        let mut kernels = weights.values(&format!("{name}.conv.weight"), &shape)?;
        let norm = |part: &str| weights.values(&format!("{name}.bn.{part}"), &[maps]);
        let (gammas, betas, means) = (norm("weight")?, norm("bias")?, norm("running_mean")?);
        let variances = weights.variances(&format!("{name}.bn.running_var"), maps)?;
        let mut biases = Vec::with_capacity(maps);
        for (map, kernel) in kernels.chunks_exact_mut(channels * height * width).enumerate() {
            let [gamma, beta, mean, variance] =
                [&gammas, &betas, &means, &variances].map(|part| f64::from(part[map]));
            let scale = gamma / (variance + EPSILON).sqrt();
            kernel.iter_mut().for_each(|weight| *weight = (f64::from(*weight) * scale) as f32);
            biases.push((beta - mean * scale) as f32);
        }
        let config = Conv2dConfig::new([channels, maps], [height, width])
            .with_stride([stride; 2])
            .with_padding(PaddingConfig2d::Explicit(y, x, y, x));
        let mut convolution = config.init(weights.device);
        let kernels = TensorData::new(kernels, shape);
        convolution.weight = Param::from_tensor(Tensor::from_data(kernels, weights.device));
        let biases = TensorData::new(biases, [maps]);
        convolution.bias = Some(Param::from_tensor(Tensor::from_data(biases, weights.device)));
        Ok(Self { convolution })
    }

    /// Layers one after the other.
    pub(super) fn load_chain(
        weights: &Weights<'_>,
        block: &str,
        channels: usize,
        steps: &[Step],
    ) -> Result<Vec<Self>, EvalError> {
        let before = steps.iter().map(|step| step.maps);
        let channels = std::iter::once(channels).chain(before);
        let layers = steps.iter().zip(channels);
        layers.map(|(step, channels)| Self::load(weights, block, channels, *step)).collect()
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        gan_kernels::conv2d(&self.convolution, x, Relu)
    }

    /// `relu(mean(conv(x)))` over the pixels around each, which is `relu(conv(mean(x)))`: single pixels are
    /// convolved, and weights of a mean sum to 1. There are fewer maps to take the mean of.
    pub(super) fn forward_of_mean(&self, x: Tensor<4>) -> Tensor<4> {
        let maps = gan_kernels::conv2d(&self.convolution, x, Identity);
        relu(Pooling::Average.forward(maps))
    }
}
