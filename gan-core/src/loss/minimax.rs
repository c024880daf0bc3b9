//! The minimax (saturating) loss: the zero-sum game of the original paper's algorithm box.

use burn::tensor::Tensor;
use gan_kernels::softplus;
use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::loss::config::{RegisteredLoss, validate_smoothing};
use crate::loss::{AdversarialLoss, NonSaturating, Scores};

/// The minimax loss, in nats: the generator minimizes what the critic maximizes.
///
/// Critic: as [`NonSaturating`], smoothing and all. Generator: `−E[softplus(s_fake)]`, which is
/// `E[ln(1 − D(G(z)))]`. Against the best critic the game's value is `2·JS(p, q) − ln 4`. The
/// generator's gradient vanishes where the critic is sure of its fakes (`s_fake → −∞`): the loss
/// saturates.
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Source
/// Goodfellow et al. (2014), arXiv:1406.2661, eq. 1 and algorithm 1.
#[doc(alias = "vanilla")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Minimax {
    /// How far the critic's target for real samples is below 1, in `[0, ½)`.
    pub smoothing: f64,
}

impl RegisteredLoss for Minimax {
    const NAME: &'static str = "minimax";
    const SUMMARY: &'static str = "logistic; the generator minimizes what the critic maximizes";
    const SOURCE: &'static str = "Goodfellow et al. (2014), arXiv:1406.2661, eq. 1";
    const DEFAULT: Self = Self { smoothing: 0.0 };

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }

    fn validate(self, key: &str) -> Result<(), GanError> {
        validate_smoothing(key, self.smoothing)
    }
}

impl AdversarialLoss for Minimax {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        NonSaturating { smoothing: self.smoothing }.critic(real, fake)
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        -softplus(fake.raw()).mean()
    }
}
