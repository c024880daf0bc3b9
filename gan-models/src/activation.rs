//! The nonlinearities between fully connected layers.

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
            Self::Silu => mode.silu(x),
            Self::Softplus => mode.softplus(x),
        }
    }
}
