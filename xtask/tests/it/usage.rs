//! Wrong calls, and calls that only print.

use std::process::Command;

/// Runs `xtask` and returns its exit code, standard output and standard error.
fn xtask(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn help_shows_every_command_and_an_example() {
    let (code, stdout, _) = xtask(&["--help"]);
    assert_eq!(code, 0);
    for word in ["experiment", "test", "ci", "bench", "cargo xtask experiment dcgan-30ep --quick"] {
        assert!(stdout.contains(word), "{word}");
    }
}

#[test]
fn the_list_names_every_experiment_of_the_project() {
    let (code, stdout, _) = xtask(&["experiment", "--list"]);
    assert_eq!(code, 0);
    for name in ["moons", "dcgan-30ep", "dcgan-100ep"] {
        assert!(stdout.lines().any(|line| line.starts_with(&format!("{name}:"))), "{name}");
    }
}

#[test]
fn wrong_usage_exits_with_2_and_one_message() {
    for (args, expected) in [
        (&["experimnt"][..], "did you mean `experiment`?"),
        (&["experiment"], "--list"),
        (&["experiment", "moons", "--quik"], "did you mean `--quick`?"),
        (&["experiment", "moons", "--seeds", "many"], "found `many`"),
        (&["experiment", "moons", "--out"], "--out"),
        (&["test", "it"], "it"),
        (&["bench", "speed"], "known: learner, divergence"),
        (&["--version"], "--version"),
    ] {
        let (code, stdout, stderr) = xtask(args);
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}");
        assert!(stderr.starts_with("error: ") && stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn an_unknown_experiment_is_one_clear_error() {
    let (code, _, stderr) = xtask(&["experiment", "dcgan-30"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("did you mean `dcgan-30ep`?"), "{stderr}");
    assert!(
        stderr.contains("known: cgan-100ep, cgan-cures, dcgan-100ep, dcgan-30ep, dcgan-cures, dcgan-interventions"),
        "{stderr}"
    );
}

#[test]
fn finished_results_are_kept_and_nothing_is_built() {
    let out = tempfile::tempdir().unwrap();
    let run = out.path().join("moons").join("lr-1e-3-batch-250-seed0");
    std::fs::create_dir_all(&run).unwrap();
    std::fs::write(run.join("summary.json"), "{}").unwrap();
    let (code, stdout, stderr) =
        xtask(&["experiment", "moons", "--out", out.path().to_str().unwrap()]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("finished run") && stderr.contains("--out"), "{stderr}");
    assert_eq!(std::fs::read_to_string(run.join("summary.json")).unwrap(), "{}");
}
