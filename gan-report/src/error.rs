//! The crate's error type: what no report can be made of.

use std::io;
use std::path::PathBuf;

/// Why no report can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The folder cannot be read.
    #[error("cannot read the run folder {}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },

    /// The folder holds nothing of a run.
    #[error(
        "{} is no run folder: expected config.toml, manifest.json or metrics.jsonl in it, found none \
         of them",
        .folder.display()
    )]
    NoRun {
        /// The folder.
        folder: PathBuf,
    },

    /// There is nothing to report on.
    #[error("a report needs a run, found none")]
    Empty,
}
