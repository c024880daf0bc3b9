//! Networks and optimizers of the players, as far as rules ask.

use serde::{Deserialize, Serialize};

/// The generator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GeneratorFacts {
    /// Its optimizer.
    pub optimizer: OptimizerFacts,
    /// Whether it has batch normalization.
    pub batch_norm: Option<bool>,
    /// Coordinates of the noise.
    pub latent: Option<u64>,
    /// What its output can be.
    pub output: Option<Output>,
    /// Its upsampling layers; an empty list for none.
    pub upsampling: Option<Vec<Upsampling>>,
}

/// The critic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CriticFacts {
    /// Its optimizer.
    pub optimizer: OptimizerFacts,
    /// Whether it has batch normalization.
    pub batch_norm: Option<bool>,
    /// Whether real samples and fakes are scored together, in one batch.
    pub joint_batches: Option<bool>,
}

/// An optimizer's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptimizerFacts {
    /// Learning rate.
    pub lr: Option<f64>,
    /// Adam's decay of the mean of gradients.
    pub beta_1: Option<f64>,
    /// Adam's decay of the mean of squared gradients.
    pub beta_2: Option<f64>,
}

/// What follows the generator's last layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Output {
    /// Hyperbolic tangent: from −1 to 1.
    Tanh,
    /// Sigmoid: from 0 to 1.
    Sigmoid,
    /// Nothing: any number.
    Unbounded,
}

impl Output {
    /// The ends of its range, if it has any.
    #[must_use]
    pub fn range(self) -> Option<(f64, f64)> {
        match self {
            Self::Tanh => Some((-1.0, 1.0)),
            Self::Sigmoid => Some((0.0, 1.0)),
            Self::Unbounded => None,
        }
    }
}

/// A transposed convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upsampling {
    /// Side of its kernel.
    pub kernel: u64,
    /// Its stride.
    pub stride: u64,
}

impl Upsampling {
    /// Whether some pixels get contributions of more kernel entries than others.
    #[must_use]
    pub fn is_uneven(self) -> bool {
        self.stride > 1 && !self.kernel.is_multiple_of(self.stride)
    }
}
