//! The rules of one game: what the players minimize and how often each moves.

use crate::{AdversarialLoss, GanError, LossConfig};

/// Everything that a step needs to know apart from the players and the data.
pub struct Rules {
    /// What each player minimizes.
    pub loss: Box<dyn AdversarialLoss>,
    /// Critic updates before each generator update, at least 1.
    pub critic_steps: u64,
}

impl Rules {
    /// The rules of the original game: one critic step for each generator step.
    pub fn alternating(loss: LossConfig) -> Self {
        Self { loss: loss.build(), critic_steps: 1 }
    }

    /// Whether the game can be played.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] if the critic would never move.
    pub fn validate(&self) -> Result<(), GanError> {
        if self.critic_steps == 0 {
            return Err(GanError::OutOfRange {
                name: "critic_steps".to_owned(),
                expected: "at least 1",
                found: 0.0,
            });
        }
        Ok(())
    }
}
