//! The non-saturating logistic loss, with the generator objective that is in common use.

use burn::tensor::Tensor;
use gan_kernels::softplus;
use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::loss::config::{RegisteredLoss, validate_smoothing};
use crate::loss::{AdversarialLoss, Scores};

/// Logistic loss with the non-saturating generator objective, in nats.
///
/// Critic: `E[softplus(−s_real)] + E[softplus(s_fake)]`, the binary cross entropy of "real is 1,
/// fake is 0"; `2·ln 2` when it cannot distinguish them, `ln 4 − 2·JS(p, q)` at best, which is at
/// `s = ln(p/q)`.
/// Generator: `E[softplus(−s_fake)]`, which is `−E[ln D(G(z))]`; unlike [`Minimax`](crate::loss::Minimax)
/// it keeps its gradient while the critic is winning.
///
/// Smoothing is one-sided: the critic's target for real samples is `t = 1 − smoothing`, so that their
/// part becomes `t·softplus(−s) + (1 − t)·softplus(s) = softplus(−s) + smoothing·s`, smallest at
/// `σ(s) = t`. The fakes' target stays 0 and the generator's objective as it is.
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Numerics
/// Written on scores with `softplus`, never as the logarithm of a sigmoid: finite for any finite score.
///
/// # Source
/// Goodfellow et al. (2014), arXiv:1406.2661, §3; smoothing: Salimans et al. (2016),
/// arXiv:1606.03498, §3.4.
#[doc(alias = "BCE")]
#[doc(alias = "DCGAN")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NonSaturating {
    /// How far the critic's target for real samples is below 1, in `[0, ½)`.
    pub smoothing: f64,
}

impl RegisteredLoss for NonSaturating {
    const NAME: &'static str = "non-saturating";
    const SUMMARY: &'static str = "logistic; the generator keeps its gradient";
    const SOURCE: &'static str = "Goodfellow et al. (2014), arXiv:1406.2661, §3";
    const DEFAULT: Self = Self { smoothing: 0.0 };

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(self)
    }

    fn validate(self, key: &str) -> Result<(), GanError> {
        validate_smoothing(key, self.smoothing)
    }
}

impl AdversarialLoss for NonSaturating {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        let loss = softplus(-real.raw()).mean() + softplus(fake.raw()).mean();
        if self.smoothing == 0.0 { loss } else { loss + real.raw().mean() * self.smoothing }
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        softplus(-fake.raw()).mean()
    }
}
