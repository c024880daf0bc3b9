//! The configuration of a run and facts of its data, as numbers and names: what is healthy depends
//! on them.

mod data;
mod fact;
mod objective;
mod player;

use serde::{Deserialize, Serialize};

pub use data::{DataFacts, LabelOrder};
pub use fact::Fact;
pub use objective::{Averaging, Constraint, Loss, Objective, Penalty, PenaltyKind};
pub use player::{CriticFacts, GeneratorFacts, OptimizerFacts, Output, Upsampling};

/// What is known of a run beside its measurements.
///
/// Everything may be unknown, as in the log of another program: a rule that needs what is missing
/// says so. [`Fact`] lists what rules ask for.
///
/// # Example
/// ```
/// use gan_doctor::{Case, Loss, Objective};
///
/// let case = Case {
///     objective: Objective { loss: Some(Loss::NonSaturating), ..Objective::default() },
///     ..Case::default()
/// };
/// assert!(case.objective.loss.is_some_and(Loss::is_logistic));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Case {
    /// What is minimized, on how much at a time.
    pub objective: Objective,
    /// The generator.
    pub generator: GeneratorFacts,
    /// The critic.
    pub critic: CriticFacts,
    /// The real samples.
    pub data: DataFacts,
    /// How long the run is.
    pub run: RunFacts,
}

/// How long a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunFacts {
    /// Steps that it is to have.
    pub planned_steps: Option<u64>,
    /// Steps that it takes to see the data once.
    pub steps_per_epoch: Option<u64>,
}
