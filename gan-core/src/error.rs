//! What can go wrong in a game.

use crate::event::ObserverError;
use crate::{CheckpointError, Readings};

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
        /// Which of the readings, naming the player.
        quantity: &'static str,
        /// What it was.
        value: f64,
        /// The step after which it was read.
        step: u64,
        /// The last readings that were all numbers, and the step after which they were taken.
        last_finite: Option<(u64, Readings)>,
    },
    /// The data gave no batch.
    #[error("cannot draw a batch of real samples")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An observer failed.
    #[error("an observer could not go on")]
    Observer(#[source] ObserverError),
    /// A checkpoint could not be written or read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl GanError {
    /// The same error, its key under the table `table` of the caller's configuration.
    #[must_use]
    pub fn under(self, table: &str) -> Self {
        match self {
            Self::OutOfRange { name, expected, found } => {
                Self::OutOfRange { name: format!("{table}.{name}"), expected, found }
            }
            Self::Rules { key, why } => Self::Rules { key: format!("{table}.{key}"), why },
            other => other,
        }
    }
}

fn after(last_finite: &Option<(u64, Readings)>) -> String {
    match last_finite {
        Some((step, readings)) => format!("; after step {step} there was: {readings}"),
        None => String::new(),
    }
}
