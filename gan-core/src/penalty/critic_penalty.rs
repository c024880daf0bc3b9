//! Penalties as functions: those of the registry, and user-defined ones.

use crate::GanError;
use crate::penalty::{GradientPenaltyMethod, Penalty, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::progress::Progress;
use crate::seed::RngKey;

/// A penalty on the critic: a term of its loss that needs more than its scores.
///
/// Implement it for a user-defined penalty and pass it to
/// [`Learner::with_penalty`](crate::learner::Learner::with_penalty). [`PenaltyTerm::direct`] makes a term that
/// one `backward` differentiates, [`GradientPenaltyMethod::penalize`] one of a function of the input
/// gradient.
pub trait CriticPenalty<C, const D: usize>: Send + Sync {
    /// The name, for messages.
    fn name(&self) -> &str;

    /// The term in one update of the critic. What is random follows from `key`.
    ///
    /// # Errors
    /// Whatever makes the penalty impossible for these players or these samples.
    fn term(
        &self,
        inputs: &PenaltyInputs<'_, C, D>,
        progress: Progress,
        key: &RngKey,
    ) -> Result<PenaltyTerm, GanError>;
}

/// A penalty of the registry, as a function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegisteredPenalty {
    /// The penalty.
    pub penalty: Penalty,
    /// How the weight gradient of a gradient penalty is computed.
    pub method: GradientPenaltyMethod,
}

impl<C: Critic<D>, const D: usize> CriticPenalty<C, D> for RegisteredPenalty {
    fn name(&self) -> &str {
        self.penalty.name()
    }

    fn term(
        &self,
        inputs: &PenaltyInputs<'_, C, D>,
        progress: Progress,
        key: &RngKey,
    ) -> Result<PenaltyTerm, GanError> {
        let factor = self.penalty.schedule().factor(progress);
        self.penalty.evaluate(inputs, factor, self.method, key)
    }
}
