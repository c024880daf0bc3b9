//! The layers as Burn has them, and networks of them.

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::interpolate::{Interpolate2d, Interpolate2dConfig, InterpolateMode};
use burn::nn::pool::{AvgPool2d, AvgPool2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, LeakyRelu, LeakyReluConfig, Linear,
    LinearConfig, PaddingConfig2d, Relu, Tanh,
};
use burn::tensor::{Device, Tensor};

use crate::class::{ClassAffine, Projection};
use crate::layer::{Kernel, Layer, SLOPE, Shape, inputs};
use crate::residual::Block;
use crate::spectral::SpectralConv;

/// A layer with weights of its own.
#[derive(Module, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a network has some dozen layers, and a box is no module"
)]
pub(crate) enum Built {
    Linear(Linear),
    Conv(Conv2d),
    SpectralConv(SpectralConv),
    Up(ConvTranspose2d),
    BatchNorm(BatchNorm),
    GroupNorm(GroupNorm),
    ClassAffine(ClassAffine),
    Block(Block),
    Halve(AvgPool2d),
    Double(Interpolate2d),
    Projection(Projection),
    Relu(Relu),
    LeakyRelu(LeakyRelu),
    Tanh(Tanh),
    Maps(Reshape),
}

/// A vector as maps.
#[derive(Module, Debug)]
pub(crate) struct Reshape {
    pub(crate) shape: [usize; 3],
}

impl Layer {
    /// Burn's own layer.
    pub(crate) fn build(self, from: Shape, device: &Device) -> Built {
        let maps = from[0];
        match self {
            Self::Linear { to } => {
                Built::Linear(LinearConfig::new(from.iter().product(), to).init(device))
            }
            Self::Conv(kernel) => Built::Conv(kernel.conv(maps).init(device)),
            Self::SpectralConv(kernel) => {
                Built::SpectralConv(SpectralConv::new(kernel.conv(maps).init(device)))
            }
            Self::Up(kernel) => Built::Up(kernel.up(maps).init(device)),
            Self::BatchNorm => Built::BatchNorm(BatchNormConfig::new(maps).init(device)),
            Self::GroupNorm => Built::GroupNorm(GroupNormConfig::new(1, maps).init(device)),
            Self::ClassAffine { classes } => {
                Built::ClassAffine(ClassAffine::new(classes, maps, device))
            }
            Self::Block => Built::Block(Block::new(maps, device)),
            Self::Halve => Built::Halve(halve()),
            Self::Double => Built::Double(double()),
            Self::Projection { classes } => {
                Built::Projection(Projection::new(classes, from, device))
            }
            Self::Relu => Built::Relu(Relu::new()),
            Self::LeakyRelu => Built::LeakyRelu(leaky_relu()),
            Self::Tanh => Built::Tanh(Tanh::new()),
            Self::Maps(shape) => Built::Maps(Reshape { shape }),
        }
    }
}

impl Kernel {
    /// A convolution of this many maps.
    pub(crate) fn conv(self, from: usize) -> Conv2dConfig {
        let Self { to, side, stride, padding, groups, bias } = self;
        Conv2dConfig::new([from, to], [side, side])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .with_groups(groups)
            .with_bias(bias)
    }

    fn up(self, from: usize) -> ConvTranspose2dConfig {
        let Self { to, side, stride, padding, bias, .. } = self;
        ConvTranspose2dConfig::new([from, to], [side, side])
            .with_stride([stride, stride])
            .with_padding([padding, padding])
            .with_bias(bias)
    }
}

pub(crate) fn leaky_relu() -> LeakyRelu {
    LeakyReluConfig::new().with_negative_slope(SLOPE).init()
}

fn halve() -> AvgPool2d {
    AvgPool2dConfig::new([2, 2]).with_strides([2, 2]).init()
}

fn double() -> Interpolate2d {
    let repeated = Interpolate2dConfig::new().with_scale_factor(Some([2.0, 2.0]));
    repeated.with_mode(InterpolateMode::Nearest).init()
}

/// What flows between layers.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Vectors(Tensor<2>),
    Maps(Tensor<4>),
}

