//! Standard output and standard error that are closed, full or not read.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::program::{Place, watched};
use crate::signals::logged;

/// A line for every command; those that need a run find one in `run`.
const COMMANDS: [&str; 14] = [
    "--help",
    "train --help",
    "train nosuch",
    "train gan --steps 2 --out other",
    "sample run -n 4 --out s.npy --force",
    "interpolate run --out walk.png --force",
    "export run --out g.safetensors --force",
    "evaluate run --samples 100",
    "data moons -n 10 --out moons.csv --force",
    "divergence --list",
    "list",
    "list --json",
    "completions bash",
    "montage run/samples/step-0000000.png --out sheet.png --force",
];

fn with_a_run() -> Place {
    let place = Place::new();
    place.train("--steps 2 --out run").succeed();
    place
}

#[test]
fn no_command_panics_whatever_its_streams_are() {
    let place = with_a_run();
    let all = [">&-", "2>&-", ">/dev/full", "2>/dev/full", ">&- 2>&-", ">/dev/full 2>/dev/full"];
    for redirections in all {
        for words in COMMANDS {
            let outcome = place.gan_redirected(redirections, words).run();
            assert_ne!(outcome.code, Some(101), "{words} {redirections}: {}", outcome.stderr);
            assert!(outcome.code.is_some(), "{words} {redirections}: {}", outcome.stderr);
            assert!(!outcome.stderr.contains("panicked"), "{words}: {}", outcome.stderr);
            if place.path("other").exists() {
                std::fs::remove_dir_all(place.path("other")).unwrap();
            }
        }
    }
}

#[test]
fn a_result_that_cannot_be_written_names_standard_output() {
    let place = with_a_run();
    for words in ["--help", "list", "divergence --list", "evaluate run --samples 100"] {
        let outcome = place.gan_redirected(">/dev/full", words).run();
        assert_eq!(outcome.code, Some(1), "{words}");
        let message = "error: cannot write to standard output: ";
        assert!(outcome.stderr.starts_with(message), "{words}: {}", outcome.stderr);
    }
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let place = with_a_run();
    for words in ["list", "divergence --list", "completions bash", "evaluate run --samples 100"] {
        let outcome = place.gan_redirected("| true", words).run();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{words}");
        assert_eq!(place.gan(words).stderr_without_reader(), "", "{words}");
    }
}

#[test]
fn a_training_does_not_need_its_standard_error() {
    let place = Place::new();
    watched(place.gan("train gan --steps 40 --out whole")).succeed();
    for (redirections, name) in [("2>/dev/full", "full"), ("2>&-", "closed")] {
        let words = format!("train gan --steps 40 --out {name}");
        watched(place.gan_redirected(redirections, &words)).succeed();
        assert_eq!(
            place.bytes(&format!("{name}/metrics.jsonl")),
            place.bytes("whole/metrics.jsonl")
        );
        assert!(place.path(&format!("{name}/summary.json")).is_file());
    }
}

#[test]
fn a_training_whose_progress_nobody_reads_goes_on() {
    let place = Place::new();
    let mut running = watched(place.gan("train gan --steps 3000 --out run"))
        .set("log.every=1000 steps")
        .set("evaluation.every=100000 steps")
        .start();
    // The pipe of standard error is full at 64 KiB; nothing here takes a byte of it.
    running.until_ended();
    assert!(place.path("run/summary.json").is_file());
}

#[test]
fn json_for_a_reader_that_goes_is_saved_and_said() {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run --json").start();
    let mut lines = BufReader::new(running.stdout()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(first["event"], "data");
    assert_eq!((&first["samples"], &first["classes"]), (&10_000.into(), &2.into()));
    let second: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(second["event"], "started");
    let stepped: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!((&stepped["event"], &stepped["step"]), (&"measured".into(), &1.into()));
    drop(lines);
    let outcome = running.wait();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let said = "standard output is closed at step ";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("go on with: gan train --resume"), "{}", outcome.stderr);
    assert!(!place.names_in("run/checkpoints").is_empty());
    place.gan("sample run -n 2 --out s.npy").succeed();
}

