//! The test oracle: what a reader may do with a file, and what is a fault.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::case::Kind;
use crate::format::Format;
use crate::process;

/// The maximum number of characters of a readable message.
const LONGEST_MESSAGE: usize = 600;
/// How far a reader may grow while it reads one file of at most a few megabytes.
pub(crate) const MEMORY_MIB: u64 = 1024;

/// What a reader has made of an input that it accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The same for inputs that mean the same.
    pub(crate) digest: String,
    /// Lines that the program prints about it.
    pub(crate) lines: Vec<String>,
    /// What does not fit together in the result.
    pub(crate) faults: Vec<String>,
}

impl Reading {
    /// A reading with its digest only.
    pub(crate) fn of(digest: impl Into<String>) -> Self {
        Self { digest: digest.into(), ..Self::default() }
    }
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The input was read.
    Accepted,
    /// The input was refused with a readable message.
    Refused,
    /// The reader has a fault.
    Fault(String),
}

/// The messages of all panics of this process since the last case.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on panics are recorded rather than printed.
pub(crate) fn record_panics() {
    panic::set_hook(Box::new(|info| {
        let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
        panics.push(info.to_string().replace('\n', " "));
    }));
}

/// Read what is in `folder` and judge the result. `expected` is the digest of the seed that
/// the input comes from.
pub(crate) fn verdict(format: &Format, kind: Kind, expected: &str, folder: &Path) -> Verdict {
    let before = process::reset_peak();
    let result = panic::catch_unwind(AssertUnwindSafe(|| (format.read)(folder)));
    let panics = std::mem::take(&mut *PANICS.lock().unwrap_or_else(PoisonError::into_inner));
    let grown = before.zip(process::peak_mib()).map(|(before, peak)| peak.saturating_sub(before));
    if let Some(grown) = grown.filter(|grown| *grown > MEMORY_MIB) {
        return Verdict::Fault(format!("memory: {grown} MiB, at most {MEMORY_MIB} are allowed"));
    }
    match result {
        Err(payload) => Verdict::Fault(format!("panic: {}", what_panicked(&panics, &*payload))),
        Ok(_) if !panics.is_empty() => Verdict::Fault(format!("panic inside: {}", panics[0])),
        Ok(Err(error)) => judge_refusal(kind, &format!("{error:#}")),
        Ok(Ok(reading)) => judge_reading(kind, expected, &reading),
    }
}

fn what_panicked(panics: &[String], payload: &(dyn Any + Send)) -> String {
    let of_payload = || {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
    };
    panics.first().cloned().unwrap_or_else(of_payload)
}

fn judge_refusal(kind: Kind, message: &str) -> Verdict {
    match (kind, fault_of_line(message)) {
        (_, Some(fault)) => Verdict::Fault(format!("message {fault}: {message}")),
        (Kind::Mutated, None) => Verdict::Refused,
        (Kind::Seed, None) => Verdict::Fault(format!("a valid input is refused: {message}")),
        (Kind::Respelled, None) => {
            Verdict::Fault(format!("another spelling is refused: {message}"))
        }
    }
}

fn judge_reading(kind: Kind, expected: &str, reading: &Reading) -> Verdict {
    if let Some(fault) = reading.faults.first() {
        return Verdict::Fault(format!("accepted, but {fault}"));
    }
    for line in &reading.lines {
        if let Some(fault) = fault_of_line(line) {
            return Verdict::Fault(format!("line {fault}: {line}"));
        }
    }
    if kind != Kind::Mutated && reading.digest != expected {
        return Verdict::Fault("the same input in another spelling reads otherwise".to_owned());
    }
    Verdict::Accepted
}

/// Why a line must not go to a terminal.
fn fault_of_line(line: &str) -> Option<String> {
    let n_characters = line.chars().count();
    let control = line.chars().find(|character| character.is_control());
    match control {
        _ if line.trim().is_empty() => Some("is empty".to_owned()),
        Some('\n') => Some("has several lines".to_owned()),
        Some(control) => Some(format!("has the control character {control:?}")),
        None if n_characters > LONGEST_MESSAGE => Some(format!("has {n_characters} characters")),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_a_terminal_are_short_single_and_clean() {
        assert_eq!(fault_of_line("cannot read a.png"), None);
        assert_eq!(fault_of_line(&"é".repeat(600)), None);
        for (line, expected) in [
            ("", "is empty"),
            ("a\nb", "several lines"),
            ("a\u{1b}[31mb", "control character"),
            (&"x".repeat(601), "601 characters"),
        ] {
            assert!(fault_of_line(line).unwrap().contains(expected), "{line}");
        }
    }

    #[test]
    fn only_damaged_inputs_may_be_refused() {
        assert_eq!(judge_refusal(Kind::Mutated, "no"), Verdict::Refused);
        assert!(matches!(judge_refusal(Kind::Seed, "no"), Verdict::Fault(_)));
        assert!(matches!(judge_refusal(Kind::Respelled, "no"), Verdict::Fault(_)));
    }

    #[test]
    fn another_spelling_must_read_equal() {
        let reading = Reading::of("a");
        assert_eq!(judge_reading(Kind::Respelled, "a", &reading), Verdict::Accepted);
        assert_eq!(judge_reading(Kind::Mutated, "b", &reading), Verdict::Accepted);
        assert!(matches!(judge_reading(Kind::Respelled, "b", &reading), Verdict::Fault(_)));
    }
}
