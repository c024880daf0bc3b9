//! What can go wrong with a sweep.

use std::io;
use std::path::{Path, PathBuf};

use crate::DefinitionProblem;

/// Why a sweep cannot be planned, run or collected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// A file cannot be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] gan_files::FileError),
    /// The sweep file is none.
    #[error("{}", .path.display())]
    Definition {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DefinitionProblem,
    },
    /// A profile is none.
    #[error("{}: line {line}: {message}", .path.display())]
    Profile {
        /// The file.
        path: PathBuf,
        /// Where, counted from 1.
        line: usize,
        /// What.
        message: String,
    },
    /// A value of the profile, or one that is missing.
    #[error("`{key}` of the profile: expected {expected}, found {found}")]
    ProfileKey {
        /// The key.
        key: &'static str,
        /// What it is to be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A training has no configuration.
    #[error("`{training}` has no configuration")]
    Resolve {
        /// The training.
        training: String,
        /// What resolves configurations says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Two trainings are one.
    #[error(
        "`{one}` and `{other}` have the same configuration: what varies between them must change it"
    )]
    SameConfiguration {
        /// A training.
        one: String,
        /// The other.
        other: String,
    },
    /// A folder has another plan.
    #[error(
        "{} has another plan: {found} trainings, now {planned}; the first that differs is `{first}`; \
         plan into another folder", .folder.display()
    )]
    OtherPlan {
        /// The sweep folder.
        folder: PathBuf,
        /// How many trainings are planned there.
        found: usize,
        /// How many would be planned now.
        planned: usize,
        /// The first training that is not in both.
        first: String,
    },
    /// There is no plan, or none yet.
    #[error(
        "{folder} has no plan.jsonl; make one with: gan sweep plan FILE.toml --out {folder}",
        folder = .folder.display()
    )]
    NoPlan {
        /// The sweep folder.
        folder: PathBuf,
    },
    /// A line of a plan is not one.
    #[error("line {line} of {}: {message}", .path.display())]
    PlanLine {
        /// The file.
        path: PathBuf,
        /// Which, counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The index is beyond the plan.
    #[error(
        "there is no task {index}: {trainings} trainings, {per_task} a task, are the tasks 0 to {last}"
    )]
    NoTask {
        /// The index.
        index: usize,
        /// How many are planned.
        trainings: usize,
        /// How many a task has.
        per_task: usize,
        /// The last task.
        last: usize,
    },
    /// Another process plans or submits.
    #[error("{} is held by {holder}, which plans or submits it: wait for it", .folder.display())]
    Held {
        /// The sweep folder.
        folder: PathBuf,
        /// Who.
        holder: gan_files::Holder,
    },
    /// A summary is not one.
    #[error("{} is no summary of `{training}`: {message}", .path.display())]
    Summary {
        /// The file.
        path: PathBuf,
        /// The training.
        training: String,
        /// What is wrong with it.
        message: String,
    },
    /// The signals cannot be watched for.
    #[error("cannot watch for signals")]
    Signals(#[source] io::Error),
    /// A program cannot be started.
    #[error("cannot start {program}")]
    Start {
        /// The program.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// There is no Slurm here.
    #[error(
        "no `{program}` found: Slurm is not installed here; train on this machine with --on local"
    )]
    NoSlurm {
        /// The program.
        program: &'static str,
    },
    /// Slurm says no.
    #[error("`{command}` failed: {said}")]
    Slurm {
        /// What was asked.
        command: String,
        /// Its answer.
        said: String,
    },
    /// An array of this folder is still there.
    #[error(
        "job {job} of {} is {state}: wait for it (gan sweep status), or cancel it with: scancel {job}",
        .folder.display()
    )]
    Submitted {
        /// The sweep folder.
        folder: PathBuf,
        /// The job.
        job: String,
        /// What it is doing.
        state: String,
    },
    /// A path that no job script can have.
    #[error("{} cannot stand in a job script: its name has a line break or is not UTF-8", .0.display())]
    Path(PathBuf),
}

impl SweepError {
    /// Adds the name of a file to the system's error.
    pub(crate) fn reading(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }
}
