//! One forward pass, read in two ways: as values, or as values that carry a directional derivative.
//!
//! A gradient penalty needs the critic's derivative along a direction as an expression of its
//! weights. A critic whose forward pass is written over a [`Mode`] has that derivative for free,
//! and the two can never drift apart, because there is only one of them.

use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;
use burn::tensor::activation::{leaky_relu, relu};

/// A way to read a forward pass: [`Evaluate`] it, or push a tangent through it.
///
/// Three primitives are enough for nearly every layer: a map that is linear in its input
/// ([`linear_map`](Self::linear_map)), an affine one ([`affine`](Self::affine)) and an
/// element-wise one with its derivative ([`elementwise`](Self::elementwise)); the layers below
/// are made of them, and a layer of one's own can be too.
pub trait Mode {
    /// What flows through the network: a tensor of rank `D`, with or without a tangent.
    type T<const D: usize>: Clone;

    /// A tensor that does not depend on the samples (an embedded label, say): its tangent is 0.
    fn constant<const D: usize>(&self, value: Tensor<D>) -> Self::T<D>;

    /// `map(x)` for a map that is linear in `x`, without a constant: reshaping, pooling by means,
    /// summing, resizing, choosing a slice.
    fn linear_map<const D: usize, const E: usize>(
        &self,
        x: Self::T<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Self::T<E>;

    /// `map(x)` for an affine map whose linear part is `linear_part`.
    fn affine<const D: usize, const E: usize>(
        &self,
        x: Self::T<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        linear_part: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Self::T<E>;

    /// `map(x)`, entry by entry, with its derivative there.
    fn elementwise<const D: usize>(
        &self,
        x: Self::T<D>,
        map: impl Fn(Tensor<D>) -> Tensor<D>,
        derivative: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Self::T<D>;

    /// `a + b`.
    fn add<const D: usize>(&self, a: Self::T<D>, b: Self::T<D>) -> Self::T<D>;

    /// `a ∘ b`, entry by entry; axes of length 1 are broadcast.
    fn mul<const D: usize>(&self, a: Self::T<D>, b: Self::T<D>) -> Self::T<D>;

    /// The parts side by side along `axis`.
    fn cat<const D: usize>(&self, parts: Vec<Self::T<D>>, axis: usize) -> Self::T<D>;

    /// A fully connected layer.
    fn linear<const D: usize>(&self, layer: &Linear, x: Self::T<D>) -> Self::T<D> {
        let without_bias = Linear { bias: None, ..layer.clone() };
        self.affine(x, |x| layer.forward(x), |x| without_bias.forward(x))
    }

    /// A convolution.
    fn conv2d(&self, layer: &Conv2d, x: Self::T<4>) -> Self::T<4> {
        let without_bias = Conv2d { bias: None, ..layer.clone() };
        self.affine(x, |x| layer.forward(x), |x| without_bias.forward(x))
    }

    /// A transposed convolution.
    fn conv_transpose2d(&self, layer: &ConvTranspose2d, x: Self::T<4>) -> Self::T<4> {
        let without_bias = ConvTranspose2d { bias: None, ..layer.clone() };
        self.affine(x, |x| layer.forward(x), |x| without_bias.forward(x))
    }

    /// `max(x, 0)`; its derivative at 0 is Burn's, 0.
    fn relu<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, relu, |x| x.greater_elem(0.0).float())
    }

    /// `x` where it is not negative, `slope·x` elsewhere; its derivative at 0 is Burn's, 1.
    fn leaky_relu<const D: usize>(&self, x: Self::T<D>, slope: f64) -> Self::T<D> {
        self.elementwise(
            x,
            |x| leaky_relu(x, slope),
            |x| x.greater_equal_elem(0.0).float() * (1.0 - slope) + slope,
        )
    }

    /// The last axes as one: `[batch, ..]` to `[batch, features]`.
    fn flatten<const D: usize>(&self, x: Self::T<D>) -> Self::T<2> {
        self.linear_map(x, |x| x.flatten(1, D - 1))
    }
}

/// The plain forward pass: what flows is the tensor itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evaluate;

impl Mode for Evaluate {
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

    fn add<const D: usize>(&self, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a + b
    }

    fn mul<const D: usize>(&self, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a * b
    }

    fn cat<const D: usize>(&self, parts: Vec<Tensor<D>>, axis: usize) -> Tensor<D> {
        Tensor::cat(parts, axis)
    }
}
