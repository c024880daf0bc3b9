//! Atomic replacement of a file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{FileError, about, operation, parent_of};

/// How the names of files begin that are not complete yet.
pub const TEMPORARY: &str = ".tmp";

/// Writes a file whole or not at all: a reader, or a crash, sees the old one or the new one.
///
/// # Errors
/// The system refuses it; the file is as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = parent_of(path);
    let temporary = temporary_name(folder);
    let write = || -> io::Result<()> {
        let mut file = operation::create(&temporary)?;
        operation::write(&mut file, &temporary, bytes)?;
        operation::sync(&file, &temporary)?;
        drop(file);
        operation::rename(&temporary, path)
    };
    write().map_err(|error| {
        // What cannot be removed now is swept later.
        let _ = std::fs::remove_file(&temporary);
        about(path)(error)
    })?;
    operation::sync_folder(folder).map_err(about(path))
}

fn temporary_name(folder: &Path) -> PathBuf {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let process = std::process::id();
    let names = std::iter::repeat_with(|| MADE.fetch_add(1, Ordering::Relaxed))
        .map(|n| folder.join(format!("{TEMPORARY}{process}-{n}")));
    // One that is there was left by a killed process of the same number.
    names.into_iter().find(|name| !name.exists()).unwrap_or_default()
}
