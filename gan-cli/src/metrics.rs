//! `metrics.jsonl`: one line for each logged step, the same bytes for the same run.
//!
//! Nothing that depends on the clock is in it: how fast a run was stands in `summary.json`.

mod continued;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use gan_core::{Progress, Readings};
use gan_files::AppendFile;
use serde::{Deserialize, Serialize};

use crate::run_folder::replace_file;
use crate::streams;

use continued::{Continued, damaged_name};
pub(crate) use continued::{EvaluationLine, Line};

/// One line of `metrics.jsonl`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MetricsLine {
    pub(crate) step: u64,
    pub(crate) epoch: u64,
    pub(crate) critic_loss: f64,
    pub(crate) generator_loss: f64,
    pub(crate) real_probability: f64,
    pub(crate) fake_probability: f64,
    pub(crate) critic_gradient_norm: f64,
    pub(crate) generator_gradient_norm: f64,
    /// In games with penalties only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) penalty: Option<f64>,
}

impl MetricsLine {
    pub(crate) fn new(progress: Progress, readings: &Readings) -> Self {
        Self {
            step: progress.step,
            epoch: progress.epochs(),
            critic_loss: readings.critic_loss,
            generator_loss: readings.generator_loss,
            real_probability: readings.real_probability,
            fake_probability: readings.fake_probability,
            critic_gradient_norm: readings.critic_gradient_norm,
            generator_gradient_norm: readings.generator_gradient_norm,
            penalty: readings.penalty,
        }
    }

    pub(crate) fn readings(&self) -> Readings {
        Readings {
            critic_loss: self.critic_loss,
            generator_loss: self.generator_loss,
            real_probability: self.real_probability,
            fake_probability: self.fake_probability,
            critic_gradient_norm: self.critic_gradient_norm,
            generator_gradient_norm: self.generator_gradient_norm,
            penalty: self.penalty,
        }
    }
}

/// The steps that `metrics.jsonl` has a line for: the first, the last, and those of a cadence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cadence {
    /// Every so many steps.
    pub(crate) every: u64,
    /// The step at which the run is to end.
    pub(crate) until: u64,
}

impl Cadence {
    pub(crate) fn falls_on(self, step: u64) -> bool {
        step == 1 || step == self.until || (self.every > 0 && step.is_multiple_of(self.every))
    }
}

/// A file of lines that each name their `step`, open at its end.
pub(crate) struct MetricsFile {
    file: AppendFile,
}

impl MetricsFile {
    /// Open the file to append what comes after `step`.
    ///
    /// A run that was killed may have logged steps that its newest checkpoint knows nothing of,
    /// the last of them half. They are taken out, for the resumed run will log them again; and so
    /// is the last line of a run that has become longer, if its cadence does not ask for it.
    ///
    /// Without a cadence every line up to the checkpoint stays. Lines `T` before that which are damaged are said with their numbers, and the file is kept as
    /// it was under another name.
    pub(crate) fn continue_after<T: Line>(
        path: &Path,
        step: u64,
        cadence: Option<Cadence>,
    ) -> anyhow::Result<Self> {
        if path.exists() {
            let bytes =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let continued = Continued::of::<T>(&bytes, step, cadence);
            if !continued.damaged.is_empty() {
                let beside = damaged_name(path);
                replace_file(&beside, &bytes)?;
                streams::say(&format!("warning: {}", continued.damage(path, &beside)));
            }
            if let Some(missing) = continued.missing(step, cadence) {
                streams::say(&format!("warning: {} {missing}", path.display()));
            }
            if continued.kept != bytes {
                replace_file(path, &continued.kept)?;
            }
        }
        Ok(Self { file: AppendFile::open(path)? })
    }

    pub(crate) fn append(&mut self, line: &impl Serialize) -> anyhow::Result<()> {
        Ok(self.file.append((serde_json::to_string(line)? + "\n").as_bytes())?)
    }

    /// Wait until every line is on the disk.
    pub(crate) fn sync(&self) -> anyhow::Result<()> {
        Ok(self.file.sync()?)
    }
}

/// Every good line of the file; the damaged ones have been said when the run began.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<MetricsLine>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes.split(|&byte| byte == b'\n').filter_map(|l| serde_json::from_slice(l).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CADENCE: Cadence = Cadence { every: 10, until: 40 };

    fn line(step: u64) -> MetricsLine {
        let progress = Progress { step, steps_per_epoch: 10 };
        let readings = Readings {
            critic_loss: 1.3,
            generator_loss: 0.7,
            real_probability: 0.5,
            fake_probability: 0.4,
            critic_gradient_norm: 0.1,
            generator_gradient_norm: 0.2,
            penalty: Some(0.3),
        };
        MetricsLine::new(progress, &readings)
    }

    #[test]
    fn a_continued_file_loses_what_came_after_the_checkpoint_and_a_half_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.jsonl");
        let mut file = MetricsFile::continue_after::<MetricsLine>(&path, 0, Some(CADENCE)).unwrap();
        for step in [10, 20, 30] {
            file.append(&line(step)).unwrap();
        }
        drop(file);
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, whole.clone() + "{\"step\":40,\"ep").unwrap();

        let mut file =
            MetricsFile::continue_after::<MetricsLine>(&path, 20, Some(CADENCE)).unwrap();
        assert_eq!(read(&path).unwrap(), [line(10), line(20)]);
        file.append(&line(30)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    }
}
