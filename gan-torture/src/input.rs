//! What a reader is given: a file, or a folder of them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Something at a path of an input's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A file with these bytes.
    File(Vec<u8>),
    /// A symbolic link to this path.
    Link(String),
    /// An empty folder.
    Folder,
}

/// Entries by path, within a folder that is made for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Input {
    /// The entries; parts of a path have `/` between them.
    pub(crate) entries: BTreeMap<String, Entry>,
}

impl Input {
    /// One file.
    pub(crate) fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self::default().with(name, bytes)
    }

    /// The same with one more file.
    pub(crate) fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.entries.insert(name.to_owned(), Entry::File(bytes.into()));
        self
    }

    /// The bytes of a file, empty where there is none.
    pub(crate) fn bytes(&self, name: &str) -> &[u8] {
        match self.entries.get(name) {
            Some(Entry::File(bytes)) => bytes,
            _ => &[],
        }
    }

    /// The bytes of the one file or, of several, of the `index`-th.
    pub(crate) fn bytes_mut(&mut self, index: usize) -> Option<&mut Vec<u8>> {
        let files = self.entries.values_mut().filter_map(|entry| match entry {
            Entry::File(bytes) => Some(bytes),
            _ => None,
        });
        files.into_iter().nth(index)
    }

    /// How many files there are.
    pub(crate) fn n_files(&self) -> usize {
        self.entries.values().filter(|entry| matches!(entry, Entry::File(_))).count()
    }

    /// Write all of it below `folder`. An entry that the file system refuses is left out: such a
    /// name cannot be in the way of a reader.
    ///
    /// # Errors
    /// The folder itself cannot be made.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for (name, entry) in &self.entries {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                let _ = fs::create_dir_all(parent);
            }
            let _ = match entry {
                Entry::File(bytes) => fs::write(&path, bytes),
                Entry::Link(target) => link(target, &path),
                Entry::Folder => fs::create_dir(&path),
            };
        }
        Ok(())
    }
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_target: &str, _path: &Path) -> io::Result<()> {
    Ok(())
}
