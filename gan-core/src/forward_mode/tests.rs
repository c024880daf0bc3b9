//! Every layer's tangent against central differences and against the layer's own gradient.

use burn::module::Param;
use burn::nn::conv::{Conv2dConfig, ConvTranspose2dConfig};
use burn::nn::pool::{AvgPool2dConfig, MaxPool2dConfig};
use burn::nn::{
    BatchNormConfig, GroupNormConfig, InstanceNormConfig, LayerNormConfig, LinearConfig,
    PaddingConfig2d,
};
use burn::tensor::{Device, TensorData};
use rand::RngExt;

use super::*;
use crate::seed::Seed;

/// A network of one layer, from images to rows.
enum Network {
    Linear(Linear),
    Conv(Conv2d),
    ConvTranspose(ConvTranspose2d),
    Relu,
    LeakyRelu,
    Elu,
    Softplus,
    Sigmoid,
    Tanh,
    Silu,
    Gelu,
    LayerNorm(LayerNorm),
    GroupNorm(GroupNorm),
    InstanceNorm(InstanceNorm),
    BatchNorm(BatchNorm),
    AvgPool(AvgPool2d),
    MaxPool(MaxPool2d),
    Upsample,
    Residual,
    Gated,
    /// Labels beside the pixels, added to them and multiplied with them.
    Labels(Tensor<4>),
}

impl Network {
    fn forward<M: Mode>(&self, mode: &M, x: M::T<4>) -> M::T<2> {
        let y = match self {
            Self::Linear(layer) => mode.linear(layer, x),
            Self::LayerNorm(layer) => mode.layer_norm(layer, 0.02, x),
            Self::Conv(layer) => mode.conv2d(layer, x),
            Self::ConvTranspose(layer) => mode.conv_transpose2d(layer, x),
            Self::Relu => mode.relu(x),
            Self::LeakyRelu => mode.leaky_relu(x, 0.2),
            Self::Elu => mode.elu(x, 0.7),
            Self::Softplus => mode.softplus(x),
            Self::Sigmoid => mode.sigmoid(x),
            Self::Tanh => mode.tanh(x),
            Self::Silu => mode.silu(x),
            Self::Gelu => mode.gelu(x),
            Self::GroupNorm(layer) => mode.group_norm(layer, x),
            Self::InstanceNorm(layer) => mode.instance_norm(layer, x),
            Self::BatchNorm(layer) => mode.batch_norm(layer, x),
            Self::AvgPool(layer) => mode.avg_pool2d(layer, x),
            Self::MaxPool(layer) => mode.max_pool2d(layer, x),
            Self::Upsample => mode.upsample_nearest2d(x, 2),
            Self::Residual => mode.add(x.clone(), mode.tanh(x)),
            Self::Gated => mode.mul(x.clone(), mode.sigmoid(x)),
            Self::Labels(labels) => {
                let labels = mode.constant(labels.clone());
                let shifted = mode.add(labels.clone(), x.clone());
                let scaled = mode.mul(x.clone(), labels.clone());
                mode.cat(vec![x, shifted, scaled], 1)
            }
        };
        // Not linear, so that sums over a normalized batch do not cancel.
        mode.flatten(mode.softplus(y))
    }
}

fn device() -> Device {
    Device::default().autodiff()
}

fn table() -> Vec<(&'static str, Network)> {
    let device = &device();
    let conv = Conv2dConfig::new([4, 3], [3, 3]).with_stride([2, 2]);
    let transposed = ConvTranspose2dConfig::new([4, 3], [3, 3]).with_stride([2, 2]);
    let labels = Tensor::from_data([[[[0.3]], [[-1.0]], [[2.0]], [[0.7]]]], device);
    let mut table = vec![
        ("linear", Network::Linear(LinearConfig::new(6, 5).init(device))),
        ("conv", Network::Conv(conv.init(device))),
        ("transposed conv", Network::ConvTranspose(transposed.init(device))),
        ("relu", Network::Relu),
        ("leaky relu", Network::LeakyRelu),
        ("elu", Network::Elu),
        ("softplus", Network::Softplus),
        ("sigmoid", Network::Sigmoid),
        ("tanh", Network::Tanh),
        ("silu", Network::Silu),
        ("gelu", Network::Gelu),
        ("upsampling", Network::Upsample),
        ("residual", Network::Residual),
        ("gated", Network::Gated),
        ("labels", Network::Labels(labels)),
    ];
    table.extend(normalizations(device));
    table.extend(poolings());
    table
}

fn normalizations(device: &Device) -> Vec<(&'static str, Network)> {
    let scale = || Param::from_data([0.5, 2.0, -1.5, 1.0], device);
    let shift = || Param::from_data([0.1, -0.2, 0.3, 0.4], device);
    let batch_norm =
        BatchNorm { gamma: scale(), beta: shift(), ..BatchNormConfig::new(4).init(device) };
    let fixed = BatchNorm { training: Param::from_bool(false), ..batch_norm.clone() };
    let (gamma, beta) = (Some(scale()), Some(shift()));
    let instance_norm = InstanceNorm { gamma, beta, ..InstanceNormConfig::new(4).init(device) };
    let (gamma, beta) = (Some(scale()), Some(shift()));
    let group_norm = GroupNorm { gamma, beta, ..GroupNormConfig::new(2, 4).init(device) };
    vec![
        ("layer norm", Network::LayerNorm(LayerNormConfig::new(6).init(device))),
        ("group norm", Network::GroupNorm(group_norm)),
        ("instance norm", Network::InstanceNorm(instance_norm)),
        ("batch norm in training", Network::BatchNorm(batch_norm)),
        ("batch norm with running statistics", Network::BatchNorm(fixed)),
    ]
}

