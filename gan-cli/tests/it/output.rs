//! The output of a run in progress: JSON for programs, plain lines for files, one error at its end.

use serde_json::Value;

use crate::program::{Outcome, Place};

/// Every line of standard output, an object.
fn events(outcome: &Outcome) -> Vec<Value> {
    outcome.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn with_json_every_line_on_standard_output_is_an_event() {
    let place = Place::new();
    let outcome = place.train("--steps 40 --out run --json").succeed();
    let events = events(&outcome);
    let named = |name: &str| events.iter().filter(|event| event["event"] == name).count();
    assert_eq!((named("data"), named("started"), named("finished")), (1, 1, 1));
    assert_eq!((named("measured"), named("checkpointed")), (40, 2));
    assert_eq!(events.len(), 45);
    for event in events.iter().filter(|event| event["event"] == "measured") {
        for key in ["step", "critic/loss", "generator/loss", "steps_per_second"] {
            assert!(event[key].is_number(), "{key}: {event}");
        }
    }
    assert_eq!(events[44]["step"], 40);
}

#[test]
fn with_json_a_resumed_and_a_forced_run_print_nothing_else() {
    let place = Place::new();
    place.train("--steps 20 --out run --json").succeed();
    for words in ["--resume --steps 21", "--force --steps 2"] {
        let outcome = place.train(&format!("{words} --out run --json")).succeed();
        assert!(events(&outcome).iter().all(|event| event["event"].is_string()), "{words}");
    }
}

#[test]
fn without_a_terminal_there_are_lines_and_no_escapes() {
    let place = Place::new();
    for words in ["", "--json"] {
        let outcome = place.train(&format!("--steps 20 --force --out run {words}")).succeed();
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(!text.contains('\x1b') && !text.contains('\r'), "{text:?}");
        }
    }
    let outcome = place.train("--steps 20 --out other").succeed();
    assert!(outcome.stderr.lines().any(|line| line.contains("step 20/20")), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "other\n");
}

#[test]
fn errors_have_no_escapes_without_a_terminal() {
    let place = Place::new();
    for words in ["trian", "train dcgn", "train gan --steps x"] {
        let stderr = place.gan(words).run().stderr;
        assert!(!stderr.contains('\x1b'), "{stderr:?}");
    }
}

#[test]
fn a_run_that_diverges_names_the_player_and_the_step() {
    let place = Place::new();
    // Scores of such points are beyond single precision.
    place.write("huge.csv", "3e38,-3e38\n".repeat(8));
    let program = place.train("--steps 60 --out run").set("data.kind=points");
    let outcome = program.set("data.file=huge.csv").set("train.batch=4").run();
    outcome.failed_saying(&["is NaN after step 1", "diverged"]);
    // What it came to is in the metrics and the plots; a run that was not finished has no summary.
    assert!(place.text("run/metrics.jsonl").contains(":\"nan\""));
    assert!(place.path("run/plots/losses.svg").exists());
    assert!(!place.path("run/summary.json").exists());

    let program = place.train("--steps 60 --out other --json").set("data.kind=points");
    let outcome = program.set("data.file=huge.csv").set("train.batch=4").run();
    let last: Value = serde_json::from_str(outcome.stdout.lines().next_back().unwrap()).unwrap();
    assert_eq!((&last["event"], &last["step"]), (&"diverged".into(), &1.into()));
    assert!(last["error"].as_str().unwrap().contains("is NaN after step 1"), "{last}");
    assert!(!outcome.stdout.contains("null"), "{}", outcome.stdout);
}
