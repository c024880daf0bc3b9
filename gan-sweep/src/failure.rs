//! A training that failed: what is known of it.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::ExitStatus;

use serde::{Deserialize, Serialize};

use crate::SweepError;
use crate::folder::make;

/// How a training ended that left no summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The training.
    pub name: String,
    /// The code that the program exited with, unless a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The last lines that it complained of.
    pub last: Vec<String>,
}

impl Failure {
    /// That of a program which ended so.
    pub(crate) fn of(name: &str, status: ExitStatus, last: Vec<String>) -> Self {
        Self { name: name.to_owned(), code: status.code(), signal: status.signal(), last }
    }

    /// What was recorded, if anything can be read there.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Records it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), SweepError> {
        if let Some(folder) = path.parent() {
            make(folder)?;
        }
        // Texts and whole numbers: nothing that JSON has no word for.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        Ok(gan_files::replace(path, &bytes)?)
    }

    /// In words, with the last line that is not empty.
    pub fn reason(&self) -> String {
        let how = match (self.code, self.signal) {
            (_, Some(9)) => "killed by signal 9 (often: out of memory)".to_owned(),
            (_, Some(signal)) => format!("killed by signal {signal}"),
            (Some(0), None) => "exit code 0, but no summary.json".to_owned(),
            (Some(code), None) => format!("exit code {code}"),
            (None, None) => "no exit code".to_owned(),
        };
        match self.last.iter().rev().find(|line| !line.trim().is_empty()) {
            Some(line) => format!("{how}: {line}"),
            None => how,
        }
    }
}
