//! Jacobian–vector products: the forward pass that carries a tangent along with every value.

use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;
use gan_kernels::Activation;

use super::{leaky_relu_slope, relu_slope};
use crate::forward_mode::Mode;

/// A value and its derivative along a direction in the space of samples.
#[derive(Clone, Debug)]
pub struct Dual<const D: usize> {
    /// The value.
    pub value: Tensor<D>,
    /// `d/dt` of the value as the samples move by `t·v`, of the value's shape; `None` stands for 0.
    pub tangent: Option<Tensor<D>>,
}

impl<const D: usize> Dual<D> {
    /// Samples that move along `direction`, which has their shape.
    pub fn new(samples: Tensor<D>, direction: Tensor<D>) -> Self {
        Self { value: samples, tangent: Some(direction) }
    }

    /// The derivative, written out where it is 0.
    pub fn derivative(self) -> Tensor<D> {
        self.tangent.unwrap_or_else(|| self.value.zeros_like())
    }
}

/// Pushes a tangent through the network beside the values (forward-mode differentiation).
///
/// Both are ordinary expressions of the weights on Burn's graph, so that `backward` through the
/// derivative gives what PyTorch needs a second differentiation for. Values are computed once and
/// shared: a value that decides the derivative of a layer (the sign at a ReLU, `σ(x)` at a
/// softplus, a batch's deviation) is the one that the next layer sees.
#[doc(alias = "Tangent")]
#[doc(alias = "Jacobian-vector product")]
#[doc(alias = "forward-mode")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Jvp;

impl Mode for Jvp {
    type T<const D: usize> = Dual<D>;

    fn constant<const D: usize>(&self, value: Tensor<D>) -> Dual<D> {
        Dual { value, tangent: None }
    }

