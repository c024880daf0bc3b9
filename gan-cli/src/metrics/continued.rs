//! What stays of a file of lines when a run goes on from a checkpoint.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Cadence, MetricsLine};

/// A line that names its step.
pub(crate) trait Line: DeserializeOwned {
    fn step(&self) -> u64;
}

impl Line for MetricsLine {
    fn step(&self) -> u64 {
        self.step
    }
}

/// A line of `evaluation.jsonl`: numbers by their names.
#[derive(Deserialize)]
pub(crate) struct EvaluationLine {
    step: u64,
    #[serde(rename = "epoch")]
    _epoch: u64,
    #[serde(flatten)]
    _numbers: Map<String, Value>,
}

impl Line for EvaluationLine {
    fn step(&self) -> u64 {
        self.step
    }
}

/// The lines up to a checkpoint.
pub(super) struct Continued {
    pub(super) kept: Vec<u8>,
    steps: Vec<u64>,
    /// The numbers of the lines before the end that are damaged or out of their order, from 1 on.
    pub(super) damaged: Vec<usize>,
}

impl Continued {
    pub(super) fn of<T: Line>(bytes: &[u8], step: u64, cadence: Option<Cadence>) -> Self {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        let parsed: Vec<Option<u64>> = lines.iter().map(|line| step_of::<T>(line)).collect();
        let is_before = |found: &Option<u64>| found.is_some_and(|found| found <= step);
        // What comes after the last line of the checkpoint is the tail, torn or not.
        let end = parsed.iter().rposition(is_before).map_or(0, |last| last + 1);
        let mut continued = Self { kept: Vec::new(), steps: Vec::new(), damaged: Vec::new() };
        for (idx, (line, found)) in lines.iter().zip(parsed).take(end).enumerate() {
            match found.filter(|&found| found <= step && continued.follows(found)) {
                Some(found) if cadence.is_none_or(|cadence| cadence.falls_on(found)) => {
                    continued.kept.extend_from_slice(line);
                    continued.steps.push(found);
                }
                // The last line of a run that has become longer.
                Some(_) => {}
                None => continued.damaged.push(idx + 1),
            }
        }
        continued
    }

    fn follows(&self, step: u64) -> bool {
        self.steps.last().is_none_or(|&last| last < step)
    }

    pub(super) fn damage(&self, path: &Path, beside: &Path) -> String {
        let lines: Vec<String> = self.damaged.iter().take(5).map(usize::to_string).collect();
        let more = if self.damaged.len() > 5 { ", …" } else { "" };
        format!(
            "{}: damaged or out of order: line {}{more}; the file as it was is kept as {}",
            path.display(),
            lines.join(", "),
            beside.display()
        )
    }

    /// What is missing of the lines up to `step`, if anything is.
    pub(super) fn missing(&self, step: u64, cadence: Option<Cadence>) -> Option<String> {
        let cadence = cadence?;
        let every = cadence.every.max(1);
        let due = step / every;
        let there = self.steps.iter().filter(|found| found.is_multiple_of(every)).count() as u64;
        let first = (1..=due).map(|n| n * every).find(|n| self.steps.binary_search(n).is_err())?;
        Some(format!(
            "lacks {} of {due} lines, the first of them that of step {first}",
            due - there
        ))
    }
}

/// The step of a line that is whole.
fn step_of<T: Line>(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\n")?;
    serde_json::from_slice::<T>(line).ok().map(|line| line.step())
}

/// `NAME.damaged-1`, `NAME.damaged-2`, …: the first that is free.
pub(super) fn damaged_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let candidates = (1_u32..).map(|n| path.with_file_name(format!("{name}.damaged-{n}")));
    candidates.into_iter().find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}
