//! The network of a classifier: with batch normalization while it is trained, folded afterwards.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor, TensorData};
use gan_core::kernels::Activation::{Identity, Relu};

/// Of each convolution: maps in and out in units of the width (0: the image's channels), and the stride.
const STAGES: [[usize; 3]; 5] = [[0, 1, 1], [1, 2, 2], [2, 3, 1], [3, 4, 2], [4, 4, 1]];
/// Side of every kernel.
const KERNEL: usize = 3;

/// What a classifier's shape follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) channels: usize,
    pub(super) classes: usize,
    pub(super) width: usize,
}

impl Sizes {
    /// Maps in and out, and the stride, of every convolution.
    fn stages(self) -> impl Iterator<Item = [usize; 3]> {
        STAGES.into_iter().map(move |[from, to, stride]| {
            let from = if from == 0 { self.channels } else { from * self.width };
            [from, to * self.width, stride]
        })
    }

    pub(super) fn dim(self) -> usize {
        4 * self.width
    }

    /// Weights and biases of the folded network.
    pub(super) fn n_values(self) -> usize {
        let convolution = |[from, to, _]: [usize; 3]| from * to * KERNEL * KERNEL + to;
        self.stages().map(convolution).sum::<usize>() + (self.dim() + 1) * self.classes
    }
}

fn convolution([from, to, stride]: [usize; 3], bias: bool, device: &Device) -> Conv2d {
    Conv2dConfig::new([from, to], [KERNEL; 2])
        .with_stride([stride; 2])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .with_bias(bias)
        .init(device)
}

/// The mean over the pixels, `[n, maps]`.
fn pooled(maps: Tensor<4>) -> Tensor<2> {
    let [n, channels, _, _] = maps.dims();
    maps.mean_dim(3).mean_dim(2).reshape([n, channels])
}

/// A network that can be trained to tell classes apart.
pub(super) trait Classifies: Module {
    /// Logits `[n, classes]` of images `[n, channels, height, width]`.
    fn forward(&self, images: Tensor<4>) -> Tensor<2>;
}

/// In training: convolutions without bias, each before its batch normalization.
#[derive(Module, Debug)]
pub(super) struct Network {
    convolutions: Vec<Conv2d>,
    norms: Vec<BatchNorm>,
    output: Linear,
}

impl Network {
    pub(super) fn new(sizes: Sizes, device: &Device) -> Self {
        let norm = |[_, to, _]: [usize; 3]| BatchNormConfig::new(to).init(device);
        Self {
            convolutions: sizes.stages().map(|stage| convolution(stage, false, device)).collect(),
            norms: sizes.stages().map(norm).collect(),
            output: LinearConfig::new(sizes.dim(), sizes.classes).init(device),
        }
    }

    /// The same function with the running statistics in the weights: `w·γ/σ` and `β − μ·γ/σ`.
    pub(super) fn folded(&self) -> Folded {
        let network = self.valid();
        let fold = |(layer, norm): (&Conv2d, &BatchNorm)| {
            let deviation = (norm.running_var.value_sync() + norm.epsilon).sqrt();
            let scale = norm.gamma.val() / deviation;
            let shift = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
            let maps = scale.dims()[0];
            let weight = layer.weight.val() * scale.reshape([maps, 1, 1, 1]);
            let (weight, bias) = (Param::from_tensor(weight), Some(Param::from_tensor(shift)));
            Conv2d { weight, bias, ..layer.clone() }
        };
        let convolutions = network.convolutions.iter().zip(&network.norms).map(fold).collect();
        Folded { convolutions, output: network.output }
    }
}

impl Classifies for Network {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let maps = self.convolutions.iter().zip(&self.norms).fold(images, |x, (layer, norm)| {
            gan_kernels::batch_norm(norm, gan_kernels::conv2d(layer, x, Identity), Relu)
        });
        gan_kernels::linear(&self.output, pooled(maps), Identity)
    }
}

/// For inference, and for the end of a training: convolutions with bias.
#[derive(Module, Debug)]
pub(super) struct Folded {
    convolutions: Vec<Conv2d>,
    output: Linear,
}

impl Folded {
    /// The network of these weights, as [`Folded::values`] lists them.
    pub(super) fn from_values(sizes: Sizes, values: &[f32], device: &Device) -> Self {
        let mut rest = values;
        let mut take = |n: usize| {
            let (first, others) = rest.split_at(n);
            rest = others;
            first.to_vec()
        };
        let mut convolutions = Vec::new();
        for stage @ [from, to, _] in sizes.stages() {
            let mut layer = convolution(stage, true, device);
            let shape = [to, from, KERNEL, KERNEL];
            let weight = TensorData::new(take(from * to * KERNEL * KERNEL), shape);
            layer.weight = Param::from_tensor(Tensor::from_data(weight, device));
            let bias = Tensor::from_data(TensorData::new(take(to), [to]), device);
            layer.bias = Some(Param::from_tensor(bias));
            convolutions.push(layer);
        }
        let mut output = LinearConfig::new(sizes.dim(), sizes.classes).init(device);
        let shape = [sizes.dim(), sizes.classes];
        let weight = TensorData::new(take(sizes.dim() * sizes.classes), shape);
        output.weight = Param::from_tensor(Tensor::from_data(weight, device));
        let bias = TensorData::new(take(sizes.classes), [sizes.classes]);
        output.bias = Some(Param::from_tensor(Tensor::from_data(bias, device)));
        Self { convolutions, output }
    }

    /// The same network, to be trained on a device with autodiff.
    pub(super) fn to_train(&self, device: &Device) -> Self {
        Self::from_values(self.sizes(), &self.values(), device)
    }

    /// All weights: of each convolution `[out, in, 3, 3]` and its biases, then the linear layer's
    /// `[features, classes]` and its biases.
    pub(super) fn values(&self) -> Vec<f32> {
        let mut all = Vec::new();
        for layer in &self.convolutions {
            all.extend(layer.weight.val().into_data().iter::<f32>());
            all.extend(layer.bias.iter().flat_map(numbers));
        }
        all.extend(self.output.weight.val().into_data().iter::<f32>());
        all.extend(self.output.bias.iter().flat_map(numbers));
        all
    }

    pub(super) fn sizes(&self) -> Sizes {
        Sizes { channels: self.channels(), classes: self.classes(), width: self.dim() / 4 }
    }

    pub(super) fn channels(&self) -> usize {
        self.convolutions[0].weight.dims()[1]
    }

    pub(super) fn dim(&self) -> usize {
        self.output.weight.dims()[0]
    }

    pub(super) fn classes(&self) -> usize {
        self.output.weight.dims()[1]
    }

    /// The features of images `[n, channels, height, width]`.
    pub(super) fn features(&self, images: Tensor<4>) -> Tensor<2> {
        let maps =
            self.convolutions.iter().fold(images, |x, layer| gan_kernels::conv2d(layer, x, Relu));
        pooled(maps)
    }

    /// The logits of features.
    pub(super) fn logits(&self, features: Tensor<2>) -> Tensor<2> {
        gan_kernels::linear(&self.output, features, Identity)
    }
}

impl Classifies for Folded {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.logits(self.features(images))
    }
}

fn numbers(bias: &Param<Tensor<1>>) -> Vec<f32> {
    bias.val().into_data().iter::<f32>().collect()
}
