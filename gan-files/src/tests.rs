//! Every fault, in a process of its own: this test program started again for one test.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus};

use crate::{AppendFile, WholeFolder, faults, replace};

const FOLDER: &str = "GAN_FILES_TEST_FOLDER";

/// What is struck: a file replaced, lines appended and synced, a folder that appears.
fn work(dir: &Path) -> Result<(), crate::FileError> {
    replace(&dir.join("file"), b"the new contents")?;
    let mut lines = AppendFile::open(&dir.join("lines"))?;
    lines.append(b"first line\n")?;
    lines.sync()?;
    lines.append(b"second line\n")?;
    let mut folder = WholeFolder::begin(dir, "step-2")?;
    folder.file("one", b"contents of one")?;
    folder.file("two", b"contents of two")?;
    folder.commit()?;
    WholeFolder::discard(dir, &dir.join("step-1"))
}

/// Nothing to do unless it is started by [`struck`].
#[test]
fn a_process_that_is_struck() {
    if let Some(dir) = std::env::var_os(FOLDER) {
        if work(Path::new(&dir)).is_err() {
            std::process::exit(3);
        }
        std::process::exit(0);
    }
}

fn prepare(dir: &Path) {
    fs::write(dir.join("file"), "the old contents").unwrap();
    fs::create_dir(dir.join("step-1")).unwrap();
    fs::write(dir.join("step-1/one"), "old").unwrap();
}

fn start(dir: &Path, name: &str, value: &str) -> ExitStatus {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tests::a_process_that_is_struck", "--nocapture"]);
    command.env(FOLDER, dir).env(name, value).output().unwrap().status
}

/// How many operations the work has.
fn operations() -> u64 {
    let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    prepare(dir.path());
    let trace = out.path().join("trace");
    assert_eq!(start(dir.path(), faults::TRACE, trace.to_str().unwrap()).code(), Some(0));
    check_promises(dir.path(), "nothing");
    fs::read_to_string(trace).unwrap().lines().count() as u64
}

/// Old or new, never half; and what was synced before is there.
fn check_promises(dir: &Path, fault: &str) {
    let read = |name: &str| fs::read_to_string(dir.join(name)).ok();
    let file = read("file").unwrap();
    assert!(["the old contents", "the new contents"].contains(&file.as_str()), "{fault}: {file}");
    let lines = read("lines").unwrap_or_default();
    assert!("first line\nsecond line\n".starts_with(&lines), "{fault}: {lines}");
    if dir.join("step-2").exists() {
        assert_eq!(read("step-2/one").as_deref(), Some("contents of one"), "{fault}");
        assert_eq!(read("step-2/two").as_deref(), Some("contents of two"), "{fault}");
        assert_eq!(file, "the new contents", "{fault}");
        assert!(lines.starts_with("first line\n"), "{fault}: {lines}");
    } else {
        assert_eq!(read("step-1/one").as_deref(), Some("old"), "{fault}");
    }
    if dir.join("step-1").exists() {
        assert_eq!(read("step-1/one").as_deref(), Some("old"), "{fault}");
    }
}

fn check_every_operation(kind: &str, seeds: u64, ends: Option<i32>) {
    let operations = operations();
    assert!(operations > 20, "{operations}");
    for n in 1..=operations {
        for seed in 0..seeds {
            let dir = tempfile::tempdir().unwrap();
            prepare(dir.path());
            let fault = format!("{kind}:{n}:{seed}");
            assert_eq!(start(dir.path(), faults::FAULT, &fault).code(), ends, "{fault}");
            check_promises(dir.path(), &fault);
        }
    }
}

#[test]
fn an_operation_that_fails_fails_the_work_and_leaves_old_or_new() {
    check_every_operation("enospc", 1, Some(3));
    check_every_operation("eio", 1, Some(3));
}

#[test]
fn a_short_write_leaves_old_or_new() {
    check_every_operation("short", 1, Some(3));
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_operation_leaves_old_or_new() {
    check_every_operation("kill", 1, None);
    check_every_operation("kill-half", 1, None);
}

#[cfg(unix)]
#[test]
fn a_power_cut_at_any_operation_leaves_old_or_new() {
    check_every_operation("power-cut", 6, None);
}

#[test]
fn what_a_kill_left_is_swept() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".tmp12-0"), "half").unwrap();
    fs::create_dir(dir.path().join(".tmp-folder")).unwrap();
    fs::write(dir.path().join("kept"), "whole").unwrap();
    crate::sweep(dir.path(), crate::TEMPORARY).unwrap();
    let left = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["kept"]);
}
