//! Constraints: what holds of the critic's weights after every update.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::optim::GradientsParams;
use burn::store::ModuleRecord;
use burn::tensor::{Device, Tensor, TensorData};
use serde::Deserialize;
use serde_json::{from_str, from_value, json, to_value};

use super::spectral_norm::SpectralNorm;
use super::*;
use crate::optimizer::OptimizerConfig;
use crate::player::Player;
use crate::seed::Seed;
use crate::weight_matrix::as_matrix;
use crate::weights::{WeightInit, initialize};

const SPECTRAL_NORM: Constraint = Constraint::SpectralNorm { iterations: 1 };

fn device() -> Device {
    Device::default().autodiff()
}

#[derive(Module, Debug)]
struct Net {
    conv: Conv2d,
    norm: BatchNorm,
    up: ConvTranspose2d,
    score: Linear,
}

fn net(seed: u64) -> Net {
    let device = &device();
    let net = Net {
        conv: Conv2dConfig::new([3, 4], [3, 3]).init(device),
        norm: BatchNormConfig::new(4).init(device),
        up: ConvTranspose2dConfig::new([4, 2], [3, 3]).init(device),
        score: LinearConfig::new(32, 5).init(device),
    };
    initialize(net, WeightInit::FanIn, &Seed(seed).stream("critic"), device)
}

fn attached(seed: u64) -> Net {
    SPECTRAL_NORM.attach(net(seed), &Seed(seed).stream("spectral norm"))
}

impl Net {
    fn forward(&self) -> Tensor<2> {
        let pixels = (0..54).map(|n| (n as f32 * 0.9).sin()).collect::<Vec<_>>();
        let x =
            Tensor::from_data(TensorData::new(pixels, [2, 3, 3, 3]), &self.conv.weight.device());
        let x = self.norm.forward(self.conv.forward(x));
        let x = self.up.forward(x).flatten::<2>(1, 3);
        self.score.forward(x.pad((0, 14, 0, 0), 0.0))
    }

    fn vectors(&self) -> [&SpectralNorm; 3] {
        let missing = "attached";
        [
            self.conv.weight.reparameterization().expect(missing),
            self.up.weight.reparameterization().expect(missing),
            self.score.weight.reparameterization().expect(missing),
        ]
    }

    /// Each weight that computes, as a matrix.
    fn matrices(&self) -> [Tensor<2>; 3] {
        [
            as_matrix(self.conv.weight.val().inner(), 0),
            as_matrix(self.up.weight.val().inner(), 1),
            as_matrix(self.score.weight.val().inner(), 1),
        ]
    }
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().convert::<f64>().try_to_vec_as::<f64>().unwrap()
}

/// By a power iteration of its own, on the host's side of the numbers.
fn largest_singular_value(matrix: &Tensor<2>) -> f64 {
    let [rows, columns] = matrix.dims();
    let m = numbers(matrix.clone());
    let mut v = vec![1.0; columns];
    let mut length = 0.0;
    for _ in 0..500 {
        let u: Vec<f64> =
            (0..rows).map(|r| (0..columns).map(|c| m[r * columns + c] * v[c]).sum()).collect();
        v = (0..columns).map(|c| (0..rows).map(|r| m[r * columns + c] * u[r]).sum()).collect();
        length = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v.iter_mut().for_each(|v| *v /= length);
    }
    length.sqrt()
}

fn every_number<M: Module>(module: &M) -> Vec<f64> {
    struct Collect(Vec<f64>);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(numbers(param.base()));
        }
    }
    let mut collect = Collect(Vec::new());
    module.visit(&mut collect);
    collect.0
}

fn stepped(net: Net) -> Net {
    let mut player = Player::new(net, &OptimizerConfig::adam(1e-2, 0.0, 0.9));
    let loss = player.module.forward().square().sum();
    let gradients = GradientsParams::from_grads(loss.backward(), &player.module);
    player = player.update(gradients, 1.0);
    player.module
}

#[test]
fn configurations_name_constraints_as_the_registry_does() {
    for constraint in Constraint::ALL {
        assert_eq!(to_value(constraint).unwrap()["kind"], constraint.name());
        let by_name: Constraint = from_value(json!({ "kind": constraint.name() })).unwrap();
        assert_eq!(by_name, constraint);
        constraint.validate("constraint").unwrap();
    }
    assert_eq!(Constraint::default(), Constraint::None);
}

