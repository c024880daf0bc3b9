//! The relativistic paired loss: each real sample against one fake.

use burn::tensor::Tensor;
use burn::tensor::activation::softplus;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::loss::config::RegisteredLoss;
use crate::loss::{AdversarialLoss, Scores};

/// The relativistic paired loss with the logistic function, in nats.
///
/// Critic: `E[softplus(−(s_real − s_fake))]`, with the i-th real sample against the i-th fake.
/// Generator: `E[softplus(−(s_fake − s_real))]`, the same with the roles swapped. Both are `ln 2` where
/// the scores are equal, and neither changes when a constant is added to every score.
///
/// # Shapes
/// Scores `[batch, 1]`, as many real as fake; results `[1]`, the mean over the pairs. Other sizes are
/// a mistake of the caller and panic, naming both.
///
/// # Source
/// Jolicoeur-Martineau (2018), arXiv:1807.00734 (RSGAN); the loss of R3GAN, Huang et al. (2024),
/// arXiv:2501.05441.
#[doc(alias = "RpGAN")]
#[doc(alias = "R3GAN")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "IgnoredAny")]
pub struct RelativisticPaired;

/// It has no numbers: other keys of its table are unknown to it, as to every table of the rules.
impl From<IgnoredAny> for RelativisticPaired {
    fn from(_: IgnoredAny) -> Self {
        Self
    }
}

impl RegisteredLoss for RelativisticPaired {
    const NAME: &'static str = "relativistic-paired";
    const SUMMARY: &'static str = "logistic, each real sample against one fake";
    const SOURCE: &'static str = "Jolicoeur-Martineau (2018), arXiv:1807.00734";
    const DEFAULT: Self = Self;

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }
}

impl AdversarialLoss for RelativisticPaired {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        mean_softplus_of_gap(real, fake)
    }

    fn generator(&self, real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        mean_softplus_of_gap(fake, &real())
    }
}

/// `E[softplus(−(above − below))]` over pairs.
fn mean_softplus_of_gap(above: &Scores, below: &Scores) -> Tensor<1> {
    // One score against a batch would be broadcast without a word.
    assert_eq!(
        above.len(),
        below.len(),
        "the paired relativistic loss needs as many real as fakes"
    );
    softplus(below.raw() - above.raw(), 1.0).mean()
}
