//! The script of a job array.

use std::fmt::Write as _;
use std::num::NonZeroUsize;

use super::super::quoted::quoted;
use super::super::{Job, whole_path};
use crate::{Profile, SweepError, Tally};

/// What follows the program's own line. A warning comes to the shell alone, and is passed on. When the job
/// is cancelled, every process of it is told; then it is not to come back.
const WAIT: &str = r#"child=$!
warned= cancelled=
trap 'warned=yes; kill -s TERM "$child"' USR1
trap 'cancelled=yes; kill -s TERM "$child"' TERM INT
wait "$child"; code=$?
# A signal ends `wait` before the program has ended.
while [ "$code" -gt 128 ] && kill -s 0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
wait "$child"; code=$?
"#;

/// The script that `sbatch` is given. Its one argument is the task that index 0 of the array is.
pub(super) fn of(
    job: &Job<'_>,
    profile: &Profile,
    per_task: NonZeroUsize,
) -> Result<String, SweepError> {
    let (program, folder) = (whole_path(job.program)?, whole_path(job.folder.root())?);
    let mut text = String::from("#!/bin/bash\n");
    for option in options(profile, &folder) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "#SBATCH {option}");
    }
    text += "\n";
    for line in &profile.setup {
        let _ = writeln!(text, "{line}");
    }
    text += "export RAYON_NUM_THREADS=\"${SLURM_CPUS_PER_TASK:-1}\"\n";
    let _ = writeln!(
        text,
        "{} sweep run {} --index \"$(($1 + SLURM_ARRAY_TASK_ID))\" --per-task {per_task} --patience 60 &",
        quoted(&program),
        quoted(&folder)
    );
    text += WAIT;
    let _ = write!(
        text,
        "if [ \"$code\" -eq {} ] && [ -n \"$warned\" -o -z \"$cancelled\" ]; then\n    \
         scontrol requeue \"${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}\"\nfi\nexit \"$code\"\n",
        Tally::TRY_AGAIN
    );
    Ok(text)
}

fn options(profile: &Profile, folder: &str) -> Vec<String> {
    // What Slurm fills in begins with a percent sign.
    let output = format!("{}/logs/%A_%a.out", folder.replace('%', "%%"));
    let mut options = vec![
        "--job-name=gan-sweep".to_owned(),
        format!("--output=\"{}\"", output.replace('"', "\\\"")),
        "--open-mode=append".to_owned(),
        "--requeue".to_owned(),
        format!("--signal=B:USR1@{}", profile.warn_seconds.unwrap_or(60)),
        "--ntasks=1".to_owned(),
        format!("--cpus-per-task={}", profile.cpus.unwrap_or(NonZeroUsize::MIN)),
    ];
    let given = [
        ("partition", &profile.partition),
        ("account", &profile.account),
        ("time", &profile.time),
        ("mem", &profile.mem),
    ];
    let given = given.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
    options.extend(given.map(|(key, value)| format!("--{key}={value}")));
    options.extend(profile.extra.iter().cloned());
    options
}
