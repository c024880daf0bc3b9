//! What a power cut takes: whatever was not synced, or a part of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::parent_of;

/// A change of a folder's entries that the folder has not been synced after.
enum Change {
    Made(PathBuf),
    Renamed {
        from: PathBuf,
        to: PathBuf,
        /// What stood under the new name.
        replaced: Option<Vec<u8>>,
    },
    Removed {
        path: PathBuf,
        /// The file's bytes; none of a folder.
        bytes: Option<Vec<u8>>,
    },
}

impl Change {
    /// The path whose folder has to be synced.
    fn path(&self) -> &Path {
        match self {
            Self::Made(path) | Self::Renamed { to: path, .. } | Self::Removed { path, .. } => path,
        }
    }

    fn paths(&self) -> Vec<&Path> {
        match self {
            Self::Renamed { from, to, .. } => vec![from, to],
            one => vec![one.path()],
        }
    }

    /// Makes it undone. What fails here leaves it done, which is as lawful.
    fn undo(&self) {
        let _ = match self {
            Self::Made(path) if path.is_dir() => fs::remove_dir_all(path),
            Self::Made(path) => fs::remove_file(path),
            Self::Renamed { from, to, replaced } => fs::rename(to, from)
                .and_then(|()| replaced.as_ref().map_or(Ok(()), |bytes| fs::write(to, bytes))),
            Self::Removed { path, bytes: Some(bytes) } => fs::write(path, bytes),
            Self::Removed { path, bytes: None } => fs::create_dir(path),
        };
    }
}

/// Everything that is not on the disk yet.
#[derive(Default)]
pub(super) struct Unsynced {
    changes: Vec<Change>,
    /// Files with the length that is on the disk.
    lengths: BTreeMap<PathBuf, u64>,
}

impl Unsynced {
    pub(super) fn made(&mut self, path: &Path) {
        self.changes.push(Change::Made(path.to_owned()));
    }

    pub(super) fn renames(&mut self, from: &Path, to: &Path) {
        let replaced = fs::read(to).ok();
        self.changes.push(Change::Renamed { from: from.to_owned(), to: to.to_owned(), replaced });
        self.lengths.remove(to);
        let moved: Vec<_> =
            self.lengths.keys().filter(|path| path.starts_with(from)).cloned().collect();
        for path in moved {
            let (Some(length), Ok(rest)) = (self.lengths.remove(&path), path.strip_prefix(from))
            else {
                continue;
            };
            let path = if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) };
            self.lengths.insert(path, length);
        }
    }

    pub(super) fn removes(&mut self, path: &Path) {
        let bytes = fs::read(path).ok();
        self.changes.push(Change::Removed { path: path.to_owned(), bytes });
        self.lengths.remove(path);
    }

    pub(super) fn wrote(&mut self, path: &Path, length: u64) {
        self.lengths.entry(path.to_owned()).or_insert(length);
    }

    pub(super) fn synced(&mut self, path: &Path) {
        self.lengths.remove(path);
    }

    pub(super) fn folder_synced(&mut self, folder: &Path) {
        self.changes.retain(|change| parent_of(change.path()) != folder);
    }

    /// Loses a choice of it: file systems write what they please, but what happened to one name in
    /// the order in which it happened.
    pub(super) fn lose(&mut self, seed: u64) {
        let mut draws = Draws(seed);
        for (path, &on_disk) in &self.lengths {
            let Ok(file) = File::options().write(true).open(path) else { continue };
            let length = file.metadata().map_or(on_disk, |metadata| metadata.len());
            let _ = file.set_len(on_disk + draws.below(length.saturating_sub(on_disk) + 1));
        }
        let mut kept: Vec<PathBuf> = Vec::new();
        for change in self.changes.iter().rev() {
            let paths = change.paths();
            let is_kept = |path: &Path| {
                kept.iter().any(|kept| path.starts_with(kept) || kept.starts_with(path))
            };
            if paths.iter().any(|path| is_kept(path)) || draws.below(2) == 0 {
                let new: Vec<_> = paths.into_iter().map(Path::to_owned).collect();
                kept.extend(new);
            } else {
                change.undo();
            }
        }
    }
}

/// SplitMix64.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % bound
    }
}
