//! The one error type of the crate.

use std::io;
use std::path::PathBuf;

/// Why a run could not be read, or events or a table not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventsError {
    /// The system refused to write.
    #[error(transparent)]
    Write(#[from] gan_files::FileError),
    /// The system refused to read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// There is no run in a folder.
    #[error("{} is not a run folder: it has no config.toml", .path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
    },
    /// A configuration is no TOML.
    #[error("line {line} of the configuration is no TOML: {why}")]
    Configuration {
        /// The line, from 1 on.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A picture is no PNG file.
    #[error(
        "the picture {tag} of step {step} is no PNG file: it begins with {:?}",
        .found.escape_ascii().to_string()
    )]
    Picture {
        /// What it was to be called.
        tag: String,
        /// The step.
        step: u64,
        /// Its first bytes.
        found: Vec<u8>,
    },
    /// A line is no change of a diagnosis.
    #[error("this is no line of diagnoses.jsonl")]
    Finding {
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Events of something else are where new ones were to be.
    #[error(
        "{} has events of another run already ({found}), and TensorBoard would show both as one; \
         write to another folder, or remove them",
        .path.display()
    )]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// One of its event files.
        found: String,
    },
    /// A table could not be encoded.
    #[error("cannot encode the table as {format}")]
    Encode {
        /// The format.
        format: &'static str,
        /// What the encoder says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
