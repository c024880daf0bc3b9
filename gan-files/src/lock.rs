//! File locks: one writer of a folder at a time.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{FileError, Identity, about};

/// The file in a folder that its writer holds a lock on.
const NAME: &str = ".lock";
/// How often a lock file may be moved away between being opened and being locked.
const ATTEMPTS: usize = 100;

/// The lock of a folder; dropped, it is released and its file removed.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

/// A folder that no other process holds.
#[derive(Debug)]
pub enum Locked {
    /// It is held now.
    Held(Lock),
    /// The file system offers no locks.
    Unsupported,
}

/// Why a folder cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("held by {0}")]
    Held(Holder),
    /// The lock's file cannot be made.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The process that holds a lock, as far as it has recorded itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Process, host and time, in words.
    words: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words.as_deref().unwrap_or("another process"))
    }
}

impl Lock {
    /// The name of the lock's file in every folder.
    pub const NAME: &str = NAME;

    /// Holds `folder`, unless another process does.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn of(folder: &Path) -> Result<Locked, LockError> {
        let path = folder.join(NAME);
        for _ in 0..ATTEMPTS {
            let mut options = File::options();
            options.read(true).write(true).create(true).truncate(false);
            let file = options.open(&path).map_err(about(&path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(&path))),
                Err(TryLockError::Error(_)) => return Ok(Locked::Unsupported),
            }
            // The holder before may have removed the file, or moved it away with its folder.
            let held = file.metadata().map(|metadata| Identity::from_metadata(&metadata));
            if Identity::of(&path).ok() == held.ok() {
                let mut lock = Self { path, file };
                lock.say_who().map_err(about(&lock.path))?;
                return Ok(Locked::Held(lock));
            }
        }
        Err(LockError::Held(holder(&path)))
    }

    /// Whether a process holds `folder`: for programs that only read it. Nothing is written.
    pub fn is_held(folder: &Path) -> bool {
        let Ok(file) = File::open(folder.join(NAME)) else { return false };
        // Held for a moment itself, and by readers together; dropped, it is free again.
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// The folder has been moved to `folder`, and the lock's file with it.
    pub fn moved_to(&mut self, folder: &Path) {
        self.path = folder.join(NAME);
    }

    fn say_who(&mut self) -> io::Result<()> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let process = std::process::id();
        let host = host().map_or(String::new(), |host| format!(" on {host}"));
        self.file.set_len(0)?;
        write!(self.file, "process {process}{host} (since {})", utc(since.as_secs()))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still held while it is removed, so that a process that opens it later finds that it is gone.
        let held = self.file.metadata().map(|metadata| Identity::from_metadata(&metadata));
        if Identity::of(&self.path).ok() == held.ok() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What the holder has written, if it is what a holder writes.
fn holder(path: &Path) -> Holder {
    let bytes = fs::read(path).unwrap_or_default();
    let words = String::from_utf8(bytes).ok().filter(|words| {
        words.starts_with("process ") && words.len() < 200 && !words.contains(char::is_control)
    });
    Holder { words }
}

fn host() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    (!name.is_empty() && name.len() < 100).then(|| name.to_owned())
}

/// A time in seconds since 1970 as `2026-11-28 23:05:09 UTC`.
fn utc(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March: a leap day is the last of its year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let day = day - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_since_1970_are_a_date() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_795_907_109), "2026-11-28 23:05:09 UTC");
    }

    #[test]
    fn a_held_folder_names_its_holder_and_a_released_one_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let Locked::Held(lock) = Lock::of(dir.path()).unwrap() else { panic!("no locks here") };
        let message = Lock::of(dir.path()).unwrap_err().to_string();
        assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
        assert!(message.contains("(since 2"), "{message}");
        assert!(Lock::is_held(dir.path()));
        drop(lock);
        assert!(!Lock::is_held(dir.path()));
        assert!(!dir.path().join(NAME).exists());
        assert!(matches!(Lock::of(dir.path()), Ok(Locked::Held(_))));
    }

    #[test]
    fn a_lock_file_that_nobody_holds_is_taken_over() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(NAME), "process 1 (since long ago) and more").unwrap();
        assert!(!Lock::is_held(dir.path()));
        let Locked::Held(_lock) = Lock::of(dir.path()).unwrap() else { panic!("no locks here") };
        let words = fs::read_to_string(dir.path().join(NAME)).unwrap();
        assert!(words.ends_with(" UTC)"), "{words}");
    }

    #[test]
    fn a_lock_goes_with_its_folder_and_the_old_name_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let (old, aside) = (dir.path().join("run"), dir.path().join("run.old-1"));
        fs::create_dir(&old).unwrap();
        let Locked::Held(mut lock) = Lock::of(&old).unwrap() else { panic!("no locks here") };
        fs::rename(&old, &aside).unwrap();
        lock.moved_to(&aside);
        fs::create_dir(&old).unwrap();
        assert!(matches!(Lock::of(&old), Ok(Locked::Held(_))));
        assert!(matches!(Lock::of(&aside), Err(LockError::Held(_))));
        drop(lock);
        assert!(matches!(Lock::of(&aside), Ok(Locked::Held(_))));
    }
}
