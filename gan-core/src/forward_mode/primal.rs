//! The plain forward pass, without tangents.

use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::{BatchNorm, GroupNorm, Linear};
use burn::tensor::Tensor;
use gan_kernels::Activation;

use crate::forward_mode::Mode;

/// The plain forward pass: what flows is the tensor itself.
#[doc(alias = "Evaluate")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Primal;

impl Mode for Primal {
    type T<const D: usize> = Tensor<D>;

    fn constant<const D: usize>(&self, value: Tensor<D>) -> Tensor<D> {
        value
    }

    fn linear_map<const D: usize, const E: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Tensor<E> {
        map(x)
    }

    fn affine<const D: usize, const E: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        _linear_part: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Tensor<E> {
        map(x)
    }

    fn elementwise<const D: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<D>,
        _derivative: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Tensor<D> {
        map(x)
    }

    fn with_derivative<const D: usize, const E: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        _both: impl Fn(Tensor<D>, Tensor<D>) -> (Tensor<E>, Tensor<E>),
    ) -> Tensor<E> {
        map(x)
    }

    fn add<const D: usize>(&self, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        gan_kernels::add(a, b)
    }

    fn fork<const D: usize>(&self, x: Tensor<D>) -> [Tensor<D>; 2] {
        gan_kernels::fork(x)
    }

    fn mul<const D: usize>(&self, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a * b
    }

    fn cat<const D: usize>(&self, parts: Vec<Tensor<D>>, axis: usize) -> Tensor<D> {
        let joined = parts.into_iter().reduce(|a, b| gan_kernels::cat(a, b, axis));
        joined.unwrap_or_else(|| Tensor::cat(Vec::new(), axis))
    }

    fn linear_then<const D: usize>(
        &self,
        layer: &Linear,
        x: Tensor<D>,
        activation: Activation,
    ) -> Tensor<D> {
        gan_kernels::linear(layer, x, activation)
    }

    fn conv2d_then(&self, layer: &Conv2d, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        gan_kernels::conv2d(layer, x, activation)
    }

    fn conv_transpose2d_then(
        &self,
        layer: &ConvTranspose2d,
        x: Tensor<4>,
        activation: Activation,
    ) -> Tensor<4> {
        gan_kernels::conv_transpose2d(layer, x, activation)
    }

    fn activate<const D: usize>(&self, x: Tensor<D>, activation: Activation) -> Tensor<D> {
        gan_kernels::activate(x, activation)
    }

    fn relu<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        gan_kernels::activate(x, Activation::Relu)
    }

    fn leaky_relu<const D: usize>(&self, x: Tensor<D>, slope: f64) -> Tensor<D> {
        gan_kernels::activate(x, Activation::LeakyRelu(slope as f32))
    }

    fn tanh<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        gan_kernels::activate(x, Activation::Tanh)
    }

    fn batch_norm_then<const D: usize>(
        &self,
        layer: &BatchNorm,
        x: Tensor<D>,
        activation: Activation,
    ) -> Tensor<D> {
        gan_kernels::batch_norm(layer, x, activation)
    }

    fn group_norm_then<const D: usize>(
        &self,
        layer: &GroupNorm,
        x: Tensor<D>,
        activation: Activation,
    ) -> Tensor<D> {
        gan_kernels::group_norm(layer, x, activation)
    }
}