#[test]
fn ctrl_c_is_heard_while_nobody_reads_the_json() {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run --json").start();
    let stdout = running.stdout();
    running.until(|| logged(&place) > 50);
    running.interrupt();
    let outcome = running.wait();
    drop(stdout);
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
}

#[test]
fn the_first_line_says_what_was_read() {
    let place = Place::new();
    let outcome = place.train("--steps 1 --out run").succeed();
    let first = outcome.stderr.lines().next().unwrap();
    assert!(first.starts_with("data: 10000 "), "{first}");
    assert!(first.contains("in 2 classes (0 5000, 1 5000)"), "{first}");
    let manifest: Value = serde_json::from_str(&place.text("run/manifest.json")).unwrap();
    let data = &manifest["data"];
    assert_eq!((&data["samples"], &data["classes"]), (&10_000.into(), &2.into()));
    assert_eq!(data["samples_of_class"], serde_json::json!([5000, 5000]));
}

#[test]
fn a_log_has_progress_and_a_full_one_stops_nothing() {
    let place = Place::new();
    place.train("--steps 20 --out run --json --log logs/run.log").succeed();
    place.train("--steps 20 --out other --log logs/run.log").succeed();
    let log = place.text("logs/run.log");
    assert_eq!(log.matches("step 20/20").count(), 2, "{log}");
    assert!(log.contains("data: 10000 "), "{log}");
    let outcome = place.train("--steps 20 --out third --log /dev/full").succeed();
    assert!(outcome.stderr.contains("cannot write the log /dev/full"), "{}", outcome.stderr);
    place.refuses(
        place.train("--steps 2 --out fourth --log logs"),
        &["--log names the folder logs"],
    );
}

#[test]
fn arguments_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let place = Place::new();
    let mut program = place.train("--steps 1");
    program.command.arg("--out").arg(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    let output = program.command.stdin(Stdio::null()).output().unwrap();
    // The path that is printed is the one that other programs find.
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"\xff\xfe\n"[..]));
}

/// A run ended by a signal, with its exit code.
fn ended_by(signal: &str) -> (Place, Option<i32>, String) {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run").start();
    running.until(|| logged(&place) > 5);
    running.signal(signal);
    let outcome = running.wait();
    (place, outcome.code, outcome.stderr)
}

#[test]
fn a_hang_up_and_a_polite_kill_save_as_ctrl_c_does() {
    for (signal, code, reason) in [("HUP", 129, "hung up"), ("TERM", 143, "terminated")] {
        let (place, found, stderr) = ended_by(signal);
        assert_eq!(found, Some(code), "{stderr}");
        assert!(stderr.contains(&format!("{reason} at step ")), "{stderr}");
        let saved = place.names_in("run/checkpoints").pop().unwrap();
        let step: u64 = saved.trim_start_matches("step-").parse().unwrap();
        assert_eq!(logged(&place) as u64, step);
    }
}

/// A pipe that nobody writes to is data that is read for as long as the test runs.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_while_data_is_read_ends_the_program_with_a_word_and_leaves_nothing() {
    let place = Place::new();
    let pipe = std::process::Command::new("mkfifo").arg(place.path("a.csv")).status();
    assert!(pipe.unwrap().success());
    for (signal, code, reason) in [("INT", 130, "interrupted"), ("TERM", 143, "terminated")] {
        let program = place.gan("train gan --steps 1 --out run --data-dir a.csv");
        let mut running = program.set("data.kind=points").start();
        running.until_it_listens();
        running.signal(signal);
        let outcome = running.wait();
        assert_eq!(outcome.code, Some(code), "{}", outcome.stderr);
        let told = format!("{reason} before the run began: nothing was trained or written\n");
        assert_eq!(outcome.stderr, told);
        assert!(!place.path("run").exists());
    }
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let place = Place::new();
    let mut program = place.gan_redirected("", "train gan --steps 1000000 --out run");
    let script = "trap '' HUP INT; exec \"$0\" \"$@\"";
    let words: Vec<_> = program.command.get_args().skip(2).map(ToOwned::to_owned).collect();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script]).args(words).current_dir(place.path(""));
    program.command = shell;
    let mut running = watched(program).start();
    running.until(|| logged(&place) > 5);
    running.signal("HUP");
    running.signal("INT");
    let then = logged(&place);
    running.until(|| logged(&place) > then + 50);
    running.kill();
}

