//! Constraints: what holds of the critic's weights after every update.

mod clip;
mod spectral_norm;

use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::seed::Stream;

/// The registry of constraints, each with its numbers.
///
/// [`attach`](Self::attach) prepares a critic once, before its first step;
/// [`project`](Self::project) follows every update.
#[doc(alias = "weight clipping")]
#[doc(alias = "spectral norm")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Constraint {
    /// Weights go where the optimizer takes them.
    #[default]
    None,
    /// Every trained weight is clamped to `[−c, c]`; running statistics are not weights.
    ///
    /// # Source
    /// Arjovsky et al. (2017), arXiv:1701.07875, algorithm 1.
    Clip {
        /// `c`, above 0.
        #[serde(default = "defaults::bound")]
        bound: f64,
    },
    /// Linear, convolutional and embedding layers compute with `W/σ(W)`: their largest singular
    /// value is 1, by power iteration.
    ///
    /// `W` is the matrix `[outputs, everything else]`, for transposed convolutions too, and
    /// `σ = uᵀWv` is differentiated with `u` and `v` as constants. They move by `iterations` after
    /// every update of the critic and never during one, so that all of its passes see the same
    /// network (PyTorch's layer moves them in every forward pass in training). Biases and
    /// normalization layers stay as they are.
    ///
    /// # Source
    /// Miyato et al. (2018), arXiv:1802.05957, §2.1 and algorithm 1.
    SpectralNorm {
        /// Power iterations an update, from 1 to 1000.
        #[serde(default = "defaults::iterations")]
        iterations: u64,
    },
}

mod defaults {
    pub(super) const fn bound() -> f64 {
        0.01
    }
    pub(super) const fn iterations() -> u64 {
        1
    }
}

impl Constraint {
    /// Every registered constraint, with its default numbers.
    pub const ALL: [Self; 3] = [
        Self::None,
        Self::Clip { bound: defaults::bound() },
        Self::SpectralNorm { iterations: defaults::iterations() },
    ];

    /// The name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Clip { .. } => "clip",
            Self::SpectralNorm { .. } => "spectral-norm",
        }
    }

    /// What holds, in one line of mathematics.
    pub fn formula(self) -> &'static str {
        match self {
            Self::None => "nothing",
            Self::Clip { .. } => "w ∈ [−c, c]",
            Self::SpectralNorm { .. } => "W/σ(W)",
        }
    }

    /// The paper, if there is one.
    pub fn source(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Clip { .. } => Some("Arjovsky et al. (2017), arXiv:1701.07875"),
            Self::SpectralNorm { .. } => Some("Miyato et al. (2018), arXiv:1802.05957"),
        }
    }

    /// Whether every number is in its range; `key` identifies the constraint in the error.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] for a bound that is not above 0, or no power iteration, or more than 1000.
    pub fn validate(self, key: &str) -> Result<(), GanError> {
        match self {
            Self::Clip { bound } if !(bound.is_finite() && bound > 0.0) => {
                let name = format!("{key}.bound");
                let expected = "a finite number above 0";
                Err(GanError::OutOfRange { name, expected, found: bound })
            }
            Self::SpectralNorm { iterations: 0 } => {
                let name = format!("{key}.iterations");
                Err(GanError::OutOfRange { name, expected: "at least 1", found: 0.0 })
            }
            Self::SpectralNorm { iterations } if iterations > 1000 => {
                let (name, found) = (format!("{key}.iterations"), iterations as f64);
                Err(GanError::OutOfRange { name, expected: "at most 1000", found })
            }
            Self::None | Self::Clip { .. } | Self::SpectralNorm { .. } => Ok(()),
        }
    }

    /// The critic as the constraint needs it: with spectral norm, every weight gets its two
    /// vectors, drawn from `stream` and then brought near by 15 power iterations.
    ///
    /// To be called once on a new critic, after its weights have been drawn; a checkpoint is loaded
    /// into what this returns and brings its own vectors.
    #[must_use]
    pub fn attach<M: Module>(self, critic: M, stream: &Stream) -> M {
        match self {
            Self::None | Self::Clip { .. } => critic,
            Self::SpectralNorm { .. } => spectral_norm::attach(critic, stream),
        }
    }

    /// The critic after an update: clamped, or with its power iteration advanced.
    #[must_use]
    pub fn project<M: Module>(self, critic: M) -> M {
        match self {
            Self::None => critic,
            Self::Clip { bound } => critic.map(&mut clip::Clip { bound }),
            Self::SpectralNorm { iterations } => spectral_norm::advance(critic, iterations),
        }
    }
}

/// `values`, off the graph, in the place of `old`: on its side, a leaf to train if it was one.
fn replaced<const D: usize>(old: &Tensor<D>, values: Tensor<D>) -> Tensor<D> {
    let Some(strategy) = old.gradient_checkpointing_strategy() else {
        return values;
    };
    let values = values.autodiff().with_gradient_checkpointing_strategy(strategy);
    values.set_require_grad(old.is_require_grad())
}

#[cfg(test)]
mod tests;
