//! The hinge loss: scores within the margin count, scores beyond it do not.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::loss::config::RegisteredLoss;
use crate::loss::{AdversarialLoss, Scores};

/// The hinge loss with margin 1, in units of the score.
///
/// Critic: `E[max(0, 1 − s_real)] + E[max(0, 1 + s_fake)]`; 2 when every score is 0, 0 when every real
/// score is at least 1 and every fake one at most −1, where its gradient is 0 too.
/// Generator: `−E[s_fake]`, as [`Wasserstein`](crate::loss::Wasserstein).
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Source
/// Lim and Ye (2017), arXiv:1705.02894; Miyato et al. (2018), arXiv:1802.05957.
#[doc(alias = "SNGAN")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "IgnoredAny")]
pub struct Hinge;

/// It has no numbers: other keys of its table are unknown to it, as to every table of the rules.
impl From<IgnoredAny> for Hinge {
    fn from(_: IgnoredAny) -> Self {
        Self
    }
}

impl RegisteredLoss for Hinge {
    const NAME: &'static str = "hinge";
    const SUMMARY: &'static str = "scores count up to a margin of 1";
    const SOURCE: &'static str = "Lim and Ye (2017), arXiv:1705.02894";
    const DEFAULT: Self = Self;

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }
}

impl AdversarialLoss for Hinge {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        relu(-real.raw() + 1.0).mean() + relu(fake.raw() + 1.0).mean()
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        -fake.raw().mean()
    }
}
