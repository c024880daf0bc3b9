//! `metrics.jsonl`: every measurement of a run, one line for each step with any; the same bytes for
//! the same run.
//!
//! A line is an object: `step`, `epoch`, then numbers by their names (`critic/loss`,
//! `samples/js/of_real`). Nothing that depends on wall-clock time is in it: how fast a run was stands
//! in `summary.json`.

mod continued;
mod due;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use gan_core::measurement::Measurement;
use gan_core::progress::Progress;
use gan_files::AppendFile;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::json_number::{of_json, to_json};
use crate::run_folder::replace_file;
use crate::streams;

use continued::{Continued, damaged_name};
pub(crate) use due::Due;

/// One line of `metrics.jsonl`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MetricsLine {
    pub(crate) step: u64,
    pub(crate) epoch: u64,
    /// By name, in the order in which they were measured.
    pub(crate) numbers: Vec<(String, f64)>,
}

impl MetricsLine {
    pub(crate) fn new(progress: Progress, measurements: &[Measurement]) -> Self {
        let named = measurements.iter().flat_map(Measurement::named);
        let numbers = named.map(|(name, value)| (name.into_owned(), value)).collect();
        Self { step: progress.step, epoch: progress.epochs(), numbers }
    }

    /// The number called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        self.numbers.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    }

    /// The line as a JSON object.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        self.entries().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Value)> {
        let place = [("step", json!(self.step)), ("epoch", json!(self.epoch))];
        let numbers = self.numbers.iter().map(|(name, value)| (name.as_str(), to_json(*value)));
        place.into_iter().chain(numbers)
    }

    /// The line, if these bytes are a whole one.
    fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        Ok((serde_json::to_string(self)? + "\n").into_bytes())
    }
}

impl Serialize for MetricsLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

impl<'de> Deserialize<'de> for MetricsLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads a line and keeps the order of its numbers.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = MetricsLine;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a step, an epoch and numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MetricsLine, A::Error> {
        let (mut step, mut epoch, mut numbers) = (None, None, Vec::new());
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            match name.as_str() {
                "step" => step = value.as_u64(),
                "epoch" => epoch = value.as_u64(),
                _ => {
                    let number = of_json(&value).ok_or_else(|| A::Error::custom("no number"))?;
                    numbers.push((name, number));
                }
            }
        }
        let missing = || A::Error::custom("no step or no epoch");
        let (step, epoch) = step.zip(epoch).ok_or_else(missing)?;
        Ok(MetricsLine { step, epoch, numbers })
    }
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
        Ok(self.file.append(&line.to_bytes()?)?)
    }

    /// Wait until every line is on the disk.
    pub(crate) fn sync(&self) -> anyhow::Result<()> {
        Ok(self.file.sync()?)
    }
}

/// Every good line of the file; the damaged ones were named when the run began.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<MetricsLine>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes.split(|&byte| byte == b'\n').filter_map(MetricsLine::parse).collect())
}

#[cfg(test)]
mod tests;
