//! What is known of a run: its case and its measurements.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use gan_core::seed::Seed;
use gan_data::Inspection;
use gan_doctor::Record;
use gan_doctor::reader::{Columns, read_json_lines};

use crate::case;
use crate::run_folder::{RunFolder, replace_file};
use crate::streams;

/// Points of each series in a file.
const POINTS: usize = 200;

/// Reads a run that may be in progress; says what is not as it should be.
pub(super) fn of_run(folder: &RunFolder) -> anyhow::Result<Record> {
    let found = match inspect(folder) {
        Ok(found) => Some(found),
        Err(error) => {
            streams::say(&format!("note: the data were not looked at: {error:#}"));
            None
        }
    };
    let case = case::of_run(folder, found.as_ref())?;
    let path = folder.metrics();
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let reading =
        read_json_lines(&bytes, &Columns::default()).with_context(|| path.display().to_string())?;
    super::tell(&reading);
    Ok(Record { case, trace: reading.trace })
}

/// Looks at the data that the run was trained on.
fn inspect(folder: &RunFolder) -> anyhow::Result<Inspection> {
    let (config, recorded) = (folder.config()?, folder.data()?);
    let set = config.data.open(Seed(config.seed))?;
    ensure!(
        set.fingerprint().to_string() == recorded.sha256,
        "they are no longer those that the run was trained on"
    );
    Ok(Inspection::of(&*set, &set.inventory()))
}

/// Reads a record that was written by [`write`].
pub(super) fn of_file(path: &Path) -> anyhow::Result<Record> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Record::from_json(&text).with_context(|| path.display().to_string())
}

/// Writes a record, about 200 points of each series.
pub(super) fn write(record: &Record, path: &Path) -> anyhow::Result<()> {
    replace_file(path, (record.to_json(POINTS) + "\n").as_bytes())
}