    fn linear_map<const D: usize, const E: usize>(
        &self,
        x: Dual<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Dual<E> {
        Dual { tangent: x.tangent.map(&map), value: map(x.value) }
    }

    fn affine<const D: usize, const E: usize>(
        &self,
        x: Dual<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        linear_part: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Dual<E> {
        Dual { tangent: x.tangent.map(linear_part), value: map(x.value) }
    }

    fn elementwise<const D: usize>(
        &self,
        x: Dual<D>,
        map: impl Fn(Tensor<D>) -> Tensor<D>,
        derivative: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Dual<D> {
        let tangent = x.tangent.map(|v| v * derivative(x.value.clone()));
        Dual { tangent, value: map(x.value) }
    }

    fn relu<const D: usize>(&self, x: Dual<D>) -> Dual<D> {
        rectify(x, Activation::Relu)
    }

    fn leaky_relu<const D: usize>(&self, x: Dual<D>, slope: f64) -> Dual<D> {
        rectify(x, Activation::LeakyRelu(slope as f32))
    }

    fn with_derivative<const D: usize, const E: usize>(
        &self,
        x: Dual<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        both: impl Fn(Tensor<D>, Tensor<D>) -> (Tensor<E>, Tensor<E>),
    ) -> Dual<E> {
        let Some(v) = x.tangent else {
            return self.constant(map(x.value));
        };
        let (value, tangent) = both(x.value, v);
        Dual { value, tangent: Some(tangent) }
    }

    fn add<const D: usize>(&self, a: Dual<D>, b: Dual<D>) -> Dual<D> {
        let value = gan_kernels::add(a.value, b.value);
        let tangent = match (a.tangent, b.tangent) {
            (Some(a), Some(b)) => Some(gan_kernels::add(a, b)),
            // The other side may have been the one that gave the sum its shape.
            (Some(v), None) | (None, Some(v)) => Some(v.expand(value.shape())),
            (None, None) => None,
        };
        Dual { value, tangent }
    }

    fn fork<const D: usize>(&self, x: Dual<D>) -> [Dual<D>; 2] {
        let [first, second] = gan_kernels::fork(x.value);
        let tangents = x.tangent.map(gan_kernels::fork);
        let [of_first, of_second] = match tangents {
            Some(tangents) => tangents.map(Some),
            None => [None, None],
        };
        [Dual { value: first, tangent: of_first }, Dual { value: second, tangent: of_second }]
    }

    fn linear_then<const D: usize>(
        &self,
        layer: &Linear,
        x: Dual<D>,
        activation: Activation,
    ) -> Dual<D> {
        let run = |layer: &Linear, x, then| gan_kernels::linear(layer, x, then);
        let without_bias =
            |x| run(&Linear { bias: None, ..layer.clone() }, x, Activation::Identity);
        self.affine_then(x, |x, then| run(layer, x, then), without_bias, activation)
    }

    fn conv2d_then(&self, layer: &Conv2d, x: Dual<4>, activation: Activation) -> Dual<4> {
        let run = |layer: &Conv2d, x, then| gan_kernels::conv2d(layer, x, then);
        let without_bias =
            |x| run(&Conv2d { bias: None, ..layer.clone() }, x, Activation::Identity);
        self.affine_then(x, |x, then| run(layer, x, then), without_bias, activation)
    }

    fn conv_transpose2d_then(
        &self,
        layer: &ConvTranspose2d,
        x: Dual<4>,
        activation: Activation,
    ) -> Dual<4> {
        let run = |layer: &ConvTranspose2d, x, then| gan_kernels::conv_transpose2d(layer, x, then);
        let linear = ConvTranspose2d { bias: None, ..layer.clone() };
        let without_bias = |x| run(&linear, x, Activation::Identity);
        self.affine_then(x, |x, then| run(layer, x, then), without_bias, activation)
    }

    fn mul<const D: usize>(&self, a: Dual<D>, b: Dual<D>) -> Dual<D> {
        let from_a = a.tangent.map(|v| v * b.value.clone());
        let from_b = b.tangent.map(|v| v * a.value.clone());
        let tangent = match (from_a, from_b) {
            (Some(a), Some(b)) => Some(a + b),
            (from_a, from_b) => from_a.or(from_b),
        };
        Dual { value: a.value * b.value, tangent }
    }

    fn cat<const D: usize>(&self, parts: Vec<Dual<D>>, axis: usize) -> Dual<D> {
        let moves = parts.iter().any(|part| part.tangent.is_some());
        let tangents = || parts.iter().cloned().map(Dual::derivative).collect();
        let tangent = moves.then(|| joined(tangents(), axis));
        let values = parts.into_iter().map(|part| part.value).collect();
        Dual { value: joined(values, axis), tangent }
    }
}

impl Jvp {
    /// An affine map, then an activation: `map` does both, `linear_part` is without the activation.
    ///
    /// A rectifier's derivative can be read from its result, so that the value needs one pass only.
    fn affine_then<const D: usize, const E: usize>(
        self,
        x: Dual<D>,
        map: impl Fn(Tensor<D>, Activation) -> Tensor<E>,
        linear_part: impl Fn(Tensor<D>) -> Tensor<E>,
        activation: Activation,
    ) -> Dual<E> {
        match activation {
            Activation::Relu | Activation::LeakyRelu(_) => {
                let value = map(x.value, activation);
                let tangent = x.tangent.map(|v| bent(activation, &value, linear_part(v)));
                Dual { value, tangent }
            }
            Activation::Identity | Activation::Tanh => {
                let sums = self.affine(x, |x| map(x, Activation::Identity), linear_part);
                self.activate(sums, activation)
            }
        }
    }
}

fn joined<const D: usize>(parts: Vec<Tensor<D>>, axis: usize) -> Tensor<D> {
    let joined = parts.into_iter().reduce(|a, b| gan_kernels::cat(a, b, axis));
    joined.unwrap_or_else(|| Tensor::cat(Vec::new(), axis))
}

fn rectify<const D: usize>(x: Dual<D>, rectifier: Activation) -> Dual<D> {
    let value = gan_kernels::activate(x.value, rectifier);
    let tangent = x.tangent.map(|v| bent(rectifier, &value, v));
    Dual { value, tangent }
}

/// `v` times the derivative of the rectifier that made `value`: constant but for the kink, so that no
/// gradient reaches the weights through it. A result has the sign of what it was made of.
fn bent<const D: usize>(rectifier: Activation, value: &Tensor<D>, v: Tensor<D>) -> Tensor<D> {
    let fused = gan_kernels::activation_slope(rectifier, value, &v);
    fused.unwrap_or_else(|| match rectifier {
        Activation::LeakyRelu(slope) => v * leaky_relu_slope(value.clone(), f64::from(slope)),
        _ => v * relu_slope(value.clone()),
    })
}
