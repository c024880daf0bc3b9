//! The jobs of a sweep folder.

use std::fs;
use std::io;

use gan_files::AppendFile;
use serde::{Deserialize, Serialize};

use crate::{SweepError, SweepFolder};

/// A job that was submitted: a line of `submitted.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Submitted {
    pub(super) job: String,
    /// The task that its index 0 is.
    pub(super) first: usize,
    /// Its indices.
    pub(super) tasks: String,
}

impl Submitted {
    /// Every job of a folder. A line that is not one was cut off by a kill, and names no job.
    pub(super) fn all(folder: &SweepFolder) -> Result<Vec<Self>, SweepError> {
        let path = folder.submitted();
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text.map_err(SweepError::reading(&path))?,
        };
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    pub(super) fn note(&self, folder: &SweepFolder) -> Result<(), SweepError> {
        // Texts and whole numbers: nothing that JSON has no word for.
        let line = serde_json::to_string(self).unwrap_or_default() + "\n";
        let mut file = AppendFile::open(&folder.submitted())?;
        file.append(line.as_bytes())?;
        Ok(file.sync()?)
    }
}