impl Value {
    /// One vector a sample.
    pub(crate) fn vectors(self) -> Tensor<2> {
        match self {
            Self::Vectors(x) => x,
            Self::Maps(x) => x.flatten(1, 3),
        }
    }

    /// Maps; vectors are maps of one pixel.
    pub(crate) fn maps(self) -> Tensor<4> {
        match self {
            Self::Maps(x) => x,
            Self::Vectors(x) => {
                let [batch, entries] = x.dims();
                x.reshape([batch, entries, 1, 1])
            }
        }
    }

    /// The same numbers off the graph, on the side without gradients.
    pub(crate) fn inner(self) -> Self {
        match self {
            Self::Vectors(x) => Self::Vectors(x.inner()),
            Self::Maps(x) => Self::Maps(x.inner()),
        }
    }

    /// Numbers from the side without gradients as constants on the other.
    pub(crate) fn constant(self) -> Self {
        match self {
            Self::Vectors(x) => Self::Vectors(Tensor::from_inner(x)),
            Self::Maps(x) => Self::Maps(Tensor::from_inner(x)),
        }
    }
}

impl Built {
    /// `labels` are unit vectors, `[batch, classes]`, for the layers that are told a class.
    pub(crate) fn forward(&self, x: Value, labels: Option<&Tensor<2>>) -> Value {
        match (self, x) {
            (Self::Linear(layer), x) => Value::Vectors(layer.forward(x.vectors())),
            (Self::Conv(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::SpectralConv(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::Up(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::BatchNorm(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::GroupNorm(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::ClassAffine(layer), x) => Value::Maps(layer.forward(x.maps(), told(labels))),
            (Self::Block(block), x) => Value::Maps(block.forward(x.maps())),
            (Self::Halve(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::Double(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::Projection(layer), x) => Value::Vectors(layer.forward(x.maps(), told(labels))),
            (Self::Relu(layer), Value::Vectors(x)) => Value::Vectors(layer.forward(x)),
            (Self::Relu(layer), Value::Maps(x)) => Value::Maps(layer.forward(x)),
            (Self::LeakyRelu(layer), Value::Vectors(x)) => Value::Vectors(layer.forward(x)),
            (Self::LeakyRelu(layer), Value::Maps(x)) => Value::Maps(layer.forward(x)),
            (Self::Tanh(layer), Value::Vectors(x)) => Value::Vectors(layer.forward(x)),
            (Self::Tanh(layer), Value::Maps(x)) => Value::Maps(layer.forward(x)),
            (Self::Maps(reshape), x) => {
                let x = x.vectors();
                let ([batch, _], [maps, height, width]) = (x.dims(), reshape.shape);
                Value::Maps(x.reshape([batch, maps, height, width]))
            }
        }
    }
}

/// The labels that a layer of a class needs.
pub(crate) fn told(labels: Option<&Tensor<2>>) -> Tensor<2> {
    match labels {
        Some(labels) => labels.clone(),
        None => unreachable!("a plan with layers of a class has labels"),
    }
}

/// A network as one writes it in plain Burn: its layers in a row.
#[derive(Module, Debug)]
pub(crate) struct Network {
    pub(crate) layers: Vec<Built>,
}

impl Network {
    pub(crate) fn new(layers: &[Layer], from: Shape, device: &Device) -> Self {
        let layers = inputs(layers, from).map(|(layer, from)| layer.build(from, device));
        let network = Self { layers: layers.collect() };
        // Burn draws weights when they are first looked at; a frozen clone must not be the first.
        weights(&network);
        network
    }

    pub(crate) fn forward(&self, x: Value, labels: Option<&Tensor<2>>) -> Value {
        self.layers.iter().fold(x, |x, layer| layer.forward(x, labels))
    }
}

/// The numbers of a network that it learns: running statistics are none.
pub(crate) fn weights<M: Module>(module: &M) -> usize {
    struct Weights(usize);
    impl ModuleVisitor for Weights {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if param.base().is_require_grad() {
                self.0 += param.base().shape().num_elements();
            }
        }
    }
    let mut weights = Weights(0);
    module.visit(&mut weights);
    weights.0
}
