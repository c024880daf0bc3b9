//! Penalties: terms of the critic's loss that need more than its scores.
//!
//! A gradient penalty `P(g)` is a function of the critic's input gradient `g = ∇ₓD`, and its weight gradient
//! a derivative of a derivative. Burn differentiates once, which is enough: with the fixed
//! direction `v = ∂P/∂g`,
//!
//! ```text
//! ∇_θ P = ∇_θ Σⱼ d/dt Dⱼ(x + t·v) at t = 0
//! ```
//!
//! and the right-hand side is an ordinary expression of the weights once the critic carries the
//! tangent `v` through its layers ([`Jvp`](crate::forward_mode::Jvp)).

mod check;
mod critic_penalty;
mod dragan;
mod drift;
mod gradient;
mod gradient_penalty;
mod method;
mod orthogonal;
mod rows;
mod self_check;
mod zero_centered;

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

pub use check::{BatchNormUnderPenalty, check_critic};
pub use critic_penalty::{CriticPenalty, RegisteredPenalty};
pub use gradient::InputGradientCost;
pub use gradient_penalty::Sides;
pub use method::GradientPenaltyMethod;
pub use self_check::self_check;

use crate::GanError;
use crate::batch::Batch;
use crate::loss::Scores;
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// The registry of penalties, each with its numbers.
///
/// Every weight is multiplied by its `schedule`'s factor. Labels are constants to a penalty: only
/// samples have an input gradient.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Penalty {
    /// `λ·E[(‖∇D(x̂)‖ − k)²]` where `x̂ = α·x + (1 − α)·G(z)`, one `α` from `U[0, 1)` a sample.
    ///
    /// Labels of `x̂` are those of the real sample. One-sided: only input gradients longer than `k` count.
    ///
    /// # Source
    /// Gulrajani et al. (2017), arXiv:1704.00028, algorithm 1; one-sided: §5 there.
    GradientPenalty {
        /// `λ`.
        #[serde(default = "defaults::lipschitz")]
        weight: f64,
        /// `k`, the input gradient that costs nothing.
        #[serde(default = "defaults::target")]
        target: f64,
        /// Which deviations from `k` cost.
        #[serde(default)]
        sides: Sides,
        /// Factor of `λ` over time.
        #[serde(default)]
        schedule: Schedule,
    },
    /// `γ/2·E[‖∇D(x)‖²]` at real samples.
    ///
    /// # Source
    /// Mescheder et al. (2018), arXiv:1801.04406, eq. 9.
    R1 {
        /// `γ`.
        #[serde(default = "defaults::zero_centered")]
        weight: f64,
        /// Factor of `γ` over time.
        #[serde(default)]
        schedule: Schedule,
    },
    /// `γ/2·E[‖∇D(G(z))‖²]` at fakes.
    ///
    /// # Source
    /// Mescheder et al. (2018), arXiv:1801.04406, eq. 10.
    R2 {
        /// `γ`.
        #[serde(default = "defaults::zero_centered")]
        weight: f64,
        /// Factor of `γ` over time.
        #[serde(default)]
        schedule: Schedule,
    },
    /// `λ·E[(‖∇D(x̃)‖ − k)²]` around real samples: `x̃ = x + α·s/2·u`, `s` the deviation of the
    /// batch over all of its entries, `u` from `U[0, 1)` an entry, `α` from `U[0, 1)` a sample.
    ///
    /// That is the noise of the authors' code, which moves samples up only; their paper has
    /// `N(0, cI)`.
    ///
    /// # Source
    /// Kodali et al. (2017), arXiv:1705.07215, algorithm 1.
    Dragan {
        /// `λ`.
        #[serde(default = "defaults::lipschitz")]
        weight: f64,
        /// `k`, the input gradient that costs nothing.
        #[serde(default = "defaults::target")]
        target: f64,
        /// Factor of `λ` over time.
        #[serde(default)]
        schedule: Schedule,
    },
    /// `ε·E[D(x)²]` at real samples: keeps the scores of a loss that only sees differences near 0.
    ///
    /// # Source
    /// Karras et al. (2018), arXiv:1710.10196, appendix A.1.
    Drift {
        /// `ε`.
        #[serde(default = "defaults::drift")]
        weight: f64,
        /// Factor of `ε` over time.
        #[serde(default)]
        schedule: Schedule,
    },
    /// `β·Σ ‖WWᵀ ∘ (1 − I)‖²_F` over the critic's linear and convolutional weights, `W` the matrix
    /// `[outputs, everything else]` (without its spectral norm, where it has one).
    ///
    /// # Source
    /// Brock et al. (2019), arXiv:1809.11096, §3.1, eq. 3.
    Orthogonal {
        /// `β`.
        #[serde(default = "defaults::orthogonal")]
        weight: f64,
        /// Factor of `β` over time.
        #[serde(default)]
        schedule: Schedule,
    },
}