#[test]
fn numbers_out_of_range_are_named_by_key() {
    for bound in [0.0, -0.01, f64::NAN] {
        let complaint = Constraint::Clip { bound }.validate("constraint").unwrap_err().to_string();
        let expected = format!("`constraint.bound` must be a finite number above 0, found {bound}");
        assert_eq!(complaint, expected);
    }
    let none = Constraint::SpectralNorm { iterations: 0 }.validate("constraint").unwrap_err();
    assert_eq!(none.to_string(), "`constraint.iterations` must be at least 1, found 0");
}

#[test]
fn clipping_bounds_what_is_trained_and_leaves_running_statistics() {
    let clip = Constraint::Clip { bound: 0.01 };
    let net = net(1);
    let _ = net.forward();
    let variance = numbers(net.norm.running_var.value_sync());
    let frozen_bias = Net { score: net.score.clone().no_grad(), ..net };
    let before = numbers(frozen_bias.score.weight.val());
    let net = clip.project(clip.attach(frozen_bias, &Seed(1).stream("unused")));
    let trained = [
        numbers(net.conv.weight.val()),
        numbers(net.norm.gamma.val()),
        numbers(net.up.weight.val()),
    ];
    assert!(trained.iter().flatten().all(|w| w.abs() <= f64::from(0.01_f32)));
    assert!(trained.iter().flatten().any(|w| w.abs() == f64::from(0.01_f32)));
    assert_eq!(numbers(net.norm.running_var.value_sync()), variance);
    assert!(variance.iter().any(|v| *v > 0.01));
    assert_eq!(numbers(net.score.weight.val()), before);
    let loss = net.forward().sum();
    assert!(net.conv.weight.val().grad(&loss.backward()).is_some(), "it can still be trained");
}

#[test]
fn the_largest_singular_value_becomes_1() {
    let mut net = attached(2);
    for _ in 0..60 {
        net = SPECTRAL_NORM.project(net);
    }
    for matrix in net.matrices() {
        let sigma = largest_singular_value(&matrix);
        assert!((sigma - 1.0).abs() < 1e-4, "{sigma}");
    }
}

#[test]
fn a_new_critic_is_near_its_norm_before_the_first_step() {
    for matrix in attached(3).matrices() {
        let sigma = largest_singular_value(&matrix);
        assert!((1.0 - 1e-4..1.1).contains(&sigma), "{sigma}");
    }
}

#[test]
fn vectors_follow_from_the_stream() {
    let left = |net: Net| net.vectors().map(|vectors| numbers(vectors.left.val()));
    let stream = |name| Seed(4).stream(name);
    assert_eq!(
        left(SPECTRAL_NORM.attach(net(4), &stream("a"))),
        left(SPECTRAL_NORM.attach(net(4), &stream("a")))
    );
    assert_ne!(
        left(SPECTRAL_NORM.attach(net(4), &stream("a"))),
        left(SPECTRAL_NORM.attach(net(4), &stream("b")))
    );
}

#[test]
fn an_update_moves_the_weights_and_only_the_projection_moves_the_vectors() {
    let net = attached(5);
    let vectors =
        |net: &Net| net.vectors().map(|v| [numbers(v.left.val()), numbers(v.right.val())]);
    let (before, weight) = (vectors(&net), numbers(net.up.weight.base()));
    let _ = net.forward();
    let net = stepped(net);
    assert_eq!(vectors(&net), before);
    assert_ne!(numbers(net.up.weight.base()), weight);
    let net = SPECTRAL_NORM.project(net);
    assert_ne!(vectors(&net), before);
    for vectors in net.vectors() {
        assert!(!vectors.left.is_require_grad() && !vectors.right.is_require_grad());
    }
    let gradient = net.score.weight.base().grad(&net.forward().square().sum().backward());
    assert!(gradient.is_some(), "the base is what is trained");
}

#[test]
fn inference_and_frozen_copies_compute_the_same() {
    let net = SPECTRAL_NORM.project(stepped(attached(6)));
    // Batch norm apart, which has other statistics in inference.
    let output = |net: &Net| {
        numbers(net.score.forward(Tensor::<2>::ones([1, 32], &net.score.weight.device())))
    };
    let expected = output(&net);
    assert_eq!(output(&net.valid()), expected);
    assert_eq!(output(&net.clone().no_grad()), expected);
    let restored = net.valid().train();
    let off =
        output(&restored).iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < 1e-6, "{off}");
    assert!(!restored.vectors()[0].left.is_require_grad());
}

