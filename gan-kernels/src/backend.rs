//! The kernels as operations of a Burn backend.

mod autodiff;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod layout;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use crate::activation::Activation;
use crate::adam::AdamStep;
use crate::geometry::Geometry;
use crate::precision::Precision;
use crate::rms_prop::RmsPropStep;

/// Where a layer leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Towards {
    /// From the finer map to the coarser one: a convolution.
    Coarse,
    /// From the coarser map to the finer one: a transposed convolution, or a fully connected layer.
    Fine,
}

/// A convolution of either kind with what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Layer {
    /// Which pixel meets which.
    pub geometry: Geometry,
    /// Where it leads.
    pub towards: Towards,
    /// What is applied to its sums and biases.
    pub activation: Activation,
    /// What it multiplies, forwards and backwards.
    pub precision: Precision,
}

/// Batch normalization with what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Normalization {
    /// Added to the variance.
    pub epsilon: f32,
    /// What is applied to the result.
    pub activation: Activation,
}

/// Group normalization with what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GroupNormalization {
    /// Groups of channels.
    pub groups: usize,
    /// Added to the variance.
    pub epsilon: f32,
    /// What is applied to the result.
    pub activation: Activation,
}

/// Operations that the layers of this crate are made of, and those of their backward passes.
///
/// Maps are `[batch, channels, height, width]` or `[batch, features]`, weights
/// `[channels of the coarser map, of the finer map, height, width]` or `[inputs, outputs]`, biases
/// `[channels]`, or `[0]` where there is none. Everything is `f32`. Backward passes are of the first
/// order.
#[backend_extension(Flex: cfg(feature = "flex"), Autodiff)]
pub(crate) trait Kernels: Backend {
    /// `x` as it is, but lying in memory as the kernels take it.
    fn batch_innermost(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `[batch, features]` as `[batch, channels, height, width]`.
    fn unflatten(x: FloatTensor<Self>, shape: [usize; 3]) -> FloatTensor<Self>;

    /// `[batch, channels, height, width]` as `[batch, features]`.
    fn flatten(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `a`, then `b` along axis 0 or 1.
    fn joined(a: FloatTensor<Self>, b: FloatTensor<Self>, axis: usize) -> FloatTensor<Self>;

    /// `activation(layer(x) + bias)`.
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// The gradient of `x`, given that of the sums.
    fn layer_input_gradient(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// The gradient of the weight, given that of the sums.
    fn layer_weight_gradient(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// The activation of every number.
    fn activation(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;

    /// The gradient before an activation that made `y`, and the gradient of a bias before it.
    fn activation_backward(
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// `activation(γ·x̂ + β)`, and the mean and the variance of each channel.
    fn normalize(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        norm: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// The gradients of `x`, `γ` and `β`.
    fn normalize_backward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        norm: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// `v` times the derivative of a piecewise linear activation that made `y`.
    fn slope(
        y: FloatTensor<Self>,
        v: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self>;

    /// `activation(γ·n + β)`.
    fn group_normalize(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> FloatTensor<Self>;

    /// The gradients of `x`, `γ` and `β`.
    fn group_normalize_backward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// The derivative of `γ·n + β` along `v`.
    fn group_tangent(
        x: FloatTensor<Self>,
        v: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> FloatTensor<Self>;

    /// The gradients of `x`, `v` and `γ`, given that of the derivative.
    fn group_tangent_backward(
        x: FloatTensor<Self>,
        v: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Weights and both moments after a step along `gradient`.
    fn adam(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Weights and mean squares after a step along `gradient`.
    fn rms_prop(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        squares: FloatTensor<Self>,
        step: RmsPropStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}
