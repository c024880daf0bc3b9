//! Fault injection at the n-th operation of a process, requested by the environment.

mod power_cut;

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::operation::Operation;
use power_cut::Unsynced;

/// `KIND:N[:SEED]`.
pub(crate) const FAULT: &str = "GAN_FILES_FAULT";
/// A file that every operation is listed in.
pub(crate) const TRACE: &str = "GAN_FILES_TRACE";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NoSpace,
    Io,
    Short,
    Kill,
    KillHalf,
    PowerCut,
}

/// What is to happen, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fault {
    kind: Kind,
    at: u64,
    seed: u64,
}

impl Fault {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let kind = match parts.next()? {
            "enospc" => Kind::NoSpace,
            "eio" => Kind::Io,
            "short" => Kind::Short,
            "kill" => Kind::Kill,
            "kill-half" => Kind::KillHalf,
            "power-cut" => Kind::PowerCut,
            _ => return None,
        };
        let at = parts.next()?.parse().ok()?;
        let seed = parts.next().map_or(Some(0), |seed| seed.parse().ok())?;
        parts.next().is_none().then_some(Self { kind, at, seed })
    }
}

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    made: u64,
    unsynced: Unsynced,
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    static STATE: OnceLock<Mutex<State>> = OnceLock::new();
    let state = STATE.get_or_init(|| {
        let fault = env::var(FAULT).ok();
        let parsed = fault.as_deref().and_then(Fault::parse);
        if fault.is_some() && parsed.is_none() {
            // A fault that is misspelled would pass for a run without one.
            std::process::abort();
        }
        Mutex::new(State { fault: parsed, ..State::default() })
    });
    work(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}

/// An operation is about to be made: it may fail here, or the process end; `half` makes half of it.
pub(crate) fn at(operation: Operation, path: &Path, half: impl FnOnce()) -> io::Result<()> {
    let struck = with(|state| {
        state.made += 1;
        trace(state.made, operation, path);
        state.fault.filter(|fault| fault.at == state.made)
    });
    let Some(fault) = struck else { return Ok(()) };
    match fault.kind {
        Kind::NoSpace => Err(io::Error::from(io::ErrorKind::StorageFull)),
        Kind::Io => Err(io::Error::other("input/output error")),
        Kind::Short => {
            half();
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }
        Kind::Kill => std::process::abort(),
        Kind::KillHalf => {
            half();
            std::process::abort()
        }
        Kind::PowerCut => {
            half();
            with(|state| state.unsynced.lose(fault.seed));
            std::process::abort()
        }
    }
}

fn trace(n: u64, operation: Operation, path: &Path) {
    let Some(file) = env::var_os(TRACE) else { return };
    let file = OpenOptions::new().create(true).append(true).open(file);
    // Without the list, the one who asked for it sees that there is none.
    let _ = file.and_then(|mut file| writeln!(file, "{n} {operation:?} {}", path.display()));
}

/// Notes what is not on the disk yet, if a power cut is to come.
fn note(change: impl FnOnce(&mut Unsynced)) {
    with(|state| {
        if state.fault.is_some_and(|fault| fault.kind == Kind::PowerCut) {
            change(&mut state.unsynced);
        }
    });
}

pub(crate) fn made(path: &Path) {
    note(|unsynced| unsynced.made(path));
}

pub(crate) fn renames(from: &Path, to: &Path) {
    note(|unsynced| unsynced.renames(from, to));
}

pub(crate) fn removes(path: &Path) {
    note(|unsynced| unsynced.removes(path));
}

pub(crate) fn wrote(path: &Path, length: u64) {
    note(|unsynced| unsynced.wrote(path, length));
}

pub(crate) fn synced(path: &Path) {
    note(|unsynced| unsynced.synced(path));
}

pub(crate) fn folder_synced(path: &Path) {
    note(|unsynced| unsynced.folder_synced(path));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_from_their_text() {
        let power_cut = Fault { kind: Kind::PowerCut, at: 7, seed: 3 };
        assert_eq!(Fault::parse("power-cut:7:3"), Some(power_cut));
        assert_eq!(Fault::parse("eio:1"), Some(Fault { kind: Kind::Io, at: 1, seed: 0 }));
        for wrong in ["", "eio", "eio:x", "flood:1", "kill:1:2:3"] {
            assert_eq!(Fault::parse(wrong), None, "{wrong}");
        }
    }
}
