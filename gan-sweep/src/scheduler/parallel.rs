//! A line for GNU parallel.

use std::num::NonZeroUsize;

use super::quoted::quoted;
use super::{Job, whole_path};
use crate::SweepError;

/// One command line that runs every task by GNU parallel, `jobs` at a time (all cores if not given).
/// Started again, it passes over what is finished.
///
/// # Errors
/// A path cannot stand in it.
pub fn parallel_line(
    job: &Job<'_>,
    per_task: NonZeroUsize,
    jobs: Option<NonZeroUsize>,
) -> Result<String, SweepError> {
    let (program, folder) = (whole_path(job.program)?, whole_path(job.folder.root())?);
    let last = job.plan.tasks(per_task.get()).saturating_sub(1);
    let jobs = jobs.map_or("100%".to_owned(), |jobs| jobs.to_string());
    let log = quoted(&format!("{folder}/parallel.log"));
    // GNU parallel hands its words to a shell again, for which `-q` quotes them.
    Ok(format!(
        "seq 0 {last} | parallel -q --jobs {jobs} --joblog {log} --termseq TERM,60000,KILL,1000 {} sweep run {} \
         --per-task {per_task} --index {{}}\n",
        quoted(&program),
        quoted(&folder)
    ))
}