fn poolings() -> Vec<(&'static str, Network)> {
    let average = AvgPool2dConfig::new([2, 2]).init();
    let max = |config: MaxPool2dConfig| Network::MaxPool(config.init());
    let tiles = MaxPool2dConfig::new([2, 2]);
    let same = tiles.clone().with_strides([1, 1]).with_padding(PaddingConfig2d::Same);
    let wide = MaxPool2dConfig::new([3, 3]).with_strides([2, 2]);
    let explicit = wide.clone().with_padding(PaddingConfig2d::Explicit(1, 0, 1, 1));
    vec![
        ("average pooling", Network::AvgPool(average)),
        ("max pooling", max(tiles)),
        ("max pooling of overlapping windows", max(wide)),
        ("max pooling, padded to the same size", max(same)),
        ("max pooling, padded by numbers", max(explicit)),
    ]
}

/// Numbers at least 0.05 from 0 and 0.012 from one another in size: no kink is near.
fn images(purpose: &str) -> Tensor<4> {
    let shape = [2, 4, 4, 6];
    let count = shape.iter().product::<usize>();
    let mut rng = Seed(5).stream(purpose).draw(0);
    let mut values: Vec<f32> = (0..count).map(|i| 0.05 + 0.012 * i as f32).collect();
    for i in (1..count).rev() {
        values.swap(i, rng.random_range(0..=i));
        values[i] = if rng.random::<bool>() { values[i] } else { -values[i] };
    }
    Tensor::from_data(TensorData::new(values, shape), &device())
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec_as::<f32>().unwrap()
}

/// Largest distance, relative to the largest number.
fn distance(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(1e-6_f32, |largest, y| largest.max(y.abs()));
    let pairs = found.iter().zip(expected);
    pairs.map(|(a, b)| (a - b).abs() / largest).fold(0.0, f32::max)
}

#[test]
fn the_tangent_pass_finds_the_value_that_evaluation_finds() {
    for (name, network) in table() {
        let dual = network.forward(&Jvp, Dual::new(images("x"), images("v")));
        let value = network.forward(&Primal, images("x"));
        assert!(distance(&numbers(dual.value), &numbers(value)) < 1e-6, "{name}");
    }
}

#[test]
fn tangents_agree_with_central_differences() {
    for (name, network) in table() {
        let (x, v) = (images("x"), images("v"));
        let dual = network.forward(&Jvp, Dual::new(x.clone(), v.clone()));
        let step = 2e-3;
        let at = |t: f64| network.forward(&Primal, x.clone() + v.clone() * t);
        let slope = (at(step) - at(-step)) / (2.0 * step);
        let off = distance(&numbers(dual.derivative()), &numbers(slope));
        assert!(off < 2e-3, "{name} is off by {off}");
    }
}

/// `Σ JVP(x; v) = ⟨∇ₓ Σ y, v⟩`, to round-off: the same derivative by the other road.
#[test]
fn tangents_agree_with_gradients_to_round_off() {
    for (name, network) in table() {
        let (x, v) = (images("x").require_grad(), images("v"));
        let tangent = network.forward(&Jvp, Dual::new(x.clone().detach(), v.clone()));
        let gradient = x.grad(&network.forward(&Primal, x.clone()).sum().backward()).unwrap();
        let products = numbers(gradient * v.inner());
        let terms = products.iter().map(|p| p.abs()).sum::<f32>();
        let along = products.iter().sum::<f32>();
        let total = numbers(tangent.derivative()).iter().sum::<f32>();
        assert!((total - along).abs() < 2e-6 * terms, "{name}: {total} against {along}");
    }
}

#[test]
fn a_tangent_pass_leaves_running_statistics_alone() {
    let layer = BatchNormConfig::new(4).init(&device());
    let network = Network::BatchNorm(layer.clone());
    let _ = network.forward(&Jvp, Dual::new(images("x"), images("v")));
    assert_eq!(numbers(layer.running_mean.value_sync()), [0.0; 4]);
    assert_eq!(numbers(layer.running_var.value_sync()), [1.0; 4]);
    let _ = network.forward(&Primal, images("x"));
    assert_ne!(numbers(layer.running_mean.value_sync()), [0.0; 4]);
}

#[test]
fn what_does_not_depend_on_the_samples_has_no_tangent() {
    let constant = |x: &str| Jvp.constant(images(x));
    let sum = Jvp.add(constant("a"), Jvp.mul(constant("b"), constant("c")));
    let all = Jvp.cat(vec![Jvp.relu(sum), constant("d")], 1);
    assert!(all.tangent.is_none());
    assert_eq!(numbers(all.derivative()), [0.0; 384]);
}
