//! What holds of every trace, whatever was measured.

use proptest::prelude::*;

use crate::examples::Run;
use crate::series::SERIES;
use crate::{Case, Event, Examination, Monitor, Trace};

/// Values as they may stand in a log.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -10.0..10.0_f64,
        2 => 0.0..1.0_f64,
        1 => any::<f64>(),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(0.0)],
    ]
}

/// The last step that a series can have.
const LAST: u64 = 60 * 2_000;

/// Series by number, each with steps that go up at an irregular cadence.
fn trace() -> impl Strategy<Value = Vec<(usize, Vec<(u64, f64)>)>> {
    let points = prop::collection::vec((1..2_000_u64, value()), 0..60).prop_map(|gaps| {
        let mut step = 0;
        gaps.into_iter()
            .map(|(gap, value)| {
                step += gap;
                (step, value)
            })
            .collect::<Vec<_>>()
    });
    prop::collection::vec((0..2 * SERIES.len(), points), 0..12)
}

/// A trace of them; numbers beyond the table stand for what real samples score.
fn build(series: &[(usize, Vec<(u64, f64)>)], scale: u64) -> Trace {
    let mut trace = Trace::new();
    for (index, points) in series {
        let name = match SERIES.get(*index) {
            Some(series) => series.name.to_owned(),
            None => format!("{}/of_real", SERIES[index - SERIES.len()].name),
        };
        for (step, value) in points {
            // The same series twice is refused where steps do not go up.
            let _ = trace.push(&name, step * scale, *value);
        }
    }
    trace
}

/// A case of which everything, or nothing, is known.
fn case() -> impl Strategy<Value = Case> {
    prop_oneof![
        Just(Case::default()),
        Just(Run::healthy().case),
        Just(Run::conditional().case),
        Just(Run::clipped_wasserstein().case)
    ]
}

/// A case that knows nothing of absolute numbers of steps.
fn timeless(mut case: Case) -> Case {
    case.run = crate::RunFacts::default();
    case.objective.averaging = None;
    case
}

fn verdicts(examination: &Examination) -> Vec<&'static str> {
    let findings = examination.all_findings().map(|found| found.rule);
    let mut found: Vec<_> = findings.filter(|rule| *rule != "run-too-short").collect();
    found.sort_unstable();
    found
}

proptest! {
    #[test]
    fn no_trace_panics_and_text_fits(series in trace(), case in case(), is_long in any::<bool>()) {
        let scale = if is_long { u64::MAX / LAST } else { 1 };
        let examination = Examination::of(&case, &build(&series, scale));
        let text = examination.to_string();
        prop_assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let json = serde_json::to_string(&examination);
        prop_assert!(json.is_ok_and(|json| !json.contains("null")));
    }

    #[test]
    fn the_same_input_has_the_same_output(series in trace(), case in case()) {
        let examine = || format!("{:?}", Examination::of(&case, &build(&series, 1)));
        prop_assert_eq!(examine(), examine());
    }

    #[test]
    fn an_unrelated_series_changes_no_verdict(series in trace(), case in case(), extra in value()) {
        let mut trace = build(&series, 1);
        let before = Examination::of(&case, &trace);
        // Any measurement at all is the beginning of a run.
        let Some(last) = trace.last_step() else { return Ok(()) };
        trace.push("my/own", last, extra).unwrap();
        let after = Examination::of(&case, &trace);
        prop_assert_eq!(verdicts(&before), verdicts(&after));
        prop_assert_eq!(before.healthy, after.healthy);
    }

    #[test]
    fn scaling_steps_keeps_verdicts(series in trace(), case in case(), doublings in 0..20_u32) {
        let case = timeless(case);
        let once = Examination::of(&case, &build(&series, 1));
        let scaled = Examination::of(&case, &build(&series, 1 << doublings));
        prop_assert_eq!(verdicts(&once), verdicts(&scaled));
    }

    #[test]
    fn a_monitor_examines_as_the_examination_does(series in trace(), case in case()) {
        let whole = build(&series, 1);
        let mut points: Vec<(u64, &str, f64)> = whole
            .series()
            .flat_map(|(name, recorded)| recorded.points().iter().map(move |(s, v)| (*s, name, *v)))
            .collect();
        points.sort_by_key(|(step, name, _)| (*step, *name));
        let mut monitor = Monitor::new(case.clone());
        let mut so_far = Trace::new();
        for (step, name, value) in points {
            monitor.push(name, step, value).unwrap();
            so_far.push(name, step, value).unwrap();
            monitor.examine_now();
            let examination = Examination::of(&case, &so_far);
            let watched = monitor.examination().unwrap();
            prop_assert_eq!(format!("{watched:?}"), format!("{examination:?}"));
        }
    }

    #[test]
    fn a_case_survives_being_written(case in case()) {
        let written = serde_json::to_string(&case).unwrap();
        prop_assert_eq!(serde_json::from_str::<Case>(&written).unwrap(), case);
    }

    #[test]
    fn steps_that_do_not_go_up_are_refused(first in 1..u64::MAX, back in 0..1000_u64) {
        let mut trace = Trace::new();
        trace.push("critic/loss", first, 1.0).unwrap();
        let earlier = first.saturating_sub(back);
        let error = trace.push("critic/loss", earlier, 1.0).unwrap_err().to_string();
        prop_assert!(error.contains("steps must go up"), "{}", error);
    }

    #[test]
    fn an_open_finding_is_reported_before_it_is_closed(series in trace(), case in case()) {
        let mut monitor = Monitor::new(case);
        let mut open = std::collections::BTreeSet::new();
        for (index, points) in &series {
            let Some(known) = SERIES.get(*index) else { continue };
            for (step, value) in points {
                let _ = monitor.push(known.name, *step, *value);
                for event in monitor.examine_now() {
                    let is_in_order = match event {
                        Event::Opened { diagnosis, .. } => open.insert(diagnosis.rule),
                        Event::Worsened { diagnosis, .. } => open.contains(diagnosis.rule),
                        Event::Closed { rule, .. } => open.remove(rule),
                    };
                    prop_assert!(is_in_order);
                }
            }
        }
    }
}
