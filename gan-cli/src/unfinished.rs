//! Atomic output: files that appear under their names when they are complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use tempfile::TempPath;

use crate::run_folder::temporary_file;

/// A file in the making, in folders that are made for it; dropped, it leaves nothing behind.
pub(crate) struct UnfinishedFile {
    path: PathBuf,
    file: BufWriter<File>,
    temporary: TempPath,
    folders: MadeFolders,
}

impl UnfinishedFile {
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let parent = parent_of(path);
        let folders = MadeFolders::down_to(parent)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let (file, temporary) = temporary_file(parent)
            .map_err(without_temporary_name)
            .with_context(|| format!("cannot write {}", path.display()))?
            .into_parts();
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), temporary, folders })
    }

    /// Let the file appear under its name, in place of one that is there.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let Self { path, file, temporary, folders } = self;
        let finish = || {
            file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            temporary.persist(&path).map_err(|failure| failure.error)
        };
        finish()
            .map_err(without_temporary_name)
            .with_context(|| format!("cannot write {}", path.display()))?;
        folders.keep();
        Ok(())
    }
}

impl Write for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for UnfinishedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Write the file that `--out` names, whole or not at all, and make its folder if there is none.
pub(crate) fn write_out(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = UnfinishedFile::create(path)?;
    file.write_all(bytes).with_context(|| format!("cannot write {}", path.display()))?;
    file.finish()
}

/// A file that exists is replaced only by force.
pub(crate) fn ensure_free(path: &Path, force: bool) -> anyhow::Result<()> {
    ensure!(!path.is_dir(), "{} is a folder, expected the name of a file", path.display());
    ensure!(force || !path.exists(), "{} exists; replace it by --force", path.display());
    Ok(())
}

/// The parent folder of a path.
pub(crate) fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Folders that were made for something and go again, as far as they are empty, if it comes to
/// nothing.
pub(crate) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Make a folder and those above it that are missing.
    pub(crate) fn down_to(folder: &Path) -> anyhow::Result<Self> {
        let mut made = Self(Vec::new());
        let missing: Vec<&Path> = folder.ancestors().take_while(|path| !path.exists()).collect();
        for path in missing.into_iter().rev().filter(|path| !path.as_os_str().is_empty()) {
            match fs::create_dir(path) {
                Ok(()) => made.0.push(path.to_owned()),
                Err(_) if path.is_dir() => {}
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("cannot make the folder {}", path.display()));
                }
            }
        }
        ensure!(folder.is_dir(), "{} is no folder", folder.display());
        Ok(made)
    }

    /// They stay.
    pub(crate) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            // One into which another process has put something stays.
            let _ = fs::remove_dir(path);
        }
    }
}

/// The failure itself: the name of a temporary file, which `tempfile` adds to it, is of no use.
pub(crate) fn without_temporary_name(error: io::Error) -> io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((cause, _)) if error.get_ref().is_some() => io::Error::new(error.kind(), cause),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_there_when_it_is_complete_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/c.bin");
        let mut file = UnfinishedFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        assert!(!path.exists());
        file.write_all(b" and half").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"half and half");
        assert_eq!(names_in(&dir.path().join("a/b")), ["c.bin"]);
    }

    #[test]
    fn what_is_given_up_leaves_neither_file_nor_folder() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = UnfinishedFile::create(&dir.path().join("a/b/c.bin")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(names_in(dir.path()), [] as [String; 0]);
    }

    #[test]
    fn a_failure_names_no_temporary_file() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("missing");
        let error = temporary_file(&missing).unwrap_err();
        assert!(error.to_string().contains("missing/.tmp"), "{error}");
        let message = without_temporary_name(error).to_string();
        assert!(message.contains("os error") && !message.contains("tmp"), "{message}");
    }
}
