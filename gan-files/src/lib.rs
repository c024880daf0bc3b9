#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod append;
#[cfg(any(test, feature = "faults"))]
mod faults;
#[cfg(not(any(test, feature = "faults")))]
#[path = "no_faults.rs"]
mod faults;
mod folder;
mod identity;
mod lock;
mod operation;
mod replace;

pub use append::AppendFile;
pub use folder::{
    UNFINISHED, WholeFolder, create_folder, remove_file, remove_folder, rename, sweep,
};
pub use identity::Identity;
pub use lock::{Holder, Lock, LockError, Locked};
pub use replace::{TEMPORARY, replace};

use std::io;
use std::path::{Path, PathBuf};

/// A file or a folder that the system refused to write.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}", .path.display())]
pub struct FileError {
    /// The file or folder.
    pub path: PathBuf,
    /// The operating system's error.
    pub source: io::Error,
}

/// Adds the name of a path to the system's error.
fn about(path: &Path) -> impl Fn(io::Error) -> FileError {
    move |source| FileError { path: path.to_owned(), source }
}

/// The parent folder of a path.
fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
