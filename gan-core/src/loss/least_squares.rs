//! The least-squares loss (LSGAN): regression of the scores onto labels.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::loss::config::{RegisteredLoss, validate_smoothing};
use crate::loss::{AdversarialLoss, Scores};

/// Least squares, in squared units of the score, with the labels a = 0 (fake), b = 1 (real) and
/// c = 1 (what the generator wants its fakes taken for).
///
/// Critic: `½·E[(s_real − b)²] + ½·E[(s_fake − a)²]`, 0 when every score is at its label.
/// Generator: `½·E[(s_fake − c)²]`; a fake beyond the label is drawn back.
///
/// This is the paper's 0–1 coding (eq. 9); with it the best score is `p/(p + q)`. The coding of its
/// eq. 8 (a = −1, b = 1, c = 0), in which the game minimizes a Pearson χ² divergence, differs in the
/// generator's target: there fakes are drawn to the boundary instead of to the real label.
/// Smoothing is one-sided: `b = 1 − smoothing`, with a and c as they are.
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Source
/// Mao et al. (2017), arXiv:1611.04076, eqs. 2 and 9; smoothing: Salimans et al. (2016),
/// arXiv:1606.03498, §3.4.
#[doc(alias = "LSGAN")]
#[doc(alias = "MSE")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeastSquares {
    /// How far the critic's target for real samples is below 1, in `[0, ½)`.
    pub smoothing: f64,
}

impl RegisteredLoss for LeastSquares {
    const NAME: &'static str = "least-squares";
    const SUMMARY: &'static str = "scores are regressed onto 0 and 1";
    const SOURCE: &'static str = "Mao et al. (2017), arXiv:1611.04076";
    const DEFAULT: Self = Self { smoothing: 0.0 };

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }

    fn validate(self, key: &str) -> Result<(), GanError> {
        validate_smoothing(key, self.smoothing)
    }
}

impl AdversarialLoss for LeastSquares {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        half_mean_square(real, 1.0 - self.smoothing) + half_mean_square(fake, 0.0)
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        half_mean_square(fake, 1.0)
    }
}

fn half_mean_square(scores: &Scores, label: f64) -> Tensor<1> {
    (scores.raw() - label).square().mean() * 0.5
}
