//! The crate's error type: what can go wrong in a game.

use crate::checkpoint::CheckpointError;
use crate::event::ObserverError;
use crate::exchange::ExchangeError;
use crate::measurement::Measurement;
use crate::probe::ProbeError;

/// Why a game could not be set up or had to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GanError {
    /// A number of the configuration is out of its range.
    #[error("`{name}` must be {expected}, found {found}")]
    OutOfRange {
        /// The configuration key.
        name: String,
        /// The range, in words.
        expected: &'static str,
        /// The value.
        found: f64,
    },
    /// Rules that cannot be played together, or not by these players or on these samples.
    #[error("`{key}` does not fit this game: {why}")]
    Rules {
        /// The configuration key.
        key: String,
        /// The reason, and what to do about it.
        why: String,
    },
    /// A loss, a score or a gradient is infinite or not a number.
    #[error("{quantity} is {value} after step {step}: the game has diverged{}", after(.last_finite))]
    NonFinite {
        /// Which quantity.
        quantity: &'static str,
        /// What it was.
        value: f64,
        /// The step after which it was read.
        step: u64,
        /// The last measurements that were all finite, and the step after which they were made.
        last_finite: Option<(u64, Vec<Measurement>)>,
    },
    /// A gradient penalty, and a critic that does not offer its derivative.
    #[error(
        "the penalty `{penalty}` needs the derivative of the critic, which this one does not offer: \
         write its forward pass as a `ForwardPass`, which gives the derivative for free; or \
         implement `Differentiable` by hand and return it from `Critic::differentiable`; or choose \
         the method `finite-difference`, which is another estimator on critics with kinks"
    )]
    NoDerivative {
        /// The penalty.
        penalty: String,
    },
    /// A gradient penalty, and a layer that it makes no sense with.
    #[error("the penalty `{penalty}` does not go with {layer} in the critic: {reason}")]
    LayerUnderPenalty {
        /// The penalty.
        penalty: &'static str,
        /// The layer, in words.
        layer: &'static str,
        /// Why not, and what to do instead.
        reason: &'static str,
    },
    /// A critic's derivative is not that of its scores.
    #[error(
        "the critic's derivative is wrong: along the input gradient of sample {sample} it is {found}, \
         expected its squared length {expected}; a layer's tangent is missing or mistaken"
    )]
    WrongDerivative {
        /// Index in the batch.
        sample: usize,
        /// `|g|²`.
        expected: f64,
        /// The derivative along `g`.
        found: f64,
    },
    /// Real samples and fakes that should be mixed one by one.
    #[error(
        "a penalty between real samples and fakes needs as many of both, found {real} and {fake}"
    )]
    UnequalBatches {
        /// Real samples.
        real: usize,
        /// Fakes.
        fake: usize,
    },
    /// An EMA that is not one of this generator.
    #[error("the EMA does not fit its generator: {why}")]
    Ema {
        /// What does not fit.
        why: String,
    },
    /// What a step should have left behind could not be written: no checkpoint claims the step.
    #[error(transparent)]
    Unrecorded(Unrecorded),
    /// The data gave no batch.
    #[error("cannot draw a batch of real samples")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A probe failed.
    #[error("the probe `{probe}` could not measure the game")]
    Probe {
        /// The probe's name.
        probe: String,
        /// Why.
        source: ProbeError,
    },
    /// Two probes measure something of one name.
    #[error("the probes `{}` and `{}` both measure `{name}`", .probes[0], .probes[1])]
    DuplicateQuantity {
        /// The name.
        name: &'static str,
        /// Both probes.
        probes: [String; 2],
    },
    /// A quantity that no probe measures, or of which no direction is better.
    #[error("`{key}` names `{found}`, expected {}", one_of(.known))]
    UnknownQuantity {
        /// The configuration key.
        key: String,
        /// The name.
        found: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// Another process of the same game can no longer be reached.
    #[error("rank {partner} of this game can no longer be reached")]
    Exchange {
        /// Its number.
        partner: u64,
        /// Why.
        source: ExchangeError,
    },
    /// A process of the game no longer has the weights of the others.
    #[error(
        "after step {step}, rank {rank} does not have the weights of the other ranks: it has another \
         program, other data or a fault of its own; the newest checkpoint is from before"
    )]
    Drifted {
        /// Its number.
        rank: u64,
        /// The step after which the weights were compared.
        step: u64,
    },
    /// An observer failed.
    #[error("an observer could not go on")]
    Observer(#[source] ObserverError),
    /// A checkpoint could not be written or read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// An observer's error which states that what this step should have left behind is not there.
///
/// The learner ends the game without a checkpoint, because one of this step would claim records that
/// would never be written again.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Unrecorded {
    message: String,
}

impl Unrecorded {
    /// The error `error` as one after which no checkpoint may be saved.
    pub fn because(error: impl std::fmt::Display) -> ObserverError {
        Box::new(Self { message: format!("{error:#}") })
    }
}

impl GanError {
    /// What an observer's error is to the game.
    pub(crate) fn of_observer(error: ObserverError) -> Self {
        match error.downcast::<Unrecorded>() {
            Ok(unrecorded) => Self::Unrecorded(*unrecorded),
            Err(other) => Self::Observer(other),
        }
    }

    /// The same error, its key under the table `table` of the caller's configuration.
    #[must_use]
    pub fn under(self, table: &str) -> Self {
        match self {
            Self::OutOfRange { name, expected, found } => {
                Self::OutOfRange { name: format!("{table}.{name}"), expected, found }
            }
            Self::Rules { key, why } => Self::Rules { key: format!("{table}.{key}"), why },
            Self::UnknownQuantity { key, found, known } => {
                Self::UnknownQuantity { key: format!("{table}.{key}"), found, known }
            }
            other => other,
        }
    }
}

fn one_of(known: &[&str]) -> String {
    match known {
        [] => "a quantity with a better direction, but none is measured".to_owned(),
        _ => format!("one of: {}", known.join(", ")),
    }
}

fn after(last_finite: &Option<(u64, Vec<Measurement>)>) -> String {
    match last_finite {
        Some((step, measured)) => {
            let numbers: Vec<String> = measured.iter().map(Measurement::to_string).collect();
            format!("; after step {step} there was: {}", numbers.join(", "))
        }
        None => String::new(),
    }
}
