//! What the players minimize, as functions: a loss on scores, and penalties on the critic.

use crate::GanError;
use crate::loss::AdversarialLoss;
use crate::penalty::{CriticPenalty, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::progress::Progress;
use crate::rules::Rules;
use crate::seed::RngKey;

/// The loss and the penalties of a game: those that its [`Rules`] name, or user-defined ones.
pub struct Objective<C, const D: usize> {
    /// What each player minimizes.
    pub loss: Box<dyn AdversarialLoss>,
    /// Terms of the critic's loss that need more than its scores.
    pub penalties: Vec<Box<dyn CriticPenalty<C, D>>>,
}

impl<C: Critic<D>, const D: usize> Objective<C, D> {
    /// What the rules name.
    pub fn of(rules: &Rules) -> Self {
        let method = rules.gradient_penalty_method;
        let boxed = |penalty| Box::new(penalty) as Box<dyn CriticPenalty<C, D>>;
        let penalties = rules.penalties.iter().map(|penalty| boxed(penalty.with_method(method)));
        Self { loss: rules.loss.build(), penalties: penalties.collect() }
    }

    /// The sum of all penalties in one update, if there are any.
    pub(crate) fn penalize(
        &self,
        inputs: &PenaltyInputs<'_, C, D>,
        progress: Progress,
        key: &RngKey,
    ) -> Result<Option<PenaltyTerm>, GanError> {
        let mut sum: Option<PenaltyTerm> = None;
        for penalty in &self.penalties {
            let term = penalty.term(inputs, progress, key)?;
            sum = Some(match sum {
                Some(sum) => PenaltyTerm {
                    surrogate: sum.surrogate + term.surrogate,
                    value: sum.value + term.value,
                },
                None => term,
            });
        }
        Ok(sum)
    }
}
