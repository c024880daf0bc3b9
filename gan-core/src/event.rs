//! Events of a training and their observers (callbacks).

use std::cell::OnceCell;
use std::path::Path;
use std::time::Duration;

use crate::GanError;
use crate::measurement::{Measurement, Quantity};
use crate::player::Players;
use crate::progress::Progress;
use crate::step::{CriticReport, GeneratorReport};
use crate::step_metrics;

/// Something that happened in a game. Observers print, plot and write; the learner does none of it.
pub enum Event<'a, G, C> {
    /// Training begins, at a step above 0 if it was resumed.
    Started {
        /// Where the game stands.
        progress: Progress,
        /// The step at which it is to end.
        until: u64,
        /// Both players.
        players: &'a Players<G, C>,
        /// Everything that may be measured.
        quantities: &'a [Quantity],
    },
    /// One generator step and the critic steps before it were made.
    Stepped(&'a Stepped<'a, G, C>),
    /// Probes measured the game after a step. Observers that keep numbers read them here.
    Measured {
        /// Where the game stands.
        progress: Progress,
        /// What was measured, each quantity once.
        measurements: &'a [Measurement],
    },
    /// A checkpoint of this moment is about to be written: what it relies on has to be on the disk.
    Saving {
        /// Where the game stands.
        progress: Progress,
    },
    /// The state of the game is safe on disk.
    Checkpointed {
        /// Where the game stands.
        progress: Progress,
        /// The checkpoint's folder.
        path: &'a Path,
    },
    /// A built-in metric is infinite or not a number: training ends with this error, and no
    /// checkpoint of the step is saved.
    Diverged {
        /// Where the game stands.
        progress: Progress,
        /// Which number, and the last finite ones.
        error: &'a GanError,
    },
    /// Training ends.
    Finished {
        /// Where the game stands.
        progress: Progress,
        /// How it ended.
        ending: &'a Ending,
        /// Both players.
        players: &'a Players<G, C>,
    },
}

/// How a training ended without an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It came to the end of its budget.
    Complete,
    /// Its [`StopRule`](crate::best::StopRule) applied, with this reason: it is complete, and shorter.
    NoImprovement(String),
    /// An observer stopped it, with this reason.
    Stopped(String),
}

impl Ending {
    /// Why it ended before its time, if it did.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Complete => None,
            Self::NoImprovement(reason) | Self::Stopped(reason) => Some(reason),
        }
    }

    /// Whether an observer stopped it.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped(_))
    }
}

/// One step, with the tensors that it left behind: nothing is read from the device until an observer asks.
pub struct Stepped<'a, G, C> {
    /// Where the game stands, this step included.
    pub progress: Progress,
    /// The step at which it is to end.
    pub until: u64,
    /// Both players, after the step.
    pub players: &'a Players<G, C>,
    /// The report of the last critic step.
    pub critic: &'a CriticReport,
    /// The report of the generator step.
    pub generator: &'a GeneratorReport,
    /// Steps in each second of wall-clock time since training began or was resumed.
    pub steps_per_second: f64,
    /// How long the steps since then have waited for real batches, all together.
    pub data_wait: Duration,
    pub(crate) metrics: OnceCell<Vec<Measurement>>,
}

impl<G, C> Stepped<'_, G, C> {
    /// The built-in metrics of the step. The first call waits for the device; later ones are free, so
    /// that several observers of the same step cost one wait.
    pub fn metrics(&self) -> &[Measurement] {
        self.metrics.get_or_init(|| step_metrics::measure(self.critic, self.generator))
    }

    /// The value of one of the built-in metrics; not a number if it is none of them.
    pub fn metric(&self, quantity: Quantity) -> f64 {
        let found = self.metrics().iter().find(|each| each.quantity == quantity);
        found.map_or(f64::NAN, |each| each.value)
    }
}

/// What an observer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Continue.
    Continue,
    /// Finish this step, save a checkpoint and end; the text is the reason.
    Stop(String),
}

/// Why an observer could not do its work (such as a full disk). It ends the training.
pub type ObserverError = Box<dyn std::error::Error + Send + Sync>;

/// A callback: watches a game, and may stop it.
#[doc(alias = "Callback")]
pub trait Observer<G, C> {
    /// Look at what happened.
    ///
    /// # Errors
    /// Whatever keeps the observer from its work; the learner saves a checkpoint and passes it on.
    /// After an [`Unrecorded`](crate::Unrecorded) it saves none.
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError>;
}

/// One that may be absent: then it continues.
impl<G, C, O: Observer<G, C>> Observer<G, C> for Option<O> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        self.as_mut().map_or(Ok(Control::Continue), |observer| observer.observe(event))
    }
}
