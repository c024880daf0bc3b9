//! What a layer is, as numbers: its shapes, what it costs, and the layer of Burn's that it is.

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, LeakyRelu, LeakyReluConfig, Linear,
    LinearConfig, PaddingConfig2d, Relu, Tanh,
};
use burn::tensor::{Device, Tensor};
use gan_core::kernels::Activation;

/// Slope of the leaky rectifiers below zero.
const SLOPE: f64 = 0.2;

/// Channels, height and width of one sample; vectors have the latter two 1.
pub(crate) type Shape = [usize; 3];

/// A layer as a paper's table has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Layer {
    Linear {
        to: usize,
    },
    Conv(Kernel),
    /// A transposed convolution.
    Up(Kernel),
    BatchNorm,
    /// Of one group, which is layer normalization: over all maps and pixels of a sample, with a scale
    /// and a shift for each map.
    GroupNorm,
    Relu,
    LeakyRelu,
    Tanh,
    /// A vector as maps.
    Maps(Shape),
}

/// A square kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    pub(crate) to: usize,
    pub(crate) side: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) bias: bool,
}

impl Layer {
    /// The shape that comes out where `from` goes in.
    pub(crate) fn output(self, from: Shape) -> Shape {
        let [_, height, width] = from;
        match self {
            Self::Linear { to } => [to, 1, 1],
            Self::Conv(kernel) => {
                let shrunk = |n: usize| (n + 2 * kernel.padding - kernel.side) / kernel.stride + 1;
                [kernel.to, shrunk(height), shrunk(width)]
            }
            Self::Up(kernel) => {
                let grown = |n: usize| (n - 1) * kernel.stride + kernel.side - 2 * kernel.padding;
                [kernel.to, grown(height), grown(width)]
            }
            Self::Maps(shape) => shape,
            Self::BatchNorm | Self::GroupNorm | Self::Relu | Self::LeakyRelu | Self::Tanh => from,
        }
    }

    /// Multiplications with an addition in one pass over one sample: as many forward as for the
    /// gradient of the input and as for that of the weights. Only matrix products are counted.
    pub(crate) fn products(self, from: Shape) -> usize {
        let entries = |[maps, height, width]: Shape| maps * height * width;
        match self {
            Self::Linear { to } => entries(from) * to,
            Self::Conv(kernel) => entries(self.output(from)) * from[0] * kernel.side.pow(2),
            Self::Up(kernel) => entries(from) * kernel.to * kernel.side.pow(2),
            _ => 0,
        }
    }

    /// Whether it has weights.
    pub(crate) fn learns(self) -> bool {
        match self {
            Self::Linear { .. } | Self::Conv(_) | Self::Up(_) => true,
            Self::BatchNorm | Self::GroupNorm => true,
            Self::Relu | Self::LeakyRelu | Self::Tanh | Self::Maps(_) => false,
        }
    }

    /// What it is to the layer before it, if it is an activation.
    pub(crate) fn activation(self) -> Option<Activation> {
        match self {
            Self::Relu => Some(Activation::Relu),
            Self::LeakyRelu => Some(Activation::LeakyRelu(SLOPE as f32)),
            Self::Tanh => Some(Activation::Tanh),
            _ => None,
        }
    }

    /// One line for a table.
    pub(crate) fn name(self, from: Shape) -> String {
        let [maps, height, width] = self.output(from);
        let named = |kind: &str, kernel: Kernel| {
            let (side, stride) = (kernel.side, kernel.stride);
            format!("{kind} {} to {maps} maps of {height}×{width}, {side}×{side}/{stride}", from[0])
        };
        match self {
            Self::Linear { to } => format!("linear {} to {to}", from.iter().product::<usize>()),
            Self::Conv(kernel) => named("convolution", kernel),
            Self::Up(kernel) => named("transposed convolution", kernel),
            Self::BatchNorm => "batch normalization".to_owned(),
            Self::GroupNorm => "layer normalization".to_owned(),
            Self::Relu => "ReLU".to_owned(),
            Self::LeakyRelu => "leaky ReLU".to_owned(),
            Self::Tanh => "tanh".to_owned(),
            Self::Maps(_) => "reshape".to_owned(),
        }
    }

    /// Burn's own layer.
    pub(crate) fn build(self, from: Shape, device: &Device) -> Built {
        match self {
            Self::Linear { to } => {
                Built::Linear(LinearConfig::new(from.iter().product(), to).init(device))
            }
            Self::Conv(kernel) => Built::Conv(kernel.conv(from[0]).init(device)),
            Self::Up(kernel) => Built::Up(kernel.up(from[0]).init(device)),
            Self::BatchNorm => Built::BatchNorm(BatchNormConfig::new(from[0]).init(device)),
            Self::GroupNorm => Built::GroupNorm(GroupNormConfig::new(1, from[0]).init(device)),
            Self::Relu => Built::Relu(Relu::new()),
            Self::LeakyRelu => {
                Built::LeakyRelu(LeakyReluConfig::new().with_negative_slope(SLOPE).init())
            }
            Self::Tanh => Built::Tanh(Tanh::new()),
            Self::Maps(shape) => Built::Maps(Reshape { shape }),
        }
    }
}

impl Kernel {
    fn conv(self, from: usize) -> Conv2dConfig {
        let Self { to, side, stride, padding, bias } = self;
        Conv2dConfig::new([from, to], [side, side])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .with_bias(bias)
    }

    fn up(self, from: usize) -> ConvTranspose2dConfig {
        let Self { to, side, stride, padding, bias } = self;
        ConvTranspose2dConfig::new([from, to], [side, side])
            .with_stride([stride, stride])
            .with_padding([padding, padding])
            .with_bias(bias)
    }
}

/// A layer with weights of its own.
#[derive(Module, Debug)]
pub(crate) enum Built {
    Linear(Linear),
    Conv(Conv2d),
    Up(ConvTranspose2d),
    BatchNorm(BatchNorm),
    GroupNorm(GroupNorm),
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
}

impl Built {
    pub(crate) fn forward(&self, x: Value) -> Value {
        match (self, x) {
            (Self::Linear(layer), x) => Value::Vectors(layer.forward(x.vectors())),
            (Self::Conv(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::Up(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::BatchNorm(layer), x) => Value::Maps(layer.forward(x.maps())),
            (Self::GroupNorm(layer), x) => Value::Maps(layer.forward(x.maps())),
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

    pub(crate) fn forward(&self, x: Value) -> Value {
        self.layers.iter().fold(x, |x, layer| layer.forward(x))
    }
}

/// Every layer with the shape of its input.
pub(crate) fn inputs(layers: &[Layer], from: Shape) -> impl Iterator<Item = (Layer, Shape)> {
    layers.iter().scan(from, |from, &layer| {
        let input = *from;
        *from = layer.output(input);
        Some((layer, input))
    })
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
