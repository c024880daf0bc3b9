//! The critics that penalties are tested on; their weights come from the fixtures by name.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, InstanceNorm, InstanceNormConfig, LayerNorm, LayerNormConfig,
    Linear, LinearConfig, PaddingConfig2d,
};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::Deserialize;

use crate::forward_mode::Mode;
use crate::player::ForwardPass;

/// Every test here runs on Burn's default device, which the variable `BURN_DEVICE` can name.
pub(super) fn device() -> Device {
    Device::default().autodiff()
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Activation {
    LeakyRelu,
    Softplus,
}

#[derive(Module, Debug)]
pub(super) struct Mlp {
    hidden: Vec<Linear>,
    layer_norms: Vec<LayerNorm>,
    batch_norms: Vec<BatchNorm>,
    score: Linear,
    #[module(skip)]
    activation: Activation,
}

impl Mlp {
    pub(super) fn new(activation: Activation) -> Self {
        let device = &device();
        Self {
            hidden: [2, 12].map(|inputs| LinearConfig::new(inputs, 12).init(device)).to_vec(),
            layer_norms: Vec::new(),
            batch_norms: Vec::new(),
            score: LinearConfig::new(12, 1).init(device),
            activation,
        }
    }

    pub(super) fn with_layer_norm(self) -> Self {
        let layer_norms = (0..2).map(|_| LayerNormConfig::new(12).init(&device())).collect();
        Self { layer_norms, ..self }
    }

    pub(super) fn with_batch_norm(self) -> Self {
        let batch_norms = (0..2).map(|_| BatchNormConfig::new(12).init(&device())).collect();
        Self { batch_norms, ..self }
    }

    pub(super) fn second_weight(&self) -> Tensor<2> {
        self.hidden[1].weight.base()
    }

    pub(super) fn running_mean(&self) -> Vec<f64> {
        numbers(self.batch_norms[0].running_mean.value_sync())
    }
}

impl ForwardPass<2> for Mlp {
    fn forward<M: Mode>(&self, mode: &M, x: M::T<2>, _labels: Option<Tensor<1, Int>>) -> M::T<2> {
        let mut x = x;
        for (n, layer) in self.hidden.iter().enumerate() {
            x = mode.linear(layer, x);
            if let Some(norm) = self.layer_norms.get(n) {
                x = mode.layer_norm(norm, 1e-5, x);
            }
            if let Some(norm) = self.batch_norms.get(n) {
                x = mode.batch_norm(norm, x);
            }
            x = match self.activation {
                Activation::LeakyRelu => mode.leaky_relu(x, 0.2),
                Activation::Softplus => mode.softplus(x),
            };
        }
        mode.linear(&self.score, x)
    }
}

#[derive(Module, Debug)]
pub(super) struct Conv {
    hidden: Vec<Conv2d>,
    instance_norms: Vec<InstanceNorm>,
    score: Linear,
}

impl Conv {
    pub(super) fn new() -> Self {
        Self::on(&device())
    }

    pub(super) fn on(device: &Device) -> Self {
        let conv = |channels| {
            let config = Conv2dConfig::new(channels, [4, 4]).with_stride([2, 2]);
            config.with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1)).init(device)
        };
        Self {
            hidden: [[1, 4], [4, 8]].map(conv).to_vec(),
            instance_norms: Vec::new(),
            score: LinearConfig::new(32, 1).init(device),
        }
    }

    pub(super) fn first_weight(&self) -> Tensor<4> {
        self.hidden[0].weight.base()
    }

    pub(super) fn with_instance_norm(self) -> Self {
        let norm = |channels| InstanceNormConfig::new(channels).init(&device());
        Self { instance_norms: [4, 8].map(norm).to_vec(), ..self }
    }
}

impl ForwardPass<4> for Conv {
    fn forward<M: Mode>(&self, mode: &M, x: M::T<4>, _labels: Option<Tensor<1, Int>>) -> M::T<2> {
        let mut x = x;
        for (n, layer) in self.hidden.iter().enumerate() {
            x = mode.conv2d(layer, x);
            if let Some(norm) = self.instance_norms.get(n) {
                x = mode.instance_norm(norm, x);
            }
            x = mode.leaky_relu(x, 0.2);
        }
        mode.linear(&self.score, mode.flatten(x))
    }
}

/// Numbers of some shape, as the fixtures have them.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Numbers {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

impl Numbers {
    pub(super) fn tensor<const D: usize>(&self, device: &Device) -> Tensor<D> {
        let data = TensorData::new(self.values.clone(), self.shape.clone());
        Tensor::from_data(data.convert::<f32>(), device)
    }
}

/// Parameters by their path (`hidden.0.weight`).
pub(super) type Named = BTreeMap<String, Numbers>;

/// `module` with the weights that have a name here.
pub(super) fn with_weights<M: Module>(module: M, weights: &Named) -> M {
    let mut load = Load { weights, path: Vec::new(), loaded: 0 };
    let module = module.map(&mut load);
    assert_eq!(load.loaded, weights.len(), "every weight of the fixture has its place");
    module
}

struct Load<'a> {
    weights: &'a Named,
    path: Vec<String>,
    loaded: usize,
}

impl ModuleMapper for Load<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(numbers) = self.weights.get(&self.path.join(".")) else {
            return param;
        };
        self.loaded += 1;
        assert_eq!(param.lazy_shape().as_slice(), numbers.shape, "{}", self.path.join("."));
        let values = numbers.tensor::<D>(&device());
        Param::initialized(param.id, values.require_grad())
    }
}

/// The gradients of all weights that are trained, by path; 0 where there is none.
pub(super) fn gradients<M: Module>(module: &M, loss: &Tensor<1>) -> BTreeMap<String, Vec<f64>> {
    let gradients = GradientsParams::from_grads(loss.backward(), module);
    let mut read = Read { gradients, path: Vec::new(), found: BTreeMap::new() };
    module.visit(&mut read);
    read.found
}

struct Read {
    gradients: GradientsParams,
    path: Vec<String>,
    found: BTreeMap<String, Vec<f64>>,
}

impl ModuleVisitor for Read {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.base().is_require_grad() {
            let zeros = || vec![0.0; param.lazy_shape().num_elements()];
            let gradient = self.gradients.get::<D>(param.id).map_or_else(zeros, numbers);
            self.found.insert(self.path.join("."), gradient);
        }
    }
}

pub(super) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().convert::<f64>().try_to_vec_as::<f64>().unwrap()
}

/// `‖a − b‖/‖b‖` over all weights together.
pub(super) fn relative_error<'a>(
    found: impl IntoIterator<Item = &'a Vec<f64>>,
    expected: impl IntoIterator<Item = &'a Vec<f64>>,
) -> f64 {
    let (mut off, mut size) = (0.0, 0.0);
    for (found, expected) in found.into_iter().zip(expected) {
        assert_eq!(found.len(), expected.len());
        off += found.iter().zip(expected).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        size += expected.iter().map(|b| b.powi(2)).sum::<f64>();
    }
    (off / size).sqrt()
}
