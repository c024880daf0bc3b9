//! The page on which the trainings of an experiment stand beside each other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::experiment::{Gan, Job};

/// The file in the folder with the results.
const FILE: &str = "report.html";
/// More trainings than this are not seen apart on one page.
const MOST: usize = 40;

/// Writes the page about all trainings that have their measurements at hand; none where there are none, or too many.
///
/// # Errors
/// `gan report` fails.
pub(crate) fn write(gan: &Gan, jobs: &[Job], results: &Path) -> anyhow::Result<Option<PathBuf>> {
    let folders: Vec<&Path> = jobs
        .iter()
        .filter(|job| job.is_training())
        .map(|job| job.folder.as_path())
        .filter(|folder| folder.join("metrics.jsonl").exists())
        .collect();
    if folders.is_empty() || folders.len() > MOST {
        return Ok(None);
    }
    let out = results.join(FILE);
    let mut arguments: Vec<OsString> = vec!["report".into()];
    arguments.extend(folders.into_iter().map(OsString::from));
    arguments.extend(["--out".into(), out.clone().into(), "--force".into()]);
    gan.call(&arguments)?;
    Ok(Some(out))
}
