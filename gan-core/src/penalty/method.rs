//! How the weight gradient of a gradient penalty is computed.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::gradient::{InputGradientCost, penalize};
use super::rows::{norms, rows};
use crate::GanError;
use crate::batch::Batch;
use crate::penalty::PenaltyTerm;
use crate::player::{Critic, Differentiable};

/// How the weight gradient of a gradient penalty is computed. The penalty's value is exact either way.
#[doc(alias = "SlopeMethod")]
#[doc(alias = "double backward")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GradientPenaltyMethod {
    /// By the critic's derivative along a direction ([`Differentiable`]): what differentiating
    /// twice gives.
    #[default]
    Exact,
    /// By central differences of the critic's scores: `(D(x + e·u) − D(x − e·u))/2e`.
    ///
    /// For critics that offer no derivative. It is another estimator where the critic has kinks;
    /// see [`warning`](GradientPenaltyMethod::warning).
    FiniteDifference {
        /// `e`, in the units of the samples.
        ///
        /// Its default suits both sorts: a smooth critic is off by 1e-4 or so, and one with kinks
        /// would only get noisier with a smaller step.
        #[serde(default = "default_step")]
        step: f64,
    },
}

fn default_step() -> f64 {
    0.1
}

impl GradientPenaltyMethod {
    /// The name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::FiniteDifference { .. } => "finite-difference",
        }
    }

    /// What a reader of the run's results has to know, if anything.
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::Exact => None,
            Self::FiniteDifference { .. } => Some(
                "gradient penalties are estimated by finite differences; for critics with kinks \
                 (ReLU, LeakyReLU) that is another estimator than the exact gradient: it also \
                 counts how kinks move with the weights, and a smaller step makes it noisier",
            ),
        }
    }

    /// Whether its numbers are in their range; `key` identifies the method in the error.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] if the step is not a finite number above 0.
    pub fn validate(self, key: &str) -> Result<(), GanError> {
        match self {
            Self::FiniteDifference { step } if !(step.is_finite() && step > 0.0) => {
                let name = format!("{key}.step");
                Err(GanError::OutOfRange { name, expected: "a finite number above 0", found: step })
            }
            Self::Exact | Self::FiniteDifference { .. } => Ok(()),
        }
    }

    /// The term of a penalty that is a function of the critic's input gradient at `points`: `cost` is
    /// given the gradients, one row a sample. `penalty` is named in an error.
    ///
    /// # Errors
    /// [`GanError::NoDerivative`] if the critic offers no derivative and the method is exact.
    pub fn penalize<C: Critic<D>, const D: usize>(
        self,
        penalty: &str,
        critic: &C,
        points: &Batch<D>,
        cost: impl FnOnce(Tensor<2>) -> InputGradientCost,
    ) -> Result<PenaltyTerm, GanError> {
        let derivative = self.derivative(critic, penalty)?;
        Ok(penalize(critic, &derivative, points, cost))
    }

    /// The method for one critic; `penalty` is named in the error.
    pub(super) fn derivative<'c, C: Critic<D>, const D: usize>(
        self,
        critic: &'c C,
        penalty: &str,
    ) -> Result<Derivative<'c, C, D>, GanError> {
        match self {
            Self::FiniteDifference { step } => Ok(Derivative::FiniteDifference { critic, step }),
            Self::Exact => {
                let exact = critic.differentiable().map(Derivative::Exact);
                exact.ok_or(GanError::NoDerivative { penalty: penalty.to_owned() })
            }
        }
    }
}

/// A way to the derivative of one critic.
pub(super) enum Derivative<'a, C, const D: usize> {
    Exact(&'a dyn Differentiable<D>),
    FiniteDifference { critic: &'a C, step: f64 },
}

impl<C: Critic<D>, const D: usize> Derivative<'_, C, D> {
    /// `Σⱼ d/dt Dⱼ(x + t·v)` at `t = 0`, shape `[1]`.
    pub(super) fn along(&self, points: Batch<D>, direction: Tensor<D>) -> Tensor<1> {
        match *self {
            Self::Exact(critic) => critic.jvp(points, direction).sum(),
            Self::FiniteDifference { critic, step } => differences(critic, step, points, direction),
        }
    }
}

/// Every sample moves by `step` along the unit vector of its direction, so that the step is the
/// same for all of them, however flat the critic is there.
fn differences<C: Critic<D>, const D: usize>(
    critic: &C,
    step: f64,
    points: Batch<D>,
    direction: Tensor<D>,
) -> Tensor<1> {
    let shape = direction.dims();
    let direction = rows(direction);
    let lengths = norms(direction.clone());
    let units = (direction / lengths.clone().clamp_min(1e-12)).reshape(shape) * step;
    let score = |samples| {
        let labels = points.labels.clone();
        critic.score(Batch { samples, labels }).raw()
    };
    let up = score(points.samples.clone() + units.clone());
    let down = score(points.samples.clone() - units);
    ((up - down) * lengths / (2.0 * step)).sum()
}
