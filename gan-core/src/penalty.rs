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
mod registry;
mod rows;
mod self_check;
mod zero_centered;

use burn::tensor::Tensor;

pub use check::{BatchNormUnderPenalty, check_critic};
pub use critic_penalty::{CriticPenalty, RegisteredPenalty};
pub use dragan::Dragan;
pub use drift::Drift;
pub use gradient::InputGradientCost;
pub use gradient_penalty::{GradientPenalty, Sides};
pub use method::GradientPenaltyMethod;
pub use orthogonal::Orthogonal;
pub use registry::Penalty;
pub use self_check::self_check;
pub use zero_centered::{R1, R2};

use crate::batch::Batch;
use crate::loss::Scores;

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

#[cfg(test)]
mod tests;
