//! `metrics.jsonl`: every measurement of a run, one line for each step with any; the same bytes for
//! the same run.
//!
//! Its lines are [`MetricsLine`]s. Nothing that depends on wall-clock time is in it: how fast a run was stands
//! in `summary.json`.

mod continued;
mod due;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use gan_core::measurement::Measurement;
use gan_core::progress::Progress;
use gan_files::AppendFile;
use gan_run::{Measurements, MetricsLine};

use crate::run_folder::replace_file;
use crate::streams;

use continued::{Continued, damaged_name};
pub(crate) use due::Due;

/// The line of what was measured at a step.
pub(crate) fn line_of(progress: Progress, measurements: &[Measurement]) -> MetricsLine {
    let named = measurements.iter().flat_map(Measurement::named);
    let numbers = named.map(|(name, value)| (name.into_owned(), value)).collect();
    MetricsLine { step: progress.step, epoch: progress.epochs(), numbers }
}

/// The line as the file has it.
fn bytes_of(line: &MetricsLine) -> anyhow::Result<Vec<u8>> {
    Ok((serde_json::to_string(line)? + "\n").into_bytes())
}

/// The file, open at its end.
pub(crate) struct MetricsFile {
    file: AppendFile,
}

impl MetricsFile {
    /// Open the file to append what comes after `step`.
    ///
    /// A run that was killed may have logged steps that its newest checkpoint does not have, the last
    /// of them half. They are taken out, for the resumed run logs them again; and so is what the end
    /// of a run that has become longer had measured, if it is not due there any more. Lines that are
    /// damaged are named, and the file is kept as it was under another name.
    pub(crate) fn continue_after(path: &Path, step: u64, due: &Due) -> anyhow::Result<Self> {
        if path.exists() {
            let bytes =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let continued = Continued::of(&bytes, step, due)?;
            if !continued.damaged.is_empty() {
                let beside = damaged_name(path);
                replace_file(&beside, &bytes)?;
                streams::say(&format!("warning: {}", continued.damage(path, &beside)));
            }
            if let Some(missing) = continued.missing(step, due) {
                streams::say(&format!("warning: {} {missing}", path.display()));
            }
            if continued.kept != bytes {
                replace_file(path, &continued.kept)?;
            }
        }
        Ok(Self { file: AppendFile::open(path)? })
    }

    pub(crate) fn append(&mut self, line: &MetricsLine) -> anyhow::Result<()> {
        Ok(self.file.append(&bytes_of(line)?)?)
    }

    /// Wait until every line is on the disk.
    pub(crate) fn sync(&self) -> anyhow::Result<()> {
        Ok(self.file.sync()?)
    }
}

/// Every good line of the file; the damaged ones were named when the run began.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<MetricsLine>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Measurements::read(&bytes).lines)
}

#[cfg(test)]
mod tests;
