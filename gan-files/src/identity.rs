//! Whether a path still leads to the same file or folder.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

/// What distinguishes a file or folder from any other of its file system, whatever its name.
///
/// Where the system has no such number, all that exist are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity([u64; 2]);

impl Identity {
    /// That of the file or folder at `path`.
    ///
    /// # Errors
    /// There is none, or it cannot be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::from_metadata(&fs::metadata(path)?))
    }

    #[cfg(unix)]
    pub(crate) fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self([metadata.dev(), metadata.ino()])
    }

    #[cfg(not(unix))]
    pub(crate) fn from_metadata(_: &Metadata) -> Self {
        Self([0, 0])
    }
}
