//! Initial weights, drawn on the host from a named stream.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use crate::seed::Stream;

/// The rule by which linear and convolutional layers get their first weights.
///
/// Scales and shifts of normalization layers start at 1 and 0 under each rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WeightInit {
    /// Weights and biases uniform on `±1/√fan_in`: the default of PyTorch's layers.
    #[default]
    FanIn,
    /// Weights from `N(0, 0.02²)`, biases 0, scales of normalization layers from `N(1, 0.02²)`:
    /// Radford et al. (2016), arXiv:1511.06434, §4, as its reference code has it.
    Dcgan,
    /// Weights from `N(0, 2 / ((1 + 0.2²)·fan_in))`, biases 0: He et al. (2015),
    /// arXiv:1502.01852, eq. 15, for leaky rectifiers of slope 0.2. Keeps the size of what flows
    /// through networks that have no normalization to do it.
    He,
}

/// `module` with every weight drawn anew, each parameter from a draw of `stream` of its own.
///
/// Burn's own initializers draw lazily, in the order of first use, from one generator of the
/// whole process; here the weights are a function of the stream and of the module's structure.
/// Layers this function does not know keep the initializer that they came with, drawn after
/// seeding the device.
pub fn initialize<M: Module>(module: M, rule: WeightInit, stream: &Stream, device: &Device) -> M {
    device.seed(stream.draw(u64::MAX).random());
    module.map(&mut Initialize { rule, stream, path: Vec::new(), visited: 0, fan_in: 1 })
}

struct Initialize<'a> {
    rule: WeightInit,
    stream: &'a Stream,
    /// The field and the layer type of the parameter being visited are at the end.
    path: Vec<(String, String)>,
    visited: u64,
    /// Of the weight visited last: its layer's bias comes next and has the same bound.
    fan_in: usize,
}

impl ModuleMapper for Initialize<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.push((name.to_owned(), container.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let mut rng = self.stream.draw(self.visited);
        self.visited += 1;
        let shape: [usize; D] = param.lazy_shape().dims();
        let (field, layer) = self.path.last().map_or(("", ""), |(f, l)| (f.as_str(), l.as_str()));
        let Some(role) = Role::of(field, layer, &shape) else {
            // Unknown to us: its own initializer draws now, in the order of the structure.
            let _ = param.base();
            return param;
        };
        if let Role::Weight { fan_in } = role {
            self.fan_in = fan_in;
        }
        let values = self.rule.draw(role, self.fan_in, shape.iter().product(), &mut rng);
        let device = param.lazy_device();
        let tensor = Tensor::from_data(TensorData::new(values, shape), &device);
        let tensor = if device.is_autodiff() { tensor.require_grad() } else { tensor };
        Param::initialized(param.id, tensor)
    }
}

/// What a parameter is to its layer.
#[derive(Clone, Copy)]
enum Role {
    Weight { fan_in: usize },
    Bias,
    Scale,
}

impl Role {
    fn of(field: &str, layer: &str, shape: &[usize]) -> Option<Self> {
        let receptive_field = |from: usize| shape[from..].iter().product::<usize>();
        match (layer, field) {
            // Burn stores `[in, out]`.
            ("Struct:Linear", "weight") => Some(Self::Weight { fan_in: shape[0] }),
            // `[out, in/groups, kh, kw]`; for the transposed one `[in, out/groups, kh, kw]`, and
            // PyTorch takes the second axis as the fan-in there too.
            ("Struct:Conv2d" | "Struct:ConvTranspose2d", "weight") => {
                Some(Self::Weight { fan_in: receptive_field(1) })
            }
            ("Struct:Linear" | "Struct:Conv2d" | "Struct:ConvTranspose2d", "bias") => {
                Some(Self::Bias)
            }
            ("Struct:BatchNorm", "gamma") => Some(Self::Scale),
            _ => None,
        }
    }
}

impl WeightInit {
    fn draw(self, role: Role, fan_in: usize, count: usize, rng: &mut impl Rng) -> Vec<f32> {
        let bound = 1.0 / (fan_in as f32).sqrt();
        let uniform = |rng: &mut _| (0..count).map(|_| symmetric(rng, bound)).collect();
        let normal = |mean: f32, deviation: f32, rng: &mut _| {
            (0..count).map(|_| mean + deviation * standard_normal(rng)).collect()
        };
        match (self, role) {
            (Self::FanIn, Role::Weight { .. } | Role::Bias) => uniform(rng),
            (Self::FanIn | Self::He, Role::Scale) => vec![1.0; count],
            (Self::Dcgan, Role::Weight { .. }) => normal(0.0, 0.02, rng),
            (Self::Dcgan, Role::Scale) => normal(1.0, 0.02, rng),
            (Self::Dcgan | Self::He, Role::Bias) => vec![0.0; count],
            (Self::He, Role::Weight { .. }) => {
                normal(0.0, (2.0 / (1.04 * fan_in as f32)).sqrt(), rng)
            }
        }
    }
}

