//! Forward-mode automatic differentiation: Jacobian–vector products of a critic.
//!
//! One forward pass, read in two ways: as values, or as values that carry a directional derivative.
//!
//! A gradient penalty needs the critic's derivative along a direction as an expression of its
//! weights. A critic whose forward pass is written over a [`Mode`] has that derivative for free,
//! and the two can never drift apart, because there is only one of them.

mod jvp;
mod normalization;
mod pooling;
mod primal;

use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::pool::{AvgPool2d, MaxPool2d};
use burn::nn::{BatchNorm, GroupNorm, InstanceNorm, LayerNorm, Linear};
use burn::tensor::Tensor;
use burn::tensor::activation::{elu, gelu, leaky_relu, relu, sigmoid, silu, tanh};
use gan_kernels::Activation;

pub use jvp::{Dual, Jvp};
pub use primal::Primal;

/// A way to read a forward pass: [`Primal`] it, or push a [`Jvp`] through it.
///
/// Three primitives are enough for most layers: a map that is linear in its input
/// ([`linear_map`](Self::linear_map)), an affine one ([`affine`](Self::affine)) and an
/// element-wise one with its derivative ([`elementwise`](Self::elementwise)). Whatever is none of
/// them brings its derivative along ([`with_derivative`](Self::with_derivative)). The layers below
/// are made of these four, and a user-defined layer can be too.
///
/// Layers read their weights through Burn's `Param::val`, so that reparameterized weights (spectral
/// norm) have their effective value in every mode.
pub trait Mode {
    /// What flows through the network: a tensor of rank `D`, with or without a tangent.
    type T<const D: usize>: Clone;

