//! Spectral normalization in plain Burn: weights that are divided by their largest singular value.

use burn::module::{Module, Param, ParamId};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Distribution, Tensor};

use crate::built::{Built, Network};

/// The least that a length and a singular value are divided by.
const SMALLEST: f64 = 1e-12;

/// A convolution with `W/σ` in the place of its weights, where `σ = uᵀWv` and `W` is the matrix
/// `[to, everything else]`.
#[derive(Module, Debug)]
pub(crate) struct SpectralConv {
    pub(crate) layer: Conv2d,
    /// `u`, `[to, 1]`; no weight to train.
    left: Param<Tensor<2>>,
    /// `v`, `[everything else, 1]`; no weight to train.
    right: Param<Tensor<2>>,
}

impl SpectralConv {
    pub(crate) fn new(layer: Conv2d) -> Self {
        let [to, rest] = matrix(layer.weight.val()).dims();
        let vector = |entries: usize| {
            let device = layer.weight.val().device();
            let drawn = Tensor::random([entries, 1], Distribution::Normal(0.0, 1.0), &device);
            Param::initialized(ParamId::new(), drawn)
        };
        Self { left: vector(to), right: vector(rest), layer }.advanced()
    }

    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let weight = self.layer.weight.val();
        let image = matrix(weight.clone()).matmul(self.right.val());
        let sigma = (image * self.left.val()).sum().clamp_min(SMALLEST);
        let bias = self.layer.bias.as_ref().map(Param::val);
        conv2d(x, weight / sigma.reshape([1, 1, 1, 1]), bias, self.options())
    }

    fn options(&self) -> ConvOptions<2> {
        let padding = match &self.layer.padding {
            PaddingConfig2d::Explicit(top, left, ..) => [*top, *left],
            _ => [0, 0],
        };
        ConvOptions::new(self.layer.stride, padding, self.layer.dilation, self.layer.groups)
    }

    /// With its vectors one power iteration further.
    fn advanced(self) -> Self {
        let matrix = matrix(self.layer.weight.val().inner());
        let right = unit(matrix.clone().transpose().matmul(self.left.val().inner()));
        let left = unit(matrix.matmul(right.clone()));
        let settled = |param: Param<Tensor<2>>, value| param.map(|_| Tensor::from_inner(value));
        let (left, right) = (settled(self.left, left), settled(self.right, right));
        Self { left, right, ..self }
    }
}

fn matrix(weight: Tensor<4>) -> Tensor<2> {
    weight.flatten(1, 3)
}

fn unit(column: Tensor<2>) -> Tensor<2> {
    let length = column.clone().square().sum_dim(0).sqrt();
    column / length.clamp_min(SMALLEST)
}

/// The critic after an update: the vectors of its spectral norms move by one power iteration.
pub(crate) fn advance(critic: Network) -> Network {
    let layers = critic.layers.into_iter().map(|layer| match layer {
        Built::SpectralConv(layer) => Built::SpectralConv(layer.advanced()),
        other => other,
    });
    Network { layers: layers.collect() }
}
