//! What a learner tells its observers, and what they may answer.

use std::cell::OnceCell;
use std::path::Path;

use crate::{CriticReport, GeneratorReport, Players, Progress, Readings};

/// Something that happened in a game. Observers print, draw and write; the learner does none of it.
pub enum Event<'a, G, C> {
    /// Training begins, at a step above 0 if it was resumed.
    Started {
        /// Where the game stands.
        progress: Progress,
        /// The step at which it is to end.
        until: u64,
        /// Both players.
        players: &'a Players<G, C>,
    },
    /// One generator step and the critic steps before it were made.
    Stepped(&'a Stepped<'a, G, C>),
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
    /// Training ends.
    Finished {
        /// Where the game stands.
        progress: Progress,
        /// Why it ended before its time, if it did.
        stopped: Option<&'a str>,
        /// Both players.
        players: &'a Players<G, C>,
    },
}

/// One step, with the tensors that it left behind: nothing is read until somebody asks.
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
    pub(crate) readings: OnceCell<Readings>,
}

impl<G, C> Stepped<'_, G, C> {
    /// The step's numbers. The first call waits for the device; later ones are free, so that
    /// several observers of the same step cost one wait.
    pub fn readings(&self) -> &Readings {
        self.readings.get_or_init(|| Readings::of(self.critic, self.generator))
    }
}

/// What an observer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Continue,
    /// Finish this step, save a checkpoint and end; the text says why.
    Stop(String),
}

/// Why an observer could not do its work (a full disk, say). It ends the training.
pub type ObserverError = Box<dyn std::error::Error + Send + Sync>;

/// Somebody who watches a game.
pub trait Observer<G, C> {
    /// Look at what happened.
    ///
    /// # Errors
    /// Whatever keeps the observer from its work; the learner saves a checkpoint and passes it on.
    /// After an [`Unrecorded`](crate::Unrecorded) it saves none.
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError>;
}
