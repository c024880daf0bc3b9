//! Folders that appear complete or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::CheckpointError;

const SUMS: &str = "SHA256SUMS";
const PREFIX: &str = "step-";
/// Folders under this name are half-written or on their way out; nobody reads them.
const UNFINISHED: &str = ".unfinished-";

fn writing(path: &Path) -> impl Fn(std::io::Error) -> CheckpointError {
    move |source| CheckpointError::Write { path: path.to_owned(), source }
}

fn reading(path: &Path) -> impl Fn(std::io::Error) -> CheckpointError {
    move |source| CheckpointError::Read { path: path.to_owned(), source }
}

/// A checkpoint being written; dropped before [`commit`](Self::commit), it leaves nothing.
pub(super) struct Writing {
    dir: PathBuf,
    name: String,
    unfinished: PathBuf,
    sums: String,
}

impl Writing {
    pub(super) fn begin(dir: &Path, step: u64) -> Result<Self, CheckpointError> {
        fs::create_dir_all(dir).map_err(writing(dir))?;
        sweep(dir)?;
        let name = format!("{PREFIX}{step:010}");
        let unfinished = dir.join(format!("{UNFINISHED}{name}"));
        fs::create_dir(&unfinished).map_err(writing(&unfinished))?;
        Ok(Self { dir: dir.to_owned(), name, unfinished, sums: String::new() })
    }

    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), CheckpointError> {
        self.sums += &format!("{}  {name}\n", sha256(bytes));
        write_through(&self.unfinished.join(name), bytes)
    }

    /// Make the checkpoint appear, in the place of one of the same step if there is one.
    pub(super) fn commit(self) -> Result<PathBuf, CheckpointError> {
        write_through(&self.unfinished.join(SUMS), self.sums.as_bytes())?;
        sync_folder(&self.unfinished)?;
        let path = self.dir.join(&self.name);
        if path.exists() {
            discard(&self.dir, &path)?;
        }
        fs::rename(&self.unfinished, &path).map_err(writing(&path))?;
        sync_folder(&self.dir)?;
        Ok(path)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // After `commit` there is nothing under this name; after a failure nobody needs it.
        let _ = fs::remove_dir_all(&self.unfinished);
    }
}

/// Every file in `required` is there and is what was written.
pub(super) fn verify(path: &Path, required: &[&'static str]) -> Result<(), CheckpointError> {
    let sums_path = path.join(SUMS);
    let sums = String::from_utf8_lossy(&read(&sums_path)?).into_owned();
    for &name in required {
        let recorded = sums.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix("  "));
        let Some(expected) = recorded else {
            return Err(CheckpointError::Incomplete { path: sums_path, missing: name });
        };
        let file = path.join(name);
        let found = sha256(&read(&file)?);
        if found != expected {
            // A checksum has 64 digits; what else stands there must not reach a terminal as it is.
            let expected = expected.escape_debug().take(64).collect();
            return Err(CheckpointError::Damaged { path: file, expected, found });
        }
    }
    Ok(())
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, CheckpointError> {
    fs::read(path).map_err(reading(path))
}

/// The checkpoints in `dir` with their steps, oldest first.
pub(super) fn list(dir: &Path) -> Result<Vec<(u64, PathBuf)>, CheckpointError> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(reading(dir))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(reading(dir))?;
        let name = entry.file_name();
        let step = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.parse().ok());
        found.extend(step.map(|step| (step, entry.path())));
    }
    found.sort();
    Ok(found)
}

/// Drop the oldest checkpoints until `keep` are left.
pub(super) fn prune(dir: &Path, keep: usize) -> Result<(), CheckpointError> {
    let all = list(dir)?;
    let surplus = all.len().saturating_sub(keep);
    all[..surplus].iter().try_for_each(|(_, path)| discard(dir, path))
}

/// Remove a checkpoint so that it is never seen half-removed.
fn discard(dir: &Path, path: &Path) -> Result<(), CheckpointError> {
    let leaving = dir.join(format!("{UNFINISHED}{}", std::process::id()));
    fs::rename(path, &leaving).map_err(writing(path))?;
    fs::remove_dir_all(&leaving).map_err(writing(&leaving))
}

/// Remove what a killed write or removal left behind.
fn sweep(dir: &Path) -> Result<(), CheckpointError> {
    for entry in fs::read_dir(dir).map_err(reading(dir))? {
        let entry = entry.map_err(reading(dir))?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path()).map_err(writing(&entry.path()))?;
        }
    }
    Ok(())
}

/// Write a file and wait until it is on the disk.
fn write_through(path: &Path, bytes: &[u8]) -> Result<(), CheckpointError> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(writing(path))
}

/// Wait until a folder's entries are on the disk. Only Unix lets a folder be synced.
fn sync_folder(path: &Path) -> Result<(), CheckpointError> {
    if cfg!(unix) {
        File::open(path).and_then(|folder| folder.sync_all()).map_err(writing(path))?;
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
