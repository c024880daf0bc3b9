//! Runs that were measured: the course's DCGAN losing its digits, and keeping them.

use gan_doctor::reader::{Columns, read_csv};
use gan_doctor::{
    Averaging, Case, Constraint, CriticFacts, Event, Examination, Loss, Monitor, Objective, Record,
    Severity,
};

use crate::runs::{self, alike_at};

const LOST: &[u8] = include_bytes!("../recorded/dcgan-seed-3.csv");
const KEPT: &[u8] = include_bytes!("../recorded/dcgan-seed-1.csv");
const RUNS: &[u8] = include_bytes!("../recorded/dcgan.jsonl.gz");
const EPOCH: u64 = 938;

fn case() -> Case {
    Case {
        objective: Objective {
            loss: Some(Loss::NonSaturating),
            penalties: Some(Vec::new()),
            constraint: Some(Constraint::None),
            classes: Some(0),
            averaging: Some(Averaging::None),
            ..Objective::default()
        },
        critic: CriticFacts { batch_norm: Some(true), ..CriticFacts::default() },
        ..Case::default()
    }
}

fn events(log: &[u8]) -> Vec<Event> {
    let trace = read_csv(log, &Columns::default()).unwrap().trace;
    Monitor::history(&Record { case: case(), trace })
}

#[test]
fn the_collapse_comes_first_with_its_consequences_beneath() {
    let trace = read_csv(LOST, &Columns::default()).unwrap().trace;
    let examination = Examination::of(&case(), &trace);
    let first = &examination.findings[0];
    assert_eq!(first.rule, "batch-norm-collapse", "{examination}");
    assert_eq!(first.since / EPOCH, 10);
    let symptoms: Vec<_> = first.symptoms.iter().map(|symptom| symptom.rule).collect();
    assert!(
        symptoms.contains(&"mode-collapse") && symptoms.contains(&"late-decline"),
        "{symptoms:?}"
    );
}

/// The spread is below half of what it was from epoch 10 on.
#[test]
fn the_collapse_is_reported_at_the_latest_two_epochs_after_the_spread_fell() {
    let reported = events(LOST).into_iter().find_map(|event| match event {
        Event::Opened { step, diagnosis } if diagnosis.rule == "batch-norm-collapse" => Some(step),
        _ => None,
    });
    assert!(reported.is_some_and(|step| step <= 12 * EPOCH), "{reported:?}");
}

#[test]
fn nothing_is_reported_before_the_collapse() {
    let early = events(LOST).into_iter().filter(|event| match event {
        Event::Opened { step, .. } | Event::Worsened { step, .. } | Event::Closed { step, .. } => {
            *step < 10 * EPOCH
        }
    });
    assert_eq!(early.count(), 0);
}

#[test]
fn the_run_that_keeps_its_digits_has_no_finding() {
    assert_eq!(events(KEPT), []);
    let trace = read_csv(KEPT, &Columns::default()).unwrap().trace;
    let examination = Examination::of(&case(), &trace);
    let worst = examination.all_findings().map(|found| found.severity).max();
    assert!(worst < Some(Severity::Warning), "{examination}");
}

/// A whole run of the DCGAN, as `gan doctor --record` writes it.
fn recorded(name: &str) -> Record {
    runs::named(RUNS).find(|(run, _)| run == name).unwrap().1
}

/// When the collapse was reported.
fn reported(events: &[Event]) -> Option<u64> {
    events.iter().find_map(|event| match event {
        Event::Opened { step, diagnosis } if diagnosis.rule == "batch-norm-collapse" => Some(*step),
        _ => None,
    })
}

#[test]
fn both_collapses_are_reported_at_the_latest_two_epochs_after_the_spread_fell() {
    for name in ["dcgan-seed-0", "dcgan-seed-0-bf16"] {
        let record = recorded(name);
        let events = Monitor::history(&record);
        let (named, alike) = (reported(&events).unwrap(), alike_at(&record.trace));
        assert!(named <= alike + 2 * EPOCH, "{name}: named at {named}, alike at {alike}");
        let first = &record.examine().findings[0];
        assert_eq!(first.rule, "batch-norm-collapse", "{name}");
        let closed = events.iter().any(
            |event| matches!(event, Event::Closed { rule, .. } if *rule == "batch-norm-collapse"),
        );
        assert!(!closed, "{name} never recovers: {events:?}");
    }
}

/// The distance is four times what it was an epoch before the spread falls: a few patterns are left.
#[test]
fn a_collapse_to_a_few_patterns_is_reported_before_the_spread_falls() {
    let record = recorded("dcgan-seed-0");
    let events = Monitor::history(&record);
    assert!(reported(&events).unwrap() < alike_at(&record.trace));
    let early = events.iter().any(|event| match event {
        Event::Opened { step, .. } | Event::Worsened { step, .. } | Event::Closed { step, .. } => {
            *step < 11 * EPOCH
        }
    });
    assert!(!early, "its digits are there to the end of epoch 11: {events:?}");
}

/// In bfloat16 both norms rise again an epoch after the collapse, and the spread wanders up to half of
/// the data's: the run has not recovered.
#[test]
fn a_collapsed_run_that_wanders_stays_collapsed() {
    let examination = recorded("dcgan-seed-0-bf16").examine();
    let first = &examination.findings[0];
    assert_eq!(first.rule, "batch-norm-collapse", "{examination}");
    assert!(first.symptoms.iter().any(|each| each.rule == "mode-collapse"), "{examination}");
}

#[test]
fn nothing_is_reported_of_the_cured_run_and_of_dips_that_are_recovered_from() {
    for name in ["dcgan-seed-3-cured", "dcgan-seed-1"] {
        assert_eq!(Monitor::history(&recorded(name)), [], "{name}");
    }
    let cured = recorded("dcgan-seed-3-cured").examine();
    assert!(cured.findings.is_empty(), "{cured}");
}
