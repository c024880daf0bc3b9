//! The activations between fully connected layers.

use burn::nn::Linear;
use gan_core::forward_mode::Mode;
use serde::{Deserialize, Serialize};

/// Slope of the leaky rectifiers of all architectures below zero.
pub(crate) const SLOPE: f64 = 0.2;
/// The leaky rectifier of all architectures.
pub(crate) const LEAKY: gan_core::kernels::Activation =
    gan_core::kernels::Activation::LeakyRelu(SLOPE as f32);

/// What stands between two linear layers, entry by entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Activation {
    /// `max(x, 0)`.
    #[default]
    Relu,
    /// `x` where it is not negative, `x/5` elsewhere.
    LeakyRelu,
    /// `x·σ(x)`: smooth, so that the critic's gradient is continuous.
    Silu,
    /// `ln(1 + eˣ)`: smooth and increasing.
    Softplus,
}

impl Activation {
    /// The activation of a fully connected layer, in the way that `mode` reads it.
    pub(crate) fn of_linear<M: Mode>(self, mode: &M, layer: &Linear, x: M::T<2>) -> M::T<2> {
        match self {
            Self::Relu => mode.linear_then(layer, x, gan_core::kernels::Activation::Relu),
            Self::LeakyRelu => mode.linear_then(layer, x, LEAKY),
            Self::Silu => mode.silu(mode.linear(layer, x)),
            Self::Softplus => mode.softplus(mode.linear(layer, x)),
        }
    }
}
