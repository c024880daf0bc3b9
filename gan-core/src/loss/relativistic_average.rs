//! The relativistic average loss: each sample against the average of the other kind.

use burn::tensor::Tensor;
use gan_kernels::{matmul, softplus, sum_rows};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::loss::config::RegisteredLoss;
use crate::loss::{AdversarialLoss, Scores};

/// The relativistic average loss with the logistic function, in nats.
///
/// Critic: `E[softplus(−(s_real − E[s_fake]))] + E[softplus(s_fake − E[s_real])]`.
/// Generator: `E[softplus(−(s_fake − E[s_real]))] + E[softplus(s_real − E[s_fake])]`, the same with the
/// roles swapped. Both are `2·ln 2` where the scores are equal, and neither changes when a constant is
/// added to every score. The sum is the paper's; its author's code halves it.
///
/// # Shapes
/// Scores `[batch, 1]`, the batches of any two sizes; results `[1]`, means over each batch.
///
/// # Source
/// Jolicoeur-Martineau (2018), arXiv:1807.00734 (RaSGAN).
#[doc(alias = "RaGAN")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "IgnoredAny")]
pub struct RelativisticAverage;

/// It has no numbers: other keys of its table are unknown to it, as to every table of the rules.
impl From<IgnoredAny> for RelativisticAverage {
    fn from(_: IgnoredAny) -> Self {
        Self
    }
}

impl RegisteredLoss for RelativisticAverage {
    const NAME: &'static str = "relativistic-average";
    const SUMMARY: &'static str = "logistic, each sample against the average of the others";
    const SOURCE: &'static str = "Jolicoeur-Martineau (2018), arXiv:1807.00734";
    const DEFAULT: Self = Self;

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }
}

impl AdversarialLoss for RelativisticAverage {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        above_the_other_on_average(real, fake)
    }

    fn generator(&self, real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        above_the_other_on_average(fake, &real())
    }
}

/// Small where `above` scores more than the mean of `below`, and `below` less than that of `above`.
fn above_the_other_on_average(above: &Scores, below: &Scores) -> Tensor<1> {
    softplus(mean_for_each(below) - above.raw()).mean()
        + softplus(below.raw() - mean_for_each(above)).mean()
}

/// The mean score as often as there are scores; as a product, whose gradient is summed in one order.
fn mean_for_each(scores: &Scores) -> Tensor<2> {
    let scores = scores.raw();
    let samples = scores.dims()[0];
    let each = Tensor::ones([samples, 1], &scores.device());
    matmul(each, sum_rows(scores.reshape([1, samples])) / samples as f64)
}
