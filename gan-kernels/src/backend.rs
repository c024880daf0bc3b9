//! The kernels as operations of a Burn backend.

#![cfg_attr(feature = "tch", allow(deprecated, reason = "burn deprecates its LibTorch backend"))]

mod autodiff;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod layout;
mod stash;
#[cfg(feature = "tch")]
mod tch;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use crate::activation::Activation;
use crate::adam::AdamStep;
use crate::geometry::Geometry;
use crate::pooling::Pooling;
use crate::precision::Precision;
use crate::rms_prop::RmsPropStep;
use crate::synchronized::SharedShards;
pub(crate) use stash::Stash;

/// The panic message where the batch statistics of a training are asked for elsewhere.
const ON_THE_GRAPH: &str = "shards are normalized together on the autodiff side";

/// Whether a layer leads to a coarser map or to a finer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resampling {
    /// From the finer map to the coarser one: a convolution.
    Downsample,
    /// From the coarser map to the finer one: a transposed convolution, or a fully connected layer.
    Upsample,
}

/// A convolution of either kind with what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Layer {
    /// Which input pixels each output pixel is summed from.
    pub geometry: Geometry,
    /// Whether it is strided or transposed.
    pub resampling: Resampling,
    /// Groups of channels, each of which meets one group of the other map.
    pub groups: usize,
    /// What is applied to its sums and biases.
    pub activation: Activation,
    /// What it multiplies, forwards and backwards; on Flex, groups are multiplied in `f32`.
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

/// Operations that the layers of this crate are made of.
///
/// Maps are `[batch, channels, height, width]` or `[batch, features]`, weights
/// `[channels of the coarser map, of the finer map in a group, height, width]` or `[inputs, outputs]`, biases
/// `[channels]`, or `[0]` where there is none. Everything is `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), LibTorch: cfg(feature = "tch"), Autodiff)]
pub(crate) trait Kernels: Backend {
    /// `[batch, features]` as `[batch, channels, height, width]`.
    fn unflatten(x: FloatTensor<Self>, shape: [usize; 3]) -> FloatTensor<Self>;

    /// `[batch, channels, height, width]` as `[batch, features]`.
    fn flatten(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `a`, then `b` along axis 0 or 1.
    fn joined(a: FloatTensor<Self>, b: FloatTensor<Self>, axis: usize) -> FloatTensor<Self>;

    /// `a + b`, of one shape.
    fn sum(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `x`, for the first of two uses; see [`Stash`].
    fn first_use(x: FloatTensor<Self>, stash: Stash) -> FloatTensor<Self>;

    /// What [`first_use`](Self::first_use) made, for the second of two uses.
    fn second_use(x: FloatTensor<Self>, stash: Stash) -> FloatTensor<Self>;

    /// The windows' sums, times a factor.
    fn pool(x: FloatTensor<Self>, pooling: Pooling) -> FloatTensor<Self>;

    /// Each pixel all over its window, times a factor.
    fn repeat(x: FloatTensor<Self>, pooling: Pooling) -> FloatTensor<Self>;

    /// `activation(layer(x) + bias)`.
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// The activation of every number.
    fn activation(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;

    /// `ln(1 + eˣ)` of every number.
    fn softplus(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `activation(γ·x̂ + β)`, and the mean and the variance of each channel.
    fn normalize(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        norm: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// `activation(s·x̂ + t)` with `s` and `t` `[batch, channels]`, and the mean and the variance of
    /// each channel.
    fn normalize_by_sample(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        norm: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// [`normalize`](Self::normalize) of a shard, with mean and variance over all shards of its batch;
    /// on the autodiff side alone.
    fn normalize_shard(
        _x: FloatTensor<Self>,
        _gamma: FloatTensor<Self>,
        _beta: FloatTensor<Self>,
        _norm: Normalization,
        _shards: SharedShards,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{ON_THE_GRAPH}")
    }

    /// [`normalize_by_sample`](Self::normalize_by_sample) of a shard, likewise.
    fn normalize_shard_by_sample(
        _x: FloatTensor<Self>,
        _scale: FloatTensor<Self>,
        _shift: FloatTensor<Self>,
        _norm: Normalization,
        _shards: SharedShards,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{ON_THE_GRAPH}")
    }

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

    /// The derivative of `γ·n + β` along `v`.
    fn group_tangent(
        x: FloatTensor<Self>,
        v: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> FloatTensor<Self>;

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

/// The backward passes of [`Kernels`]: of the first order, for they are no operations of an autodiff
/// backend.
pub(crate) trait BackwardKernels: Kernels {
    /// `x` as it is, but lying in memory as the kernels take it.
    fn batch_innermost(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradients of `x`, the weight and the bias, as far as they are wanted; `y` is the result of
    /// a layer with an activation.
    fn layer_backward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        y: Option<FloatTensor<Self>>,
        gradient: FloatTensor<Self>,
        layer: Layer,
        wanted: [bool; 3],
    ) -> [Option<FloatTensor<Self>>; 3];

    /// The gradient before an activation that made `y`.
    fn activation_backward(
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self>;

    /// `gradient` times the logistic function of `x`.
    fn softplus_backward(x: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradients of `x`, `γ` and `β`; `kept` are `x`, `γ`, `β`, mean and variance, `y` is the
    /// result where an activation made it.
    fn normalize_backward(
        kept: [FloatTensor<Self>; 5],
        y: Option<FloatTensor<Self>>,
        gradient: FloatTensor<Self>,
        norm: Normalization,
    ) -> [FloatTensor<Self>; 3];

    /// The gradients of `x`, `s` and `t`; `kept` are `x`, `s`, `t`, mean and variance, `y` is the
    /// result where an activation made it.
    fn normalize_by_sample_backward(
        kept: [FloatTensor<Self>; 5],
        y: Option<FloatTensor<Self>>,
        gradient: FloatTensor<Self>,
        norm: Normalization,
    ) -> [FloatTensor<Self>; 3];

    /// The gradients of `x`, `γ` and `β`, which are `kept`.
    fn group_normalize_backward(
        kept: [FloatTensor<Self>; 3],
        gradient: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> [FloatTensor<Self>; 3];

    /// The gradients of `x`, `v` and `γ`, which are `kept`, given that of the derivative.
    fn group_tangent_backward(
        kept: [FloatTensor<Self>; 3],
        gradient: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> [FloatTensor<Self>; 3];
}
