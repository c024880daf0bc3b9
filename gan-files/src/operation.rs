//! The operations that everything else is made of, into each of which a fault can be injected.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::faults;

/// What is done to the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Write,
    Append,
    Truncate,
    Fsync,
    Rename,
    Remove,
    FolderSync,
}

/// A new file; one that is there is an error.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    faults::at(Operation::Create, path, || ())?;
    let file = File::options().write(true).create_new(true).open(path)?;
    faults::made(path);
    Ok(file)
}

pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    faults::at(Operation::Create, path, || ())?;
    fs::create_dir(path)?;
    faults::made(path);
    Ok(())
}

/// A file to append to, made if missing.
pub(crate) fn open_to_append(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    if is_new {
        faults::at(Operation::Create, path, || ())?;
    }
    let file = File::options().create(true).append(true).open(path)?;
    if is_new {
        faults::made(path);
    }
    Ok(file)
}

pub(crate) fn write(file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_as(Operation::Write, file, path, bytes)
}

pub(crate) fn append(file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_as(Operation::Append, file, path, bytes)
}

fn write_as(operation: Operation, file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let length = file.metadata()?.len();
    faults::at(operation, path, || {
        faults::wrote(path, length);
        // The fault is what counts; a failure of its own changes nothing about it.
        let _ = file.write_all(&bytes[..bytes.len() / 2]);
    })?;
    faults::wrote(path, length);
    file.write_all(bytes)
}

pub(crate) fn truncate(file: &File, path: &Path, length: u64) -> io::Result<()> {
    faults::at(Operation::Truncate, path, || ())?;
    file.set_len(length)
}

pub(crate) fn sync(file: &File, path: &Path) -> io::Result<()> {
    faults::at(Operation::Fsync, path, || ())?;
    file.sync_all()?;
    faults::synced(path);
    Ok(())
}

/// Waits until a folder's entries are on the disk. Only Unix lets a folder be synced.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        faults::at(Operation::FolderSync, path, || ())?;
        File::open(path)?.sync_all()?;
        faults::folder_synced(path);
    }
    Ok(())
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    faults::at(Operation::Rename, to, || ())?;
    faults::renames(from, to);
    fs::rename(from, to)
}

pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    faults::at(Operation::Remove, path, || ())?;
    faults::removes(path);
    fs::remove_file(path)
}

/// A folder with everything in it; struck once for each of its files and once for itself.
pub(crate) fn remove_folder(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => remove_folder(&entry.path())?,
            false => remove_file(&entry.path())?,
        }
    }
    faults::at(Operation::Remove, path, || ())?;
    faults::removes(path);
    fs::remove_dir(path)
}
