use super::*;
use crate::examples::Run;
use crate::series::{FAKE_PROBABILITY, REAL_PROBABILITY, SPREAD};

/// Feeds a run step by step; what was reported, and the monitor at the end.
fn watched(run: &Run) -> (Vec<Event>, Monitor) {
    let mut points: Vec<(u64, &str, f64)> = run
        .series
        .iter()
        .flat_map(|(name, points)| {
            points.iter().map(move |(step, value)| (*step, name.as_str(), *value))
        })
        .collect();
    points.sort_by_key(|(step, name, _)| (*step, *name));
    let (mut monitor, mut events) = (Monitor::new(run.case.clone()), Vec::new());
    for group in points.chunk_by(|a, b| a.0 == b.0) {
        for (step, name, value) in group {
            monitor.push(name, *step, *value).unwrap();
        }
        events.extend(monitor.examine());
    }
    events.extend(monitor.examine_now());
    (events, monitor)
}

fn of_rule(event: &Event) -> &'static str {
    match event {
        Event::Opened { diagnosis, .. } | Event::Worsened { diagnosis, .. } => diagnosis.rule,
        Event::Closed { rule, .. } => rule,
    }
}

#[test]
fn a_healthy_run_is_silent() {
    assert_eq!(watched(&Run::healthy()).0, []);
}

#[test]
fn a_collapse_is_reported_once_and_within_two_measurements_and_two_examinations() {
    let run = Run::healthy().sparse(&SPREAD, |t| if t < 0.5 { 0.32 } else { 0.02 });
    let (events, monitor) = watched(&run);
    let [Event::Opened { step, diagnosis }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((diagnosis.rule, diagnosis.since), ("mode-collapse", 5_000));
    assert!(*step <= 5_700, "{step}");
    assert_eq!(monitor.open().collect::<Vec<_>>(), ["mode-collapse"]);
}

#[test]
fn a_fault_that_passes_is_closed() {
    let ill = |t: f64| (0.3..0.5).contains(&t);
    let run = Run::healthy().sparse(&SPREAD, move |t| if ill(t) { 0.02 } else { 0.32 });
    let (events, monitor) = watched(&run);
    let kinds: Vec<_> = events.iter().map(|event| matches!(event, Event::Closed { .. })).collect();
    assert_eq!(kinds, [false, true], "{events:?}");
    assert_eq!(monitor.open().count(), 0);
}

#[test]
fn a_fault_that_flickers_is_no_stream() {
    let ill = |t: f64| (t * 40.0) as u64 % 2 == 1;
    let run = Run::healthy()
        .dense(&FAKE_PROBABILITY, move |t| if ill(t) { 1e-3 } else { 0.4 })
        .dense(&REAL_PROBABILITY, move |t| if ill(t) { 0.9999 } else { 0.6 });
    let (events, _) = watched(&run);
    let reported = events.iter().filter(|event| of_rule(event) == "critic-won").count();
    assert!(reported <= 6, "{reported}");
}

#[test]
fn its_verdicts_are_those_of_the_examination() {
    let run = Run::healthy().critic_wins(0.4);
    let (_, monitor) = watched(&run);
    let examination = Examination::of(&run.case, &run.trace());
    assert_eq!(monitor.examination(), Some(&examination));
    assert_eq!(monitor.trace(), &run.trace());
}

#[test]
fn a_growing_severity_is_reported_once_more() {
    let gap = |t: f64| {
        if t < 0.3 {
            0.05
        } else if t < 0.6 {
            0.5
        } else {
            3.0
        }
    };
    let run = Run::healthy().sparse(&crate::series::TRAIN_EVAL_GAP, gap);
    let (events, _) = watched(&run);
    assert!(matches!(&events[..], [Event::Opened { .. }, Event::Worsened { .. }]), "{events:?}");
}

#[test]
fn a_run_that_was_resumed_is_examined_as_often_as_one_from_the_start() {
    let mut resumed = Run::healthy().critic_wins(0.3);
    for (_, points) in &mut resumed.series {
        points.iter_mut().for_each(|point| point.0 += 5_000_000);
    }
    let (events, _) = watched(&resumed);
    let [Event::Opened { step, .. }] = &events[..] else { panic!("{events:?}") };
    let (once, _) = watched(&Run::healthy().critic_wins(0.3));
    let [Event::Opened { step: at, .. }] = &once[..] else { panic!("{once:?}") };
    assert_eq!(*step, *at + 5_000_000);
}
