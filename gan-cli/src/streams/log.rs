//! The log file: progress and messages, a line each, beside what the terminal shows.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf, absolute};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::queue::Queue;
use super::{STDERR, WAITING, line};

/// A file that is open to have lines appended.
pub(crate) struct LogFile {
    path: PathBuf,
    file: File,
}

impl LogFile {
    /// Refuse what can be no file, before anything is made.
    pub(crate) fn check(path: &Path) -> anyhow::Result<()> {
        ensure!(!path.is_dir(), "--log names the folder {}, expected a file", path.display());
        Ok(())
    }

    /// Whether the file is in the folder, and so cannot be opened before that is made.
    pub(crate) fn lies_in(path: &Path, folder: &Path) -> bool {
        match (absolute(path), absolute(folder)) {
            (Ok(path), Ok(folder)) => path.starts_with(folder),
            _ => false,
        }
    }

    /// Open the file, and make its parent folders.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| OpenOptions::new().create(true).append(true).open(path))
            .map(|file| Self { path: path.to_owned(), file })
            .with_context(|| format!("cannot write the log {}", path.display()))
    }
}

/// The log of this program, if it keeps one.
pub(super) struct Log(Mutex<State>);

enum State {
    Absent,
    /// Until it is open: the lines of before.
    Kept(Vec<String>),
    Open(Queue),
}

impl Log {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(State::Absent))
    }

    pub(super) fn keep(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Kept(Vec::new());
    }

    pub(super) fn begin(&self, file: LogFile) {
        let LogFile { path, file } = file;
        let mut is_said = false;
        let queue = Queue::telling(file, WAITING, move |error| {
            // Not to the log itself, and once: the next line may fit again.
            if !std::mem::replace(&mut is_said, true) {
                let path = path.display();
                let said =
                    format!("warning: cannot write the log {path}: {error}; training goes on");
                STDERR.offer(line(&said).into_bytes());
            }
        });
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Kept(lines) = &mut *state {
            lines.drain(..).for_each(|line| queue.offer(line.into_bytes()));
        }
        *state = State::Open(queue);
    }

    pub(super) fn write(&self, line: &str) {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Absent => {}
            State::Kept(lines) => lines.push(line.to_owned()),
            State::Open(queue) => queue.offer(line.as_bytes().to_vec()),
        }
    }

    pub(super) fn settle(&self, patience: Duration) {
        if let State::Open(queue) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            queue.settle(patience);
        }
    }
}
