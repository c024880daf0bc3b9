//! The registry of penalties: by name, with their numbers, as configurations say it.

use serde::{Deserialize, Serialize};

use super::{
    Dragan, Drift, GradientPenalty, GradientPenaltyMethod, Orthogonal, PenaltyInputs, PenaltyTerm,
    R1, R2, RegisteredPenalty,
};
use crate::GanError;
use crate::player::Critic;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// A penalty of the registry, beside its `weight` and `schedule`, which each has as fields: what an update,
/// a configuration and a table have to know of it. It stands
/// in the penalty's own file.
pub(super) trait Registered: Copy {
    /// The name in configurations: the variant's in kebab case.
    const NAME: &'static str;
    /// The paper.
    const SOURCE: &'static str;
    /// What a configuration leaves out.
    const DEFAULT: Self;
    /// Whether it is a function of the critic's input gradient, and so needs the critic's derivative.
    const USES_INPUT_GRADIENT: bool;

    /// The term, in one line of mathematics.
    fn formula(self) -> &'static str;

    /// Whether the numbers other than the weight are in their range.
    fn validate(self, _key: &str) -> Result<(), GanError> {
        Ok(())
    }

    /// The term in one update, with `weight` as the weight of this step.
    fn term<C: Critic<D>, const D: usize>(
        self,
        inputs: &PenaltyInputs<'_, C, D>,
        weight: f64,
        method: GradientPenaltyMethod,
        key: &RngKey,
    ) -> Result<PenaltyTerm, GanError>;
}

/// Whether a weight, or a target, is finite and not negative.
pub(super) fn at_least_0(key: &str, field: &str, found: f64) -> Result<(), GanError> {
    if found.is_finite() && found >= 0.0 {
        return Ok(());
    }
    let name = format!("{key}.{field}");
    Err(GanError::OutOfRange { name, expected: "a finite number from 0 up", found })
}

/// A schedule that leaves the weight as it is.
pub(super) const CONSTANT: Schedule =
    Schedule::Constant { warm_up: crate::progress::Span::Steps(0) };

/// From one line for each penalty: the enum of all, and what it asks of the penalty that it is.
macro_rules! registry {
    ($($penalty:ident,)+) => {
        /// The registry of penalties, each with its numbers.
        ///
        /// Every weight is multiplied by its `schedule`'s factor. Labels are constants to a penalty: only
        /// samples have an input gradient.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Penalty {
            $(
                #[doc = concat!("[`", stringify!($penalty), "`](crate::penalty::", stringify!($penalty), ").")]
                $penalty($penalty),
            )+
        }

        impl Penalty {
            /// Every registered penalty, with its default numbers.
            pub const ALL: [Self; [$(stringify!($penalty)),+].len()] =
                [$(Self::$penalty(<$penalty as Registered>::DEFAULT)),+];

            /// The name in configurations.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$penalty(_) => <$penalty as Registered>::NAME,)+
                }
            }

            /// The term, in one line of mathematics.
            pub fn formula(self) -> &'static str {
                match self {
                    $(Self::$penalty(penalty) => penalty.formula(),)+
                }
            }

            /// The paper.
            pub fn source(self) -> &'static str {
                match self {
                    $(Self::$penalty(_) => <$penalty as Registered>::SOURCE,)+
                }
            }

            /// Whether it is a function of the critic's input gradient, and so needs the critic's
            /// derivative.
            pub fn uses_input_gradient(self) -> bool {
                match self {
                    $(Self::$penalty(_) => <$penalty as Registered>::USES_INPUT_GRADIENT,)+
                }
            }

            pub(super) fn weight_and_schedule(self) -> (f64, Schedule) {
                match self {
                    $(Self::$penalty(penalty) => (penalty.weight, penalty.schedule),)+
                }
            }

            /// Whether every number is in its range; `key` says whose penalty it is.
            ///
            /// # Errors
            /// [`GanError::OutOfRange`] for the first that is not: a weight or a target below 0, say.
            pub fn validate(self, key: &str) -> Result<(), GanError> {
                let (weight, schedule) = self.weight_and_schedule();
                at_least_0(key, "weight", weight)?;
                match self {
                    $(Self::$penalty(penalty) => Registered::validate(penalty, key)?,)+
                }
                schedule.validate(&format!("{key}.schedule"))
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
                let weight = self.weight_and_schedule().0 * factor;
                match self {
                    $(Self::$penalty(penalty) => penalty.term(inputs, weight, method, key),)+
                }
            }
        }

        $(
            impl From<$penalty> for Penalty {
                fn from(penalty: $penalty) -> Self {
                    Self::$penalty(penalty)
                }
            }

            impl Default for $penalty {
                fn default() -> Self {
                    Self::DEFAULT
                }
            }
        )+
    };
}

registry! {
    GradientPenalty,
    R1,
    R2,
    Dragan,
    Drift,
    Orthogonal,
}

impl Penalty {
    /// The factor of its weight over time.
    pub fn schedule(self) -> Schedule {
        self.weight_and_schedule().1
    }

    /// This penalty as a function.
    pub fn with_method(self, method: GradientPenaltyMethod) -> RegisteredPenalty {
        RegisteredPenalty { penalty: self, method }
    }
}
