//! The program on readers with planted faults: a check that cannot fail is worth nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot start the program has failed")]

use std::process::{Command, Output};

fn torture(arguments: &[&str]) -> Output {
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gan-torture"));
    command.arg("files").args(arguments).arg("--out").arg(out.path()).output().unwrap()
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The fault of `format` is reported with the number of its case, and the others continue.
fn finds(format: &str, fault: &str) {
    let output = torture(&["--format", format, "--executions", "2"]);
    let shown = shown(&output);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    for case in 0..2 {
        let named = format!("FAULT --format {format} --case {case}: ");
        let line = shown.lines().find(|line| line.starts_with(&named));
        assert!(line.is_some_and(|line| line.contains(fault)), "{fault}: {shown}");
    }
    assert!(shown.contains("2 executions, 2 faults"), "{shown}");
}

#[test]
fn a_sound_reader_has_no_fault() {
    let output = torture(&["--format", "planted-sound", "--executions", "600"]);
    let shown = shown(&output);
    assert!(output.status.success(), "{shown}");
    assert!(shown.contains("| planted-sound | 600 | 600 | 0 | 0 |"), "{shown}");
}

#[test]
fn panics_are_found_wherever_they_happen() {
    finds("planted-panic", "panic: panicked at");
    finds("planted-panic-in-a-thread", "panic inside: panicked at");
}

#[cfg(unix)]
#[test]
fn a_reader_that_takes_the_process_along_is_found() {
    finds("planted-abort", "died: signal: 6");
    finds("planted-deep-recursion", "died: signal: 6");
}

#[cfg(target_os = "linux")]
#[test]
fn memory_beyond_the_limit_is_found() {
    finds("planted-memory", "MiB, at most 1024 are allowed");
    finds("planted-endless-memory", "memory allocation of");
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_never_ends_is_found() {
    finds("planted-busy-loop", "time: more than 10 s of processor time");
}

#[test]
fn messages_unfit_for_a_terminal_are_found() {
    finds("planted-control-character", "has the control character");
    finds("planted-two-lines", "has several lines");
    finds("planted-long-message", "has 601 characters");
    finds("planted-long-line", "line has 601 characters");
    finds("planted-print", "the reader printed");
}

#[test]
fn results_that_do_not_fit_together_are_found() {
    finds("planted-wrong-numbers", "accepted, but 3 samples counted of 4");
}

#[test]
fn valid_inputs_that_are_refused_or_read_otherwise_are_found() {
    let output = torture(&["--format", "planted-refusal", "--executions", "300"]);
    let refused = shown(&output);
    assert!(refused.contains("a valid input is refused: no file is good enough"), "{refused}");
    assert!(refused.contains("another spelling is refused"), "{refused}");
    let output = torture(&["--format", "planted-spelling", "--executions", "300"]);
    let otherwise = shown(&output);
    assert!(otherwise.contains("in another spelling reads otherwise"), "{otherwise}");
}

#[test]
fn the_input_of_a_fault_is_kept_and_its_case_can_be_read_again() {
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gan-torture"));
    command
        .args(["files", "--format", "planted-panic", "--case", "12345", "--out"])
        .arg(out.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(out.path().join("planted-panic-12345").join("file").is_file());
}
