//! The nonlinearities between fully connected layers.

use burn::tensor::activation::{sigmoid, silu, softplus};
use gan_core::Mode;
use serde::{Deserialize, Serialize};

/// Slope of the leaky rectifiers of all architectures below zero.
pub(crate) const SLOPE: f64 = 0.2;

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
    /// The activation of `x`, in the way that `mode` reads it.
    pub(crate) fn apply<M: Mode, const D: usize>(self, mode: &M, x: M::T<D>) -> M::T<D> {
        match self {
            Self::Relu => mode.relu(x),
            Self::LeakyRelu => mode.leaky_relu(x, SLOPE),
            Self::Silu => mode.elementwise(x, silu, |x| {
                let gate = sigmoid(x.clone());
                gate.clone() * (x * (-gate + 1.0) + 1.0)
            }),
            Self::Softplus => mode.elementwise(x, |x| softplus(x, 1.0), sigmoid),
        }
    }
}
