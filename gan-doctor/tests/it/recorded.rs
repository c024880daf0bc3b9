//! Runs that were measured: the course's DCGAN losing its digits, and keeping them.

use gan_doctor::reader::{Columns, read_csv};
use gan_doctor::{
    Averaging, Case, Constraint, CriticFacts, Event, Examination, Loss, Monitor, Objective, Record,
    Severity,
};

const LOST: &[u8] = include_bytes!("../recorded/dcgan-seed-3.csv");
const KEPT: &[u8] = include_bytes!("../recorded/dcgan-seed-1.csv");
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
