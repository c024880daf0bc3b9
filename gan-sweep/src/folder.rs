//! The sweep folder: every path of a sweep.

use std::fs;
use std::path::{Path, PathBuf};

use gan_files::{FileError, Lock, LockError, Locked};

use crate::{SweepError, Training};

/// A folder with a plan, the runs of its trainings, and what became of them.
#[derive(Clone, Debug)]
pub struct SweepFolder {
    root: PathBuf,
}

impl SweepFolder {
    /// The folder at `root`, which need not be there.
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Its path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// One training a line.
    pub fn plan(&self) -> PathBuf {
        self.root.join("plan.jsonl")
    }

    /// The sweep file, as it was planned.
    pub fn definition(&self) -> PathBuf {
        self.root.join("sweep.toml")
    }

    /// The configuration that a training is started with.
    pub fn config(&self, training: &Training) -> PathBuf {
        self.root.join("configs").join(format!("{}.toml", training.name))
    }

    /// The run folder of a training.
    pub fn run(&self, training: &Training) -> PathBuf {
        self.root.join("runs").join(&training.name)
    }

    /// The folder whose lock a training is started under. It is not the run folder: that has a lock of
    /// its own, and is made by the training.
    pub(crate) fn lock(&self, training: &Training) -> PathBuf {
        self.root.join("locks").join(&training.name)
    }

    /// What is known of a training that failed.
    pub(crate) fn failure(&self, training: &Training) -> PathBuf {
        self.root.join("failed").join(format!("{}.json", training.id))
    }

    /// What trainings and jobs have said.
    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// What `sbatch` is given.
    pub(crate) fn job_script(&self) -> PathBuf {
        self.root.join("job.sh")
    }

    /// Every job that was submitted, one a line.
    pub(crate) fn submitted(&self) -> PathBuf {
        self.root.join("submitted.jsonl")
    }

    /// The table in one of its forms: `md`, `csv` or `json`.
    pub fn table(&self, ending: &str) -> PathBuf {
        self.root.join(format!("table.{ending}"))
    }

    /// The right to plan or to submit: one process at a time. None where the file system has no locks.
    pub(crate) fn hold(&self) -> Result<Option<Lock>, SweepError> {
        match Lock::of(&self.root) {
            Ok(Locked::Held(lock)) => Ok(Some(lock)),
            Ok(Locked::Unsupported) => Ok(None),
            Err(LockError::Held(holder)) => {
                Err(SweepError::Held { folder: self.root.clone(), holder })
            }
            Err(LockError::File(error)) => Err(error.into()),
        }
    }
}

/// Makes a folder with those above it; it may be there.
pub(crate) fn make(folder: &Path) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(|source| FileError { path: folder.to_owned(), source })
}

/// Asks the file system for the names in a folder. A client of a network file system otherwise answers
/// for a while from what it knew of it.
pub(crate) fn look_again(folder: &Path) {
    if let Ok(entries) = fs::read_dir(folder) {
        entries.for_each(drop);
    }
}
