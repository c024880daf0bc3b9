//! The crate's error type: what can go wrong in an evaluation.

use gan_divergence::DivergenceError;

/// Why samples could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// Samples or parameters that no divergence can be computed from.
    #[error("cannot evaluate the generated points")]
    Divergence(#[from] DivergenceError),
}
