//! Atomic folders: they appear complete or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gan_files::WholeFolder;
use sha2::{Digest, Sha256};

use super::CheckpointError;

const SUMS: &str = "SHA256SUMS";
const PREFIX: &str = "step-";

fn reading(path: &Path) -> impl Fn(std::io::Error) -> CheckpointError {
    move |source| CheckpointError::Read { path: path.to_owned(), source }
}

/// A checkpoint being written; dropped before [`commit`](Self::commit), it leaves nothing.
pub(super) struct Writing {
    folder: WholeFolder,
    sums: String,
}

impl Writing {
    /// The folder of the checkpoints is made if it is missing, but not its parent: that
    /// one has been moved or deleted, and what is saved under its name would belong to nothing.
    pub(super) fn begin(dir: &Path, step: u64) -> Result<Self, CheckpointError> {
        if !dir.is_dir() {
            gan_files::create_folder(dir)?;
        }
        let folder = WholeFolder::begin(dir, &format!("{PREFIX}{step:010}"))?;
        Ok(Self { folder, sums: String::new() })
    }

    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), CheckpointError> {
        self.sums += &format!("{}  {name}\n", sha256(bytes));
        Ok(self.folder.file(name, bytes)?)
    }

    /// Make the checkpoint appear, in the place of one of the same step if there is one.
    pub(super) fn commit(mut self) -> Result<PathBuf, CheckpointError> {
        self.folder.file(SUMS, self.sums.as_bytes())?;
        Ok(self.folder.commit()?)
    }
}

/// The files of a checkpoint, each of which is what was written, by their names.
pub(super) type Files = BTreeMap<&'static str, Vec<u8>>;

/// Every file in `required`, if it is there and is what was written.
///
/// They are read once: what is used is what was checked, even if the checkpoint goes meanwhile.
pub(super) fn verified(path: &Path, required: &[&'static str]) -> Result<Files, CheckpointError> {
    let sums_path = path.join(SUMS);
    let sums = String::from_utf8_lossy(&read(&sums_path)?).into_owned();
    let mut files = Files::new();
    for &name in required {
        let recorded = sums.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix("  "));
        let Some(expected) = recorded else {
            return Err(CheckpointError::Incomplete { path: sums_path, missing: name });
        };
        let file = path.join(name);
        let bytes = read(&file)?;
        let found = sha256(&bytes);
        if found != expected {
            // A checksum has 64 digits; what else stands there must not reach a terminal as it is.
            let expected = expected.escape_debug().take(64).collect();
            return Err(CheckpointError::Damaged { path: file, expected, found });
        }
        files.insert(name, bytes);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, CheckpointError> {
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

/// Drop the oldest checkpoints until `keep` are left, and that of the step `best`.
pub(super) fn prune(dir: &Path, keep: usize, best: Option<u64>) -> Result<(), CheckpointError> {
    let all = list(dir)?;
    let surplus = all.len().saturating_sub(keep);
    for (step, path) in &all[..surplus] {
        if Some(*step) != best {
            WholeFolder::discard(dir, path)?;
        }
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
