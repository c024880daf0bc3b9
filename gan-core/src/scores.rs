//! Raw critic outputs, kept apart from probabilities by their type.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

/// What a critic says of a batch: one unbounded number a sample, higher for "more real".
///
/// Losses take `Scores` and nothing else, so that a probability cannot be passed for one: a
/// discriminator that ends in a sigmoid has nothing to build a `Scores` from but its last linear
/// layer, which is the numerically stable place to stop anyway.
///
/// # Shapes
/// `[batch, 1]`.
#[derive(Clone, Debug)]
pub struct Scores(Tensor<2>);

impl Scores {
    /// The scores of a batch, from the critic's last linear layer: `[batch, 1]`.
    pub fn new(raw: Tensor<2>) -> Self {
        Self(raw)
    }

    /// The scores themselves, `[batch, 1]`, for a loss to compute with.
    pub fn raw(&self) -> Tensor<2> {
        self.0.clone()
    }

    /// The mean of `σ(score)`, in `[0, 1]`: the `D(x)` of the papers' pictures. Shape `[1]`.
    ///
    /// Only for reports: losses are written on the raw scores.
    pub fn mean_probability(&self) -> Tensor<1> {
        sigmoid(self.0.clone()).mean()
    }

    /// The same scores without the graph that made them.
    pub fn detach(&self) -> Self {
        Self(self.0.clone().inner())
    }
}