mod defaults {
    pub(super) const fn lipschitz() -> f64 {
        10.0
    }
    pub(super) const fn target() -> f64 {
        1.0
    }
    pub(super) const fn zero_centered() -> f64 {
        10.0
    }
    pub(super) const fn drift() -> f64 {
        1e-3
    }
    pub(super) const fn orthogonal() -> f64 {
        1e-4
    }
}

/// What a penalty is computed from.
///
/// `real` and `fake` are as the critic scored them: preprocessed, fakes detached from the generator.
#[doc(alias = "Seen")]
#[derive(Debug)]
pub struct PenaltyInputs<'a, C, const D: usize> {
    /// The critic, on the device's autodiff side.
    pub critic: &'a C,
    /// The real batch.
    pub real: &'a Batch<D>,
    /// The fake batch.
    pub fake: &'a Batch<D>,
    /// The critic's scores of `real`, on its autodiff graph.
    pub real_scores: &'a Scores,
    /// The critic's scores of `fake`, on its autodiff graph.
    pub fake_scores: &'a Scores,
}

/// A penalty's part in one update of the critic.
#[derive(Clone, Debug)]
pub struct PenaltyTerm {
    /// To be added to the critic's loss before its one `backward`: its gradient by the weights is
    /// that of the penalty. Its value is *not* the penalty and means nothing. Shape `[1]`.
    pub surrogate: Tensor<1>,
    /// The penalty, weight and schedule included, off the graph. Shape `[1]`.
    pub value: Tensor<1>,
}

impl PenaltyTerm {
    /// A term that Burn differentiates as it stands: it needs one `backward`, and is on the critic's
    /// autodiff graph. Shape `[1]`.
    pub fn direct(term: Tensor<1>) -> Self {
        Self { value: term.clone().inner(), surrogate: term }
    }
}

impl Penalty {
    /// Every registered penalty, with its default numbers.
    pub const ALL: [Self; 6] = {
        let schedule = Schedule::Constant { warm_up: crate::progress::Span::Steps(0) };
        [
            Self::GradientPenalty {
                weight: defaults::lipschitz(),
                target: defaults::target(),
                sides: Sides::Two,
                schedule,
            },
            Self::R1 { weight: defaults::zero_centered(), schedule },
            Self::R2 { weight: defaults::zero_centered(), schedule },
            Self::Dragan { weight: defaults::lipschitz(), target: defaults::target(), schedule },
            Self::Drift { weight: defaults::drift(), schedule },
            Self::Orthogonal { weight: defaults::orthogonal(), schedule },
        ]
    };