/// Uniform on `[−bound, bound)`.
fn symmetric(rng: &mut impl Rng, bound: f32) -> f32 {
    (rng.random::<f32>() * 2.0 - 1.0) * bound
}

fn standard_normal(rng: &mut impl Rng) -> f32 {
    StandardNormal.sample(rng)
}

#[cfg(test)]
mod tests {
    use burn::nn::conv::{ConvTranspose2d, ConvTranspose2dConfig};
    use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};

    use super::*;
    use crate::seed::Seed;

    #[derive(Module, Debug)]
    struct Net {
        up: ConvTranspose2d,
        norm: BatchNorm,
        head: Linear,
    }

    fn net(rule: WeightInit, seed: u64) -> Net {
        let device = Device::flex().autodiff();
        let net = Net {
            up: ConvTranspose2dConfig::new([8, 4], [3, 3]).init(&device),
            norm: BatchNormConfig::new(4).init(&device),
            head: LinearConfig::new(64, 16).init(&device),
        };
        initialize(net, rule, &Seed(seed).stream("weights"), &device)
    }

    fn values<const D: usize>(param: &Param<Tensor<D>>) -> Vec<f32> {
        param.val().into_data().try_to_vec_as::<f32>().unwrap()
    }

    fn extent(values: &[f32]) -> f32 {
        values.iter().fold(0.0, |extent, v| v.abs().max(extent))
    }

    #[test]
    fn the_same_stream_gives_the_same_weights_and_another_seed_others() {
        let (a, b, c) =
            (net(WeightInit::FanIn, 1), net(WeightInit::FanIn, 1), net(WeightInit::FanIn, 2));
        assert_eq!(values(&a.head.weight), values(&b.head.weight));
        assert_eq!(values(&a.up.weight), values(&b.up.weight));
        assert_ne!(values(&a.head.weight), values(&c.head.weight));
    }

    #[test]
    fn fan_in_bounds_are_those_of_pytorch() {
        let net = net(WeightInit::FanIn, 3);
        for (found, bound) in [
            (extent(&values(&net.head.weight)), 1.0 / 8.0),
            (extent(&values(net.head.bias.as_ref().unwrap())), 1.0 / 8.0),
            (extent(&values(&net.up.weight)), 1.0 / 6.0),
        ] {
            assert!(found <= bound && found > 0.8 * bound, "{found} against {bound}");
        }
        assert_eq!(values(&net.norm.gamma), [1.0; 4]);
    }

    #[test]
    fn the_dcgan_rule_has_a_deviation_of_two_hundredths_and_no_bias() {
        let net = net(WeightInit::Dcgan, 4);
        let weights = values(&net.head.weight);
        let variance = weights.iter().map(|w| w * w).sum::<f32>() / weights.len() as f32;
        assert!((variance.sqrt() - 0.02).abs() < 0.002, "{}", variance.sqrt());
        assert_eq!(values(net.head.bias.as_ref().unwrap()), [0.0; 16]);
        assert!(values(&net.norm.gamma).iter().all(|g| *g != 1.0 && (g - 1.0).abs() < 0.1));
    }

    #[test]
    fn the_rule_of_he_keeps_the_size_of_what_a_leaky_rectifier_lets_through() {
        let net = net(WeightInit::He, 6);
        let weights = values(&net.head.weight);
        let variance = weights.iter().map(|w| w * w).sum::<f32>() / weights.len() as f32;
        assert!((variance * 64.0 * 1.04 / 2.0 - 1.0).abs() < 0.2, "{variance}");
        assert_eq!(values(net.head.bias.as_ref().unwrap()), [0.0; 16]);
        assert_eq!(values(&net.norm.gamma), [1.0; 4]);
    }

    #[test]
    fn initialized_weights_are_trained_and_running_statistics_are_not() {
        let net = net(WeightInit::FanIn, 5);
        assert!(net.head.weight.is_require_grad() && net.norm.gamma.is_require_grad());
        let logits = net.head.forward(Tensor::<2>::ones([1, 64], &Device::flex().autodiff()));
        assert!(net.head.weight.val().grad(&logits.sum().backward()).is_some());
    }
}