#[test]
fn a_record_carries_the_vectors() {
    let net = SPECTRAL_NORM.project(stepped(attached(7)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("critic.bpk");
    net.valid().into_record().save(&path).unwrap();
    let other = attached(8);
    assert_ne!(every_number(&other), every_number(&net));
    let record = ModuleRecord::load(&path).unwrap();
    let loaded = other.try_load_record(record).unwrap();
    assert_eq!(every_number(&loaded), every_number(&net));
    let next = |net: Net| every_number(&SPECTRAL_NORM.project(stepped(net)));
    assert_eq!(next(loaded), next(net));
}

#[test]
fn a_weight_that_is_all_0_stays_so() {
    let net = net(9);
    let score = net.score.clone();
    let zeros = score.weight.clone().map(|w| w.zeros_like().require_grad());
    let net = Net { score: Linear { weight: zeros, ..score }, ..net };
    let net = SPECTRAL_NORM.project(SPECTRAL_NORM.attach(net, &Seed(9).stream("vectors")));
    assert!(numbers(net.score.weight.val()).iter().all(|w| *w == 0.0));
}

#[derive(Deserialize)]
struct Numbers {
    shape: Vec<usize>,
    values: Vec<f64>,
}

impl Numbers {
    fn tensor<const D: usize>(&self) -> Tensor<D> {
        let data = TensorData::new(self.values.clone(), self.shape.clone());
        Tensor::from_data(data.convert::<f32>(), &device())
    }

    fn near(&self, found: &[f64], what: &str) {
        assert_eq!(found.len(), self.values.len(), "{what}");
        let size = self.values.iter().map(|e| e * e).sum::<f64>();
        let off = found.iter().zip(&self.values).map(|(f, e)| (f - e).powi(2)).sum::<f64>();
        assert!((off / size).sqrt() < 1e-6, "{what} is off by {:e}", (off / size).sqrt());
    }
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    weight: Numbers,
    bias: Numbers,
    start: Numbers,
    samples: Numbers,
    left: Numbers,
    right: Numbers,
    loss: f64,
    gradient: Numbers,
}

/// Sets `u` where a power iteration starts.
struct StartAt<'a> {
    start: &'a Numbers,
    field: String,
}

impl ModuleMapper for StartAt<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.field = name.to_owned();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.field != "left" {
            return param;
        }
        param.map(|_| self.start.tensor())
    }
}

/// One power iteration from the reference's `u`, then the gradient of `Σ tanh` of the output.
macro_rules! compare {
    ($reference:ident, $rank:literal, $layer:expr) => {{
        let name = &$reference.name;
        let mut layer = $layer;
        layer.weight = Param::from_tensor($reference.weight.tensor());
        layer.bias = Some(Param::from_tensor($reference.bias.tensor()));
        let layer = SPECTRAL_NORM.attach(layer, &Seed(1).stream("vectors"));
        let start = &$reference.start;
        let layer = layer.map(&mut StartAt { start, field: String::new() });
        let layer = SPECTRAL_NORM.project(layer);
        let vectors = layer.weight.reparameterization::<SpectralNorm>().unwrap();
        $reference.left.near(&numbers(vectors.left.val()), &format!("{name}: u"));
        $reference.right.near(&numbers(vectors.right.val()), &format!("{name}: v"));
        let loss = layer.forward($reference.samples.tensor::<$rank>()).tanh().sum();
        let found = numbers(loss.clone())[0];
        assert!((found - $reference.loss).abs() < 1e-6 * (1.0 + found.abs()), "{name}: {found}");
        let gradient = layer.weight.base().grad(&loss.backward()).unwrap();
        $reference.gradient.near(&numbers(gradient), &format!("{name}: the gradient"));
    }};
}

/// `tests/fixtures/spectral_norm.py`: `torch.nn.utils.spectral_norm` in float64.
#[test]
fn vectors_output_and_gradient_are_those_of_pytorch() {
    let file = include_str!("../../tests/fixtures/spectral_norm.json");
    for reference in from_str::<Vec<Reference>>(file).unwrap() {
        let device = &device();
        match reference.name.as_str() {
            "linear" => compare!(reference, 2, LinearConfig::new(5, 4).init(device)),
            "conv" => compare!(reference, 4, Conv2dConfig::new([3, 4], [3, 3]).init(device)),
            "transposed-conv" => {
                compare!(reference, 4, ConvTranspose2dConfig::new([3, 4], [3, 3]).init(device));
            }
            name => panic!("no layer is called {name}"),
        }
    }
}
