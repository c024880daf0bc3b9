//! Atomic folders, which appear complete or not at all, and entries that survive a power cut.

use std::io;
use std::path::{Path, PathBuf};

use crate::{FileError, about, operation, parent_of};

/// Folders whose names begin so are half-written or being removed; nothing reads them.
pub const UNFINISHED: &str = ".unfinished-";

/// A folder being written; dropped before [`commit`](Self::commit), it leaves nothing.
#[derive(Debug)]
pub struct WholeFolder {
    dir: PathBuf,
    name: String,
    unfinished: PathBuf,
}

impl WholeFolder {
    /// Begins the folder `name` in `dir`, which exists, and removes what a kill left there.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn begin(dir: &Path, name: &str) -> Result<Self, FileError> {
        sweep(dir, UNFINISHED)?;
        let unfinished = dir.join(format!("{UNFINISHED}{name}"));
        operation::create_folder(&unfinished).map_err(about(&unfinished))?;
        Ok(Self { dir: dir.to_owned(), name: name.to_owned(), unfinished })
    }

    /// Writes one of its files and waits until it is on the disk.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.unfinished.join(name);
        let write = || {
            let mut file = operation::create(&path)?;
            operation::write(&mut file, &path, bytes)?;
            operation::sync(&file, &path)
        };
        write().map_err(about(&path))
    }

    /// Makes the folder appear, in the place of one of the same name if there is one.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn commit(self) -> Result<PathBuf, FileError> {
        operation::sync_folder(&self.unfinished).map_err(about(&self.unfinished))?;
        let path = self.dir.join(&self.name);
        if path.exists() {
            Self::discard(&self.dir, &path)?;
        }
        operation::rename(&self.unfinished, &path).map_err(about(&path))?;
        operation::sync_folder(&self.dir).map_err(about(&self.dir))?;
        Ok(path)
    }

    /// Removes the folder `path` of `dir` so that it is never seen half removed.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn discard(dir: &Path, path: &Path) -> Result<(), FileError> {
        let leaving = dir.join(format!("{UNFINISHED}{}", std::process::id()));
        operation::rename(path, &leaving).map_err(about(path))?;
        // Otherwise a power cut might bring back the name of a folder that is half empty.
        operation::sync_folder(dir).map_err(about(dir))?;
        operation::remove_folder(&leaving).map_err(about(&leaving))
    }
}

impl Drop for WholeFolder {
    fn drop(&mut self) {
        // After `commit` there is nothing under this name; after a failure it is not needed.
        let _ = operation::remove_folder(&self.unfinished);
    }
}

/// Makes a folder and waits until its name is on the disk.
///
/// # Errors
/// The system refuses it, or there is something under this name.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    let make = || {
        operation::create_folder(path)?;
        operation::sync_folder(parent_of(path))
    };
    make().map_err(about(path))
}

/// Gives a file or folder another name and waits until both folders are on the disk.
///
/// # Errors
/// The system refuses it.
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    let (old, new) = (parent_of(from), parent_of(to));
    let make = || {
        operation::rename(from, to)?;
        operation::sync_folder(new)?;
        if old == new { Ok(()) } else { operation::sync_folder(old) }
    };
    make().map_err(about(to))
}

/// Removes a file.
///
/// # Errors
/// The system refuses it.
pub fn remove_file(path: &Path) -> Result<(), FileError> {
    operation::remove_file(path).map_err(about(path))
}

/// Removes a folder with everything in it.
///
/// # Errors
/// The system refuses it.
pub fn remove_folder(path: &Path) -> Result<(), FileError> {
    operation::remove_folder(path).map_err(about(path))
}

/// Removes every file and folder of `dir` whose name begins with `prefix`: what a kill left behind.
///
/// # Errors
/// The system refuses it.
pub fn sweep(dir: &Path, prefix: &str) -> Result<(), FileError> {
    let entries = std::fs::read_dir(dir).map_err(about(dir))?;
    let entries: Vec<_> = entries.collect::<io::Result<_>>().map_err(about(dir))?;
    for entry in entries.iter().filter(|e| e.file_name().to_string_lossy().starts_with(prefix)) {
        match entry.path().is_dir() {
            true => remove_folder(&entry.path())?,
            false => remove_file(&entry.path())?,
        }
    }
    Ok(())
}
