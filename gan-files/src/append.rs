//! An append-only file.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::{FileError, about, operation, parent_of};

/// A file open at its end.
#[derive(Debug)]
pub struct AppendFile {
    path: PathBuf,
    file: File,
}

impl AppendFile {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let is_new = !path.exists();
        let file = operation::open_to_append(path).map_err(about(path))?;
        if is_new {
            operation::sync_folder(parent_of(path)).map_err(about(path))?;
        }
        Ok(Self { path: path.to_owned(), file })
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends `bytes`; what a failure has written of them is taken back, as far as that is possible.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let before = self.file.metadata().map_err(about(&self.path))?.len();
        operation::append(&mut self.file, &self.path, bytes).map_err(|error| {
            let _ = operation::truncate(&self.file, &self.path, before);
            about(&self.path)(error)
        })
    }

    /// Waits until everything that was appended is on the disk.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn sync(&self) -> Result<(), FileError> {
        operation::sync(&self.file, &self.path).map_err(about(&self.path))
    }
}
