//! The Wasserstein loss: the difference of mean scores.

use burn::tensor::Tensor;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::loss::config::RegisteredLoss;
use crate::loss::{AdversarialLoss, Scores};
use crate::rules::LipschitzBound;

/// The Wasserstein loss, in units of the score.
///
/// Critic: `E[s_fake] − E[s_real]`; over 1-Lipschitz critics its minimum is `−W₁(p, q)`. Nothing in
/// the loss keeps a critic Lipschitz: that is the work of a penalty or a constraint, without which
/// the loss has no minimum.
/// Generator: `−E[s_fake]`. Adding a constant to every score changes nothing for the critic.
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Source
/// Arjovsky, Chintala and Bottou (2017), arXiv:1701.07875, algorithm 1.
#[doc(alias = "WGAN")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "IgnoredAny")]
pub struct Wasserstein;

/// It has no numbers: other keys of its table are unknown to it, as to every table of the rules.
impl From<IgnoredAny> for Wasserstein {
    fn from(_: IgnoredAny) -> Self {
        Self
    }
}

impl RegisteredLoss for Wasserstein {
    const NAME: &'static str = "wasserstein";
    const SUMMARY: &'static str = "difference of mean scores; needs a Lipschitz critic";
    const SOURCE: &'static str = "Arjovsky et al. (2017), arXiv:1701.07875";
    const DEFAULT: Self = Self;

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }
}

impl AdversarialLoss for Wasserstein {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        fake.raw().mean() - real.raw().mean()
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        -fake.raw().mean()
    }

    fn lipschitz_bound(&self) -> LipschitzBound {
        LipschitzBound::Required
    }
}