    /// A tensor that does not depend on the samples (such as an embedded label): its tangent is 0.
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
    ///
    /// The derivative must be the one that Burn's `backward` takes, at kinks too, and must depend
    /// on `x` through Burn's graph: the weights reach it that way.
    fn elementwise<const D: usize>(
        &self,
        x: Self::T<D>,
        map: impl Fn(Tensor<D>) -> Tensor<D>,
        derivative: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Self::T<D>;

    /// `map(x)` for any map; `both(x, v)` is `map(x)` again, beside its derivative along `v`.
    fn with_derivative<const D: usize, const E: usize>(
        &self,
        x: Self::T<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        both: impl Fn(Tensor<D>, Tensor<D>) -> (Tensor<E>, Tensor<E>),
    ) -> Self::T<E>;

    /// `a + b`; axes of length 1 are broadcast.
    fn add<const D: usize>(&self, a: Self::T<D>, b: Self::T<D>) -> Self::T<D>;

    /// `x` for two uses, such as a shortcut and the residual that is added to it, whose gradients are
    /// added in one pass over memory where that can be.
    ///
    /// Results that depend on the second must depend on the first too.
    fn fork<const D: usize>(&self, x: Self::T<D>) -> [Self::T<D>; 2];

    /// `a ∘ b`, entry by entry; axes of length 1 are broadcast.
    fn mul<const D: usize>(&self, a: Self::T<D>, b: Self::T<D>) -> Self::T<D>;

    /// The parts side by side along `axis`.
    fn cat<const D: usize>(&self, parts: Vec<Self::T<D>>, axis: usize) -> Self::T<D>;

    /// A fully connected layer.
    fn linear<const D: usize>(&self, layer: &Linear, x: Self::T<D>) -> Self::T<D> {
        self.linear_then(layer, x, Activation::Identity)
    }

    /// A fully connected layer, then an activation; in one pass over memory where that can be.
    fn linear_then<const D: usize>(
        &self,
        layer: &Linear,
        x: Self::T<D>,
        activation: Activation,
    ) -> Self::T<D> {
        let run = |layer: &Linear, x| gan_kernels::linear(layer, x, Activation::Identity);
        let without_bias = |x| run(&Linear { bias: None, ..layer.clone() }, x);
        self.activate(self.affine(x, |x| run(layer, x), without_bias), activation)
    }

    /// A convolution.
    fn conv2d(&self, layer: &Conv2d, x: Self::T<4>) -> Self::T<4> {
        self.conv2d_then(layer, x, Activation::Identity)
    }

    /// A convolution, then an activation; in one pass over memory where that can be.
    fn conv2d_then(&self, layer: &Conv2d, x: Self::T<4>, activation: Activation) -> Self::T<4> {
        let run = |layer: &Conv2d, x| gan_kernels::conv2d(layer, x, Activation::Identity);
        let without_bias = |x| run(&Conv2d { bias: None, ..layer.clone() }, x);
        self.activate(self.affine(x, |x| run(layer, x), without_bias), activation)
    }

    /// A transposed convolution.
    fn conv_transpose2d(&self, layer: &ConvTranspose2d, x: Self::T<4>) -> Self::T<4> {
        self.conv_transpose2d_then(layer, x, Activation::Identity)
    }

    /// A transposed convolution, then an activation; in one pass over memory where that can be.
    fn conv_transpose2d_then(
        &self,
        layer: &ConvTranspose2d,
        x: Self::T<4>,
        activation: Activation,
    ) -> Self::T<4> {
        let run = |layer: &ConvTranspose2d, x| {
            gan_kernels::conv_transpose2d(layer, x, Activation::Identity)
        };
        let without_bias = |x| run(&ConvTranspose2d { bias: None, ..layer.clone() }, x);
        self.activate(self.affine(x, |x| run(layer, x), without_bias), activation)
    }

    /// One of the activations that layers fuse with.
    fn activate<const D: usize>(&self, x: Self::T<D>, activation: Activation) -> Self::T<D> {
        match activation {
            Activation::Identity => x,
            Activation::Relu => self.relu(x),
            Activation::LeakyRelu(slope) => self.leaky_relu(x, f64::from(slope)),
            Activation::Tanh => self.tanh(x),
        }
    }

    /// `max(x, 0)`; its derivative at 0 is Burn's, 0.
    fn relu<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, relu, relu_slope)
    }

    /// `x` where it is not negative, `slope·x` elsewhere; its derivative at 0 is Burn's, 1.
    fn leaky_relu<const D: usize>(&self, x: Self::T<D>, slope: f64) -> Self::T<D> {
        self.elementwise(x, |x| leaky_relu(x, slope), |x| leaky_relu_slope(x, slope))
    }

    /// `x` where it is positive, `alpha·(eˣ − 1)` elsewhere.
    fn elu<const D: usize>(&self, x: Self::T<D>, alpha: f64) -> Self::T<D> {
        self.elementwise(
            x,
            |x| elu(x, alpha),
            |x| {
                let positive = x.clone().greater_elem(0.0);
                // The exponential of a large input is never looked at, but must not overflow.
                (x.clamp_max(0.0).exp() * alpha).mask_fill(positive, 1.0)
            },
        )
    }

    /// `ln(1 + eˣ)`.
    fn softplus<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, gan_kernels::softplus, sigmoid)
    }

    /// `σ(x) = 1/(1 + e⁻ˣ)`.
    fn sigmoid<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, sigmoid, |x| {
            let y = sigmoid(x);
            y.clone() - y.square()
        })
    }

    /// `tanh x`.
    fn tanh<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, tanh, |x| -tanh(x).square() + 1.0)
    }

    /// `x·σ(x)`, also called swish.
    fn silu<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, silu, |x| {
            let gate = sigmoid(x.clone());
            gate.clone() * (x * (-gate + 1.0) + 1.0)
        })
    }

    /// `x·Φ(x)` with the normal distribution function `Φ`, not its approximation by a `tanh`.
    fn gelu<const D: usize>(&self, x: Self::T<D>) -> Self::T<D> {
        self.elementwise(x, gelu, |x| {
            let below = ((x.clone() * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0) * 0.5;
            let density = (x.clone().square() * -0.5).exp() / std::f64::consts::TAU.sqrt();
            below + x * density
        })
    }

    /// Layer normalization over the last axis.
    ///
    /// Burn keeps the layer's own `epsilon` private, so it is given here; the layer's is not used,
    /// in any mode. Its default is 1e-5.
    fn layer_norm<const D: usize>(
        &self,
        layer: &LayerNorm,
        epsilon: f64,
        x: Self::T<D>,
    ) -> Self::T<D> {
        self.with_derivative(
            x,
            |x| {
                let shift = layer.beta.as_ref().map(|beta| beta.val());
                burn::tensor::module::layer_norm(x, layer.gamma.val(), shift, epsilon)
            },
            |x, v| normalization::layer_norm(layer, epsilon, x, v),
        )
    }

    /// Group normalization of `[batch, channels, ..]`.
    fn group_norm<const D: usize>(&self, layer: &GroupNorm, x: Self::T<D>) -> Self::T<D> {
        let both = |x, v| normalization::group_norm(layer, x, v);
        let run = |x| gan_kernels::group_norm(layer, x, Activation::Identity);
        self.with_derivative(x, run, both)
    }

    /// Group normalization, then an activation; in one pass over memory where that can be.
    fn group_norm_then<const D: usize>(
        &self,
        layer: &GroupNorm,
        x: Self::T<D>,
        activation: Activation,
    ) -> Self::T<D> {
        self.activate(self.group_norm(layer, x), activation)
    }

    /// Instance normalization of `[batch, channels, ..]`.
    fn instance_norm<const D: usize>(&self, layer: &InstanceNorm, x: Self::T<D>) -> Self::T<D> {
        self.group_norm(&normalization::by_channel(layer), x)
    }

    /// Batch normalization of `[batch, channels, ..]`: by the batch's own statistics in training,
    /// whose derivative couples its samples, and by the running ones otherwise.
    ///
    /// Only [`Primal`] moves the running statistics; a tangent pass leaves them as they are.
    fn batch_norm<const D: usize>(&self, layer: &BatchNorm, x: Self::T<D>) -> Self::T<D> {
        self.batch_norm_then(layer, x, Activation::Identity)
    }

    /// Batch normalization, then an activation; in one pass over memory where that can be.
    fn batch_norm_then<const D: usize>(
        &self,
        layer: &BatchNorm,
        x: Self::T<D>,
        activation: Activation,
    ) -> Self::T<D> {
        let both = |x, v| normalization::batch_norm(layer, x, v);
        let run = |x| gan_kernels::batch_norm(layer, x, Activation::Identity);
        self.activate(self.with_derivative(x, run, both), activation)
    }

    /// Pooling by means.
    fn avg_pool2d(&self, layer: &AvgPool2d, x: Self::T<4>) -> Self::T<4> {
        self.linear_map(x, |x| gan_kernels::avg_pool2d(layer, x))
    }

    /// Pooling by maxima; the tangent is that of the entry that was chosen.
    fn max_pool2d(&self, layer: &MaxPool2d, x: Self::T<4>) -> Self::T<4> {
        self.with_derivative(x, |x| layer.forward(x), |x, v| pooling::max_pool2d(layer, x, v))
    }

    /// `[batch, channels, height, width]` enlarged `factor` times by repeating pixels.
    fn upsample_nearest2d(&self, x: Self::T<4>, factor: usize) -> Self::T<4> {
        self.linear_map(x, |x| gan_kernels::upsample_nearest2d(x, factor))
    }

    /// The sum of each map: `[batch, channels, height, width]` to `[batch, channels]`.
    fn sum_pixels(&self, x: Self::T<4>) -> Self::T<2> {
        self.linear_map(x, gan_kernels::sum_pixels)
    }

    /// The same entries in another shape.
    fn reshape<const D: usize, const E: usize>(
        &self,
        x: Self::T<D>,
        shape: [usize; E],
    ) -> Self::T<E> {
        self.linear_map(x, |x| x.reshape(shape))
    }

    /// The last axes as one: `[batch, ..]` to `[batch, features]`.
    fn flatten<const D: usize>(&self, x: Self::T<D>) -> Self::T<2> {
        self.linear_map(x, gan_kernels::flatten)
    }
}

/// The derivative of `max(x, 0)`.
fn relu_slope<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    x.greater_elem(0.0).float()
}

/// The derivative of the leaky rectifier.
fn leaky_relu_slope<const D: usize>(x: Tensor<D>, slope: f64) -> Tensor<D> {
    x.greater_equal_elem(0.0).float() * (1.0 - slope) + slope
}

#[cfg(test)]
mod tests;