#[test]
fn a_pipe_that_is_full_holds_neither_a_training_nor_its_log() {
    let place = Place::new();
    let (_reader, mut writer) = std::io::pipe().unwrap();
    let theirs = writer.try_clone().unwrap();
    // Fills the pipe, and waits for more room for as long as the test runs.
    std::thread::spawn(move || writer.write_all(&[b'.'; 1 << 22]));
    std::thread::sleep(Duration::from_millis(200));
    let mut program = place.train("--steps 40 --out run --log a.log");
    program.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(theirs);
    assert!(program.command.status().unwrap().success());
    assert!(place.path("run/summary.json").is_file());
    let log = place.text("a.log");
    assert!(log.starts_with("data: ") && log.contains("step 40/40"), "{log}");
}

#[test]
fn a_log_may_lie_in_the_run_folder_and_keeps_what_it_has() {
    let place = Place::new();
    place.train("--steps 20 --out run --log run/deep/a.log").succeed();
    place.train("--resume --steps 40 --out run --log run/deep/a.log").succeed();
    let log = place.text("run/deep/a.log");
    assert!(log.contains("step 20/20") && log.contains("step 40/40"), "{log}");
    let refused = place.gan("train gan --steps 1 --out run --log new/a.log").run();
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
}

#[test]
fn events_that_a_full_disk_refuses_are_an_error_and_the_game_is_saved() {
    let place = Place::new();
    let program = place.gan_redirected(">/dev/full", "train gan --steps 1000000 --out run --json");
    let outcome = watched(program).run();
    outcome.failed_saying(&["cannot write to standard output: "]);
    assert!(!outcome.stderr.contains("observer"), "{}", outcome.stderr);
    // The disk may be found full before the first step: then there is nothing to save.
    let played = logged(&place);
    let saved = place.names_in("run/checkpoints");
    let expected = (played > 0).then(|| format!("step-{played:010}"));
    assert_eq!(saved, Vec::from_iter(expected));
}

#[test]
fn names_that_steer_a_terminal_are_escaped() {
    let place = Place::new();
    for words in ["sample", "train gan --steps 1 --out run --log", "frobnicate", "train"] {
        let stderr = place.gan(words).arg("a\x1b[31m\r.xyz/\u{202e}/").run().stderr;
        for steers in ['\x1b', '\r', '\u{202e}'] {
            assert!(!stderr.contains(steers), "{words}: {stderr:?}");
        }
    }
}

#[test]
fn a_second_signal_ends_at_once_and_says_what_is_lost() {
    let place = Place::new();
    // A step that takes longer than any test.
    let program = place.train("--steps 9 --out run").set("train.critic_steps=1000");
    let program = program.set("train.accumulation=1000");
    let mut running = program.start();
    running.until(|| place.path("run/samples/step-0000000.png").exists());
    running.interrupt();
    std::thread::sleep(Duration::from_millis(300));
    running.interrupt();
    let outcome = running.wait();
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
    let told = "ended at once: no checkpoint was saved, all steps are lost\n";
    assert!(outcome.stderr.ends_with(told), "{}", outcome.stderr);
}

#[test]
fn a_terminal_that_closes_takes_standard_error_along_and_the_game_is_saved() {
    let place = Place::new();
    let program = place.gan_redirected("2>/dev/full", "train gan --steps 1000000 --out run");
    let mut running = watched(program).start();
    running.until(|| logged(&place) > 5);
    running.signal("HUP");
    assert_eq!(running.wait().code, Some(129));
    let saved = place.names_in("run/checkpoints").pop().unwrap();
    assert_eq!(saved.trim_start_matches("step-").parse(), Ok(logged(&place)));
}
