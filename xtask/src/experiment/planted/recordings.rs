//! The series of all runs in one file, small enough to be kept: what rules are tested on without training.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use super::definition::Plant;
use super::record::RECORD;
use super::score::{Part, Score};
use crate::experiment::Job;

/// Writes a line of JSON for each run, compressed: what it was to be, and what `gan doctor --record`
/// wrote of it. The same runs make the same bytes.
///
/// # Errors
/// A run has no record, or the file cannot be written.
pub(super) fn write(
    path: &Path,
    runs: &[(Plant<'_>, &Job)],
    scores: &[Score],
) -> anyhow::Result<()> {
    let cannot_write = || format!("cannot write {}", path.display());
    let file = File::create(path).with_context(cannot_write)?;
    let mut file = GzBuilder::new().write(file, Compression::best());
    for ((plant, job), score) in runs.iter().zip(scores) {
        let line = line(plant, job, score)?;
        writeln!(file, "{line}").with_context(cannot_write)?;
    }
    file.finish().map(drop).with_context(cannot_write)
}

fn line(plant: &Plant<'_>, job: &Job, score: &Score) -> anyhow::Result<Value> {
    let record = job.folder.join(RECORD);
    let record =
        fs::read_to_string(&record).with_context(|| format!("cannot read {}", record.display()))?;
    let record: Value = serde_json::from_str(&record).context("a record is no JSON")?;
    let part = match score.part {
        Part::Rules => "rules",
        Part::Report => "report",
        Part::Unseen => "unseen",
    };
    Ok(json!({
        "fault": plant.fault.map(|fault| &fault.name),
        "base": plant.base.name,
        "seed": job.seed,
        "part": part,
        "accept": plant.fault.map(|fault| &fault.accept),
        "record": record,
    }))
}
