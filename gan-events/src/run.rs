//! A run folder, read for other tools.

use std::fs;
use std::path::{Path, PathBuf};

use gan_run::{Change, LeftOut, Lines, Measurements, MetricsLine, picture_step};
use serde::Deserialize;

use crate::error::EventsError;
use crate::event::Moment;
use crate::event_file::read;

const METRICS: &str = "metrics.jsonl";
const DIAGNOSES: &str = "diagnoses.jsonl";

/// What a run folder has, in the order of its steps.
///
/// Only `config.toml` has to be there. What is missing or damaged beside it is in
/// [`remarks`](Self::remarks), a sentence each, and the rest is read.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) config: String,
    pub(crate) manifest: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) lines: Vec<MetricsLine>,
    pub(crate) changes: Vec<Change>,
    /// The pictures of `samples/` with their steps.
    pub(crate) pictures: Vec<(u64, PathBuf)>,
    clock: Clock,
    remarks: Vec<String>,
}

impl Run {
    /// Reads the run in `root`.
    ///
    /// # Errors
    /// It is no run folder, or the system refuses to read it.
    pub fn read(root: &Path) -> Result<Self, EventsError> {
        let mut remarks = Vec::new();
        let config = optional(root, "config.toml", None)?;
        let config = config.ok_or_else(|| EventsError::NotARun { path: root.to_owned() })?;
        let manifest = optional(root, "manifest.json", Some(&mut remarks))?;
        let summary = optional(root, "summary.json", None)?;
        let metrics = optional(root, METRICS, Some(&mut remarks))?.unwrap_or_default();
        let measurements = Measurements::read(metrics.as_bytes());
        remarks.extend(measurements.left_out().into_iter().map(|each| left_out(METRICS, each)));
        let diagnoses = optional(root, DIAGNOSES, None)?.unwrap_or_default();
        let Lines { values, damaged, torn } = Lines::<Change>::read(diagnoses.as_bytes());
        remarks.extend(damaged.iter().chain(&torn).map(|each| left_out(DIAGNOSES, each)));
        let (lines, changes) =
            (measurements.lines, values.into_iter().map(|(_, change)| change).collect());
        let pictures = pictures_of(&root.join("samples"))?;
        let clock = Clock::of(manifest.as_deref(), summary.as_deref());
        Ok(Self { config, manifest, summary, lines, changes, pictures, clock, remarks })
    }

    /// The measurements, in the order of their steps.
    pub fn lines(&self) -> &[MetricsLine] {
        &self.lines
    }

    /// What is missing or damaged, a sentence each.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The moment of a step.
    ///
    /// A run folder has no times but its beginning and its mean speed, so a moment is as far from the
    /// beginning as the step is at that speed; without a speed it is the beginning.
    pub fn moment(&self, step: u64) -> Moment {
        let unix_seconds = self.clock.began + step as f64 * self.clock.seconds_per_step;
        Moment { step, unix_seconds }
    }

    /// The step of the newest measurement, picture or diagnosis.
    pub(crate) fn newest_step(&self) -> u64 {
        let lines = self.lines.last().map(|line| line.step);
        let changes = self.changes.last().map(Change::step);
        let pictures = self.pictures.last().map(|(step, _)| *step);
        lines.max(changes).max(pictures).unwrap_or(0)
    }
}

/// What is known of the time.
#[derive(Clone, Copy, Debug)]
struct Clock {
    began: f64,
    seconds_per_step: f64,
}

impl Clock {
    fn of(manifest: Option<&str>, summary: Option<&str>) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Times {
            started_unix_seconds: f64,
            steps_per_second: f64,
        }
        let times = |text: Option<&str>| -> Times {
            text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        };
        let speed = times(summary).steps_per_second;
        let seconds_per_step = if speed > 0.0 { 1.0 / speed } else { 0.0 };
        Self { began: times(manifest).started_unix_seconds, seconds_per_step }
    }
}

/// A file of the folder, if it is there; a remark if it is missing and `remarks` are wanted.
fn optional(
    root: &Path,
    name: &str,
    remarks: Option<&mut Vec<String>>,
) -> Result<Option<String>, EventsError> {
    let path = root.join(name);
    if path.is_file() {
        return Ok(Some(String::from_utf8_lossy(&read(&path)?).into_owned()));
    }
    if let Some(remarks) = remarks {
        remarks.push(format!("there is no {name}"));
    }
    Ok(None)
}

fn left_out(file: &str, LeftOut { line, why }: &LeftOut) -> String {
    format!("{file}, line {line}, is left out: {why}")
}

/// The files `step-N.png`, by their steps. Others of the folder were not made by the training.
fn pictures_of(folder: &Path) -> Result<Vec<(u64, PathBuf)>, EventsError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let about = |source| EventsError::Read { path: folder.to_owned(), source };
    let mut pictures = Vec::new();
    for entry in fs::read_dir(folder).map_err(about)? {
        let path = entry.map_err(about)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(step) = picture_step(name) {
            pictures.push((step, path));
        }
    }
    pictures.sort();
    Ok(pictures)
}

#[cfg(test)]
mod tests;
