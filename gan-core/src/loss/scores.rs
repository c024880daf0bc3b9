//! Raw critic outputs, kept apart from probabilities by their types.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;

/// A critic's output for a batch: one unbounded number a sample, higher for "more real".
///
/// Losses take `Scores` and nothing else, so that a probability cannot be passed for one: a
/// discriminator that ends in a sigmoid has nothing to build a `Scores` from but its last linear
/// layer, which is the numerically stable place to stop anyway.
///
/// # Shapes
/// `[batch, 1]`.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor};
/// use gan_core::loss::{AdversarialLoss, Hinge, Scores};
/// let last_layer = Tensor::<2>::zeros([8, 1], &Device::default());
/// let scores = Scores::new(last_layer);
/// assert_eq!(Hinge.critic(&scores, &scores).into_scalar::<f32>(), 2.0);
/// ```
/// A tensor, whether or not a sigmoid made it, is not a `Scores`:
/// ```compile_fail
/// use burn::tensor::{Device, Tensor, activation::sigmoid};
/// use gan_core::loss::{AdversarialLoss, Hinge};
/// let last_layer = Tensor::<2>::zeros([8, 1], &Device::default());
/// let probability = sigmoid(last_layer);
/// Hinge.critic(&probability, &probability);
/// ```
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

    /// The number of samples scored.
    pub fn len(&self) -> usize {
        self.0.dims()[0]
    }

    /// Whether no sample was scored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The scores of the first `n_first` samples, and those of the rest.
    pub(crate) fn split_at(self, n_first: usize) -> (Self, Self) {
        let n_rest = self.len() - n_first;
        (Self(self.0.clone().narrow(0, 0, n_first)), Self(self.0.narrow(0, n_first, n_rest)))
    }

    /// `σ(score)` of each sample, for reports.
    pub fn probabilities(&self) -> Probabilities {
        Probabilities(sigmoid(self.0.clone()))
    }

    /// The mean of `σ(score)`, in `[0, 1]`: the `D(x)` of the papers' pictures. Shape `[1]`.
    pub fn mean_probability(&self) -> Tensor<1> {
        self.probabilities().mean()
    }

    /// The same scores without the graph that made them.
    pub fn detach(&self) -> Self {
        Self(self.0.clone().inner())
    }
}

/// A critic's output for a batch as probabilities of being real: `σ(score)`, in `[0, 1]`.
///
/// For reports only. It gives out numbers about the batch but no tensor that [`Scores::new`] would
/// take, so that what went through a sigmoid cannot come to a loss:
/// ```compile_fail
/// use burn::tensor::{Device, Tensor};
/// use gan_core::loss::{AdversarialLoss, Hinge, Scores};
/// let scores = Scores::new(Tensor::<2>::zeros([8, 1], &Device::default()));
/// let probabilities = scores.probabilities();
/// Hinge.critic(&probabilities, &probabilities);
/// ```
/// ```compile_fail
/// use burn::tensor::{Device, Tensor};
/// use gan_core::loss::Scores;
/// let scores = Scores::new(Tensor::<2>::zeros([8, 1], &Device::default()));
/// Scores::new(scores.probabilities());
/// ```
#[derive(Clone, Debug)]
pub struct Probabilities(Tensor<2>);

impl Probabilities {
    /// Their mean over the batch, shape `[1]`.
    pub fn mean(&self) -> Tensor<1> {
        self.0.clone().mean()
    }

    /// Each sample's, shape `[batch]`.
    pub fn of_samples(&self) -> Tensor<1> {
        self.0.clone().reshape([-1])
    }
}
