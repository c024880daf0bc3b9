//! How far a training is.

use std::fs;
use std::path::Path;

use gan_files::Lock;
use serde::Serialize;

use crate::failure::Failure;
use crate::folder::look_again;
use crate::{SweepFolder, Training};

/// How far a training is, as its folders say.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum State {
    /// It has its summary.
    Finished,
    /// A process trains it.
    Running {
        /// The step of its newest checkpoint.
        step: Option<u64>,
    },
    /// It was stopped or killed, and goes on where its newest checkpoint is.
    HalfDone {
        /// The step of its newest checkpoint; it begins anew where there is none.
        step: Option<u64>,
    },
    /// Nothing is there.
    Waiting,
    /// It ended, but not with a summary.
    Failed(Failure),
}

impl State {
    /// That of a training now.
    pub fn of(folder: &SweepFolder, training: &Training) -> Self {
        let run = folder.run(training);
        if is_finished(&run) {
            return Self::Finished;
        }
        let step = newest_step(&run.join("checkpoints"));
        if Lock::is_held(&folder.lock(training)) || Lock::is_held(&run) {
            return Self::Running { step };
        }
        if let Some(failure) = Failure::read(&folder.failure(training)) {
            return Self::Failed(failure);
        }
        // It is written last: without it the folder is a start that came to nothing.
        if run.join("config.toml").is_file() { Self::HalfDone { step } } else { Self::Waiting }
    }

    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Running { .. } => "running",
            Self::HalfDone { .. } => "half-done",
            Self::Waiting => "waiting",
            Self::Failed(_) => "failed",
        }
    }
}

/// Whether a run folder has its summary, which is written last.
pub(crate) fn is_finished(run: &Path) -> bool {
    look_again(run);
    run.join("summary.json").is_file()
}

fn newest_step(checkpoints: &Path) -> Option<u64> {
    let names = fs::read_dir(checkpoints).ok()?.flatten().map(|entry| entry.file_name());
    names.filter_map(|name| name.to_str()?.strip_prefix("step-")?.parse().ok()).max()
}
