//! `metrics.jsonl`: one line for each logged step, the same bytes for the same run.
//!
//! Nothing that depends on the clock is in it: how fast a run was stands in `summary.json`.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use gan_core::{Clock, Readings};
use serde::{Deserialize, Serialize};

use crate::config::cut_message;
use crate::run_folder::replace_file;

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
    pub(crate) fn new(clock: Clock, readings: &Readings) -> Self {
        Self {
            step: clock.step,
            epoch: clock.epochs(),
            critic_loss: readings.critic_loss,
            generator_loss: readings.generator_loss,
            real_probability: readings.real_probability,
            fake_probability: readings.fake_probability,
            critic_gradient_norm: readings.critic_gradient_norm,
            generator_gradient_norm: readings.generator_gradient_norm,
            penalty: readings.penalty,
        }
    }
}

/// A file of lines that each name their `step`, open at its end.
pub(crate) struct MetricsFile {
    path: PathBuf,
    file: File,
}

impl MetricsFile {
    /// Open the file to append what comes after `step`.
    ///
    /// A run that was killed may have logged steps that its newest checkpoint knows nothing of,
    /// the last of them half. They are taken out, for the resumed run will log them again.
    pub(crate) fn continue_after(path: &Path, step: u64) -> anyhow::Result<Self> {
        if path.exists() {
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let kept: String =
                text.split_inclusive('\n').filter(|line| is_kept(line, step)).collect();
            if kept != text {
                replace_file(path, kept.as_bytes())?;
            }
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path: path.to_owned(), file })
    }

    pub(crate) fn append(&mut self, line: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string(line)? + "\n";
        let written = self.file.write_all(text.as_bytes());
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn is_kept(line: &str, step: u64) -> bool {
    #[derive(Deserialize)]
    struct OfStep {
        step: u64,
    }
    line.ends_with('\n') && serde_json::from_str::<OfStep>(line).is_ok_and(|line| line.step <= step)
}

/// Every line of the file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<MetricsLine>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let parse = |(index, line)| {
        serde_json::from_str(line).map_err(|error| {
            let said = cut_message(&error.to_string());
            anyhow!("line {} of {}: {said}", index + 1, path.display())
        })
    };
    text.lines().enumerate().map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(step: u64) -> MetricsLine {
        let clock = Clock { step, steps_per_epoch: 10 };
        let readings = Readings {
            critic_loss: 1.3,
            generator_loss: 0.7,
            real_probability: 0.5,
            fake_probability: 0.4,
            critic_gradient_norm: 0.1,
            generator_gradient_norm: 0.2,
            penalty: Some(0.3),
        };
        MetricsLine::new(clock, &readings)
    }

    #[test]
    fn a_continued_file_loses_what_came_after_the_checkpoint_and_a_half_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.jsonl");
        let mut file = MetricsFile::continue_after(&path, 0).unwrap();
        for step in [10, 20, 30] {
            file.append(&line(step)).unwrap();
        }
        drop(file);
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, whole.clone() + "{\"step\":40,\"ep").unwrap();

        let mut file = MetricsFile::continue_after(&path, 20).unwrap();
        assert_eq!(read(&path).unwrap(), [line(10), line(20)]);
        file.append(&line(30)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    }
}
