//! A run that is ended from outside, by Ctrl-C or by force.

use serde_json::Value;

use crate::program::Place;

/// How many whole lines `metrics.jsonl` has.
pub(crate) fn logged(place: &Place) -> usize {
    let metrics = std::fs::read_to_string(place.path("run/metrics.jsonl")).unwrap_or_default();
    metrics.matches('\n').count()
}

/// A run that has gone on beyond a checkpoint of its own, killed there.
pub(crate) fn killed() -> Place {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run").start();
    running.until(|| place.path("run/checkpoints/step-0000000040").exists());
    let then = logged(&place);
    running.until(|| logged(&place) > then + 3);
    running.kill();
    place
}

/// A run interrupted at some step, and that step.
pub(crate) fn interrupted() -> (Place, u64) {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run").start();
    running.until(|| logged(&place) > 25);
    running.interrupt();
    let outcome = running.wait();
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
    let told = "go on with: gan train --resume --out run";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    let step = place.names_in("run/checkpoints").pop().unwrap();
    let step = step.trim_start_matches("step-").parse().unwrap();
    assert!(outcome.stderr.contains(&format!("interrupted at step {step};")), "{}", outcome.stderr);
    (place, step)
}

fn steps(place: &Place) -> Vec<u64> {
    let step = |line| serde_json::from_str::<Value>(line).unwrap()["step"].as_u64().unwrap();
    place.text("run/metrics.jsonl").lines().map(step).collect()
}

#[test]
fn a_killed_run_goes_on_from_its_newest_checkpoint() {
    let place = killed();
    let end = logged(&place) as u64 + 10;
    place.gan(&format!("train --resume --out run --steps {end}")).succeed();
    assert_eq!(steps(&place), (1..=end).collect::<Vec<_>>());
    assert!(place.path("run/summary.json").is_file());
}

#[test]
fn an_interrupted_run_saves_a_checkpoint_and_says_how_to_go_on() {
    let (place, step) = interrupted();
    assert_eq!(steps(&place), (1..=step).collect::<Vec<_>>());
    assert!(!place.path("run/summary.json").exists());
    let end = step + 10;
    place.gan(&format!("train --resume --out run --steps {end}")).succeed();
    assert_eq!(steps(&place), (1..=end).collect::<Vec<_>>());
}

/// A scheduler tells every process of a job, and the process that has started this one passes it on.
#[test]
fn a_sigterm_that_comes_twice_at_once_is_one() {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run").start();
    running.until(|| logged(&place) > 25);
    running.signal("TERM");
    running.signal("TERM");
    let outcome = running.wait();
    assert_eq!(outcome.code, Some(143), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("terminated at step "), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("are lost"), "{}", outcome.stderr);
}

#[test]
fn an_interrupted_run_says_so_in_json() {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out run --json").start();
    running.until(|| logged(&place) > 3);
    running.interrupt();
    let outcome = running.wait();
    assert_eq!(outcome.code, Some(130), "{}", outcome.stderr);
    let last: Value = serde_json::from_str(outcome.stdout.lines().last().unwrap()).unwrap();
    assert_eq!((&last["event"], &last["stopped"]), (&"finished".into(), &"interrupted".into()));
}
