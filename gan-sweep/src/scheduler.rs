//! Where trainings run: here, or by a scheduler that there is already.

mod kubernetes;
mod local;
mod parallel;
#[cfg(test)]
mod printed;
mod quoted;
mod slurm;

pub use kubernetes::kubernetes_job;
pub use parallel::parallel_line;
pub use slurm::{Array, Limits, Slurm, Submission};

use std::path::PathBuf;

use crate::{Plan, SweepError, SweepFolder};

/// What a scheduler starts again and again.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The sweep folder.
    pub folder: &'a SweepFolder,
    /// Its plan.
    pub plan: &'a Plan,
    /// The program `gan`.
    pub program: &'a std::path::Path,
}

/// A path as text that can stand in one line, seen from everywhere.
fn whole_path(path: &std::path::Path) -> Result<String, SweepError> {
    let unusable = || SweepError::Path(path.to_owned());
    let whole: PathBuf = std::path::absolute(path).map_err(|_| unusable())?;
    match whole.into_os_string().into_string() {
        Ok(text) if !text.contains(char::is_control) => Ok(text),
        _ => Err(unusable()),
    }
}