    /// The name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::GradientPenalty { .. } => "gradient-penalty",
            Self::R1 { .. } => "r1",
            Self::R2 { .. } => "r2",
            Self::Dragan { .. } => "dragan",
            Self::Drift { .. } => "drift",
            Self::Orthogonal { .. } => "orthogonal",
        }
    }

    /// The term, in one line of mathematics.
    pub fn formula(self) -> &'static str {
        match self {
            Self::GradientPenalty { sides: Sides::Two, .. } => {
                "λ·E[(‖∇D(x̂)‖ − k)²] between x and G(z)"
            }
            Self::GradientPenalty { sides: Sides::One, .. } => {
                "λ·E[max(0, ‖∇D(x̂)‖ − k)²] between x and G(z)"
            }
            Self::R1 { .. } => "γ/2·E[‖∇D(x)‖²]",
            Self::R2 { .. } => "γ/2·E[‖∇D(G(z))‖²]",
            Self::Dragan { .. } => "λ·E[(‖∇D(x̃)‖ − k)²] around x",
            Self::Drift { .. } => "ε·E[D(x)²]",
            Self::Orthogonal { .. } => "β·Σ ‖WWᵀ ∘ (1 − I)‖²",
        }
    }

    /// The paper.
    pub fn source(self) -> &'static str {
        match self {
            Self::GradientPenalty { .. } => "Gulrajani et al. (2017), arXiv:1704.00028",
            Self::R1 { .. } | Self::R2 { .. } => "Mescheder et al. (2018), arXiv:1801.04406",
            Self::Dragan { .. } => "Kodali et al. (2017), arXiv:1705.07215",
            Self::Drift { .. } => "Karras et al. (2018), arXiv:1710.10196",
            Self::Orthogonal { .. } => "Brock et al. (2019), arXiv:1809.11096",
        }
    }

    /// The factor of its weight over time.
    pub fn schedule(self) -> Schedule {
        self.weight_and_schedule().1
    }

    /// Whether it is a function of the critic's input gradient, and so needs the critic's derivative.
    pub fn uses_input_gradient(self) -> bool {
        match self {
            Self::GradientPenalty { .. }
            | Self::R1 { .. }
            | Self::R2 { .. }
            | Self::Dragan { .. } => true,
            Self::Drift { .. } | Self::Orthogonal { .. } => false,
        }
    }

    fn weight_and_schedule(self) -> (f64, Schedule) {
        match self {
            Self::GradientPenalty { weight, schedule, .. }
            | Self::R1 { weight, schedule }
            | Self::R2 { weight, schedule }
            | Self::Dragan { weight, schedule, .. }
            | Self::Drift { weight, schedule }
            | Self::Orthogonal { weight, schedule } => (weight, schedule),
        }
    }

    /// Whether every number is in its range; `key` identifies the penalty in the error.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] for the first that is not, such as a weight or a target below 0.
    pub fn validate(self, key: &str) -> Result<(), GanError> {
        let at_least_0 = |field: &str, found: f64| {
            if found.is_finite() && found >= 0.0 {
                return Ok(());
            }
            let name = format!("{key}.{field}");
            Err(GanError::OutOfRange { name, expected: "a finite number from 0 up", found })
        };
        let (weight, schedule) = self.weight_and_schedule();
        at_least_0("weight", weight)?;
        if let Self::GradientPenalty { target, .. } | Self::Dragan { target, .. } = self {
            at_least_0("target", target)?;
        }
        schedule.validate(&format!("{key}.schedule"))
    }

    /// This penalty as a function.
    pub fn with_method(self, method: GradientPenaltyMethod) -> RegisteredPenalty {
        RegisteredPenalty { penalty: self, method }
    }

    /// The penalty's term in one update, with `factor` as its schedule's value.
    ///
    /// Its random draws come from `key`, on the host. The critic's running statistics stay as
    /// they are. What it returns is to be differentiated together with the critic's loss.
    ///
    /// # Errors
    /// [`GanError::NoDerivative`] if the critic offers none and `method` is exact;
    /// [`GanError::UnequalBatches`] if there is not one fake for each real sample to mix it with.
    pub fn evaluate<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        factor: f64,
        method: GradientPenaltyMethod,
        key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        let PenaltyInputs { critic, real, fake, real_scores, .. } = *inputs;
        let weight = self.weight_and_schedule().0 * factor;
        match self {
            Self::GradientPenalty { .. } => {
                let points = gradient_penalty::interpolates(real, fake, key)?;
                self.at(critic, &points, weight, method)
            }
            Self::Dragan { .. } => self.at(critic, &dragan::perturbed(real, key), weight, method),
            Self::R1 { .. } => self.at(critic, real, weight, method),
            Self::R2 { .. } => self.at(critic, fake, weight, method),
            Self::Drift { .. } => Ok(PenaltyTerm::direct(drift::term(real_scores, weight))),
            Self::Orthogonal { .. } => Ok(PenaltyTerm::direct(orthogonal::term(
                critic,
                weight,
                &real_scores.raw().device(),
            ))),
        }
    }

    /// A gradient penalty at given points.
    fn at<C: Critic<D>, const D: usize>(
        self,
        critic: &C,
        points: &Batch<D>,
        weight: f64,
        method: GradientPenaltyMethod,
    ) -> Result<PenaltyTerm, GanError> {
        let derivative = method.derivative(critic, self.name())?;
        Ok(gradient::penalize(critic, &derivative, points, |input_gradients| match self {
            Self::GradientPenalty { target, sides, .. } => {
                gradient_penalty::cost(input_gradients, weight, target, sides)
            }
            Self::Dragan { target, .. } => {
                gradient_penalty::cost(input_gradients, weight, target, Sides::Two)
            }
            _ => zero_centered::cost(input_gradients, weight),
        }))
    }
}

#[cfg(test)]
mod tests;
