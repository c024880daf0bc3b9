//! The drift penalty: scores that stay near 0.

use burn::tensor::Tensor;

use crate::loss::Scores;

/// `ε·mean(D(x)²)`.
pub(super) fn term(real: &Scores, weight: f64) -> Tensor<1> {
    real.raw().square().mean() * weight
}
