//! Job arrays of Slurm.

mod indices;
mod script;
mod submitted;

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Job;
use crate::folder::make;
use crate::state::{State, is_finished};
use crate::{Profile, SweepError, SweepFolder};
use indices::Block;
use submitted::Submitted;

/// The commands of Slurm.
#[derive(Clone, Debug, Default)]
pub struct Slurm {
    /// Where they are, if not where the shell finds them.
    folder: Option<PathBuf>,
}

/// What a cluster takes, as `scontrol show config` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One more than the largest index in an array (`MaxArraySize`).
    pub array_size: usize,
    /// Jobs that the controller keeps, each task of an array counted (`MaxJobCount`).
    pub jobs: usize,
}

/// An array that was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// Its job id.
    pub job: String,
    /// How many tasks it has.
    pub tasks: usize,
}

/// What was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The arrays; none if everything is finished.
    pub arrays: Vec<Array>,
    /// Trainings in a task.
    pub per_task: usize,
}

impl Slurm {
    /// The commands in a folder of their own.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()) }
    }

    /// What the cluster takes; Slurm's own defaults where it does not say.
    ///
    /// # Errors
    /// There is no Slurm, or no controller answers.
    pub fn limits(&self) -> Result<Limits, SweepError> {
        let text = self.ask("scontrol", &["show", "config"])?;
        let number = |key: &str| {
            let lines = text.lines().filter_map(|line| line.split_once('='));
            let mut values = lines.filter(|(name, _)| name.trim() == key);
            values.next().and_then(|(_, value)| value.trim().parse().ok()).filter(|n| *n > 0)
        };
        let array_size = number("MaxArraySize").unwrap_or(1001);
        Ok(Limits { array_size, jobs: number("MaxJobCount").unwrap_or(10_000) })
    }

    /// Submits every task that is not finished, as one array or as several where the cluster's limits want
    /// that. More trainings than the profile has in a task are put into one where the controller would not
    /// keep as many jobs.
    ///
    /// # Errors
    /// There is no Slurm, it refuses, or a job of this folder is queued or running still.
    pub fn submit(
        &self,
        job: &Job<'_>,
        profile: &Profile,
        say: &dyn Fn(&str),
    ) -> Result<Submission, SweepError> {
        let _held = job.folder.hold()?;
        self.ensure_idle(job.folder)?;
        let limits = self.limits()?;
        let per_task = per_task(job, profile, limits, say);
        let tasks = unfinished(job, per_task);
        make(&job.folder.logs())?;
        let script = script::of(job, profile, per_task)?;
        gan_files::replace(&job.folder.job_script(), script.as_bytes())?;
        let blocks = Block::all(&tasks, limits.array_size);
        if blocks.len() > 1 {
            let (n_arrays, size) = (blocks.len(), limits.array_size);
            say(&format!("{n_arrays} arrays, because the cluster's MaxArraySize is {size}"));
        }
        let mut arrays = Vec::new();
        for block in &blocks {
            arrays.push(self.submit_block(job.folder, block, profile.max_running)?);
        }
        Ok(Submission { arrays, per_task: per_task.get() })
    }

    /// Refuses a folder that has a job which is not over.
    ///
    /// # Errors
    /// [`SweepError::Submitted`], or Slurm cannot be asked.
    pub fn ensure_idle(&self, folder: &SweepFolder) -> Result<(), SweepError> {
        for Submitted { job, .. } in Submitted::all(folder)? {
            if let Some(state) = self.state(&job)? {
                return Err(SweepError::Submitted { folder: folder.root().to_owned(), job, state });
            }
        }
        Ok(())
    }

    fn submit_block(
        &self,
        folder: &SweepFolder,
        block: &Block,
        max_running: Option<NonZeroUsize>,
    ) -> Result<Array, SweepError> {
        let limit = max_running.map(|limit| format!("%{limit}")).unwrap_or_default();
        let array = format!("--array={}{limit}", block.ranges());
        let script = folder.job_script();
        let words = [&*array, "--parsable", &script.to_string_lossy(), &block.first.to_string()];
        let said = self.ask("sbatch", &words)?;
        // With several clusters the name of one follows.
        let job = said.trim().split(';').next().unwrap_or_default().to_owned();
        let tasks = block.indices.len();
        let submitted = Submitted { job: job.clone(), first: block.first, tasks: block.ranges() };
        if let Err(error) = submitted.note(folder) {
            // A job that nobody remembers would run beside the next one.
            let _ = self.ask("scancel", &[&job]);
            return Err(error);
        }
        Ok(Array { job, tasks })
    }

    /// What the tasks of a job that is not over are doing.
    fn state(&self, job: &str) -> Result<Option<String>, SweepError> {
        let said = match self.ask("squeue", &["--noheader", "--format=%T", "--jobs", job]) {
            // It is so long over that it is forgotten.
            Err(SweepError::Slurm { said, .. }) if said.contains("Invalid job id") => {
                return Ok(None);
            }
            said => said?,
        };
        let mut states: Vec<_> = said.split_whitespace().map(str::to_lowercase).collect();
        states.sort();
        states.dedup();
        Ok((!states.is_empty()).then(|| states.join(" and ")))
    }

    fn ask(&self, program: &'static str, words: &[&str]) -> Result<String, SweepError> {
        let place = self.folder.as_ref().map_or(PathBuf::from(program), |dir| dir.join(program));
        let mut command = Command::new(place);
        command.args(words).stdin(Stdio::null());
        let output = command.output().map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => SweepError::NoSlurm { program },
            _ => SweepError::Start { program: program.to_owned(), source },
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().map(str::trim).filter(|line| !line.is_empty());
            let said = said.collect::<Vec<_>>().join("; ");
            return Err(SweepError::Slurm {
                command: format!("{program} {}", words.join(" ")),
                said,
            });
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Trainings in a task: the profile's number, or as many as the limit on jobs asks for.
fn per_task(job: &Job<'_>, profile: &Profile, limits: Limits, say: &dyn Fn(&str)) -> NonZeroUsize {
    let wanted = profile.per_task();
    let least = job.plan.trainings.len().div_ceil(limits.jobs);
    match NonZeroUsize::new(least) {
        Some(least) if least > wanted => {
            let jobs = limits.jobs;
            say(&format!("{least} trainings a task, because the cluster's MaxJobCount is {jobs}"));
            least
        }
        _ => wanted,
    }
}

/// The tasks in which something is left to do; one that failed is tried again.
fn unfinished(job: &Job<'_>, per_task: NonZeroUsize) -> Vec<usize> {
    let tasks = job.plan.trainings.chunks(per_task.get()).enumerate();
    let is_left = |idx_and_task: &(usize, &[crate::Training])| {
        !idx_and_task.1.iter().all(|training| is_finished(&job.folder.run(training)))
    };
    tasks.filter(is_left).map(|(idx, _)| idx).collect()
}

impl Submission {
    /// What to say of it.
    pub fn lines(&self, job: &Job<'_>) -> Vec<String> {
        let folder = job.folder.root().display();
        if self.arrays.is_empty() {
            return vec![format!("everything is finished: gan sweep collect {folder}")];
        }
        let again = job.plan.trainings.iter();
        let failed = again.filter(|t| matches!(State::of(job.folder, t), State::Failed(_))).count();
        let mut lines: Vec<String> = self
            .arrays
            .iter()
            .map(|Array { job, tasks }| {
                format!("submitted job {job}: {tasks} tasks of up to {} trainings", self.per_task)
            })
            .collect();
        if failed > 0 {
            lines.push(format!("{failed} that failed before are tried again"));
        }
        lines.push(format!("see how it goes with: gan sweep status {folder}"));
        lines
    }
}

#[cfg(test)]
mod tests;
