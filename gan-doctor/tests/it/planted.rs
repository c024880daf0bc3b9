//! The rules on the recorded runs of the experiments `planted-faults` and `planted-unseen`: what the README
//! publishes.

use gan_doctor::{Event, Monitor, Record, Severity};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::runs::lines;

const KNOWN: &[u8] = include_bytes!("../recorded/planted-faults.jsonl.gz");
const UNSEEN: &[u8] = include_bytes!("../recorded/planted-unseen.jsonl.gz");

/// A run with what was planted into it.
#[derive(Deserialize)]
struct Line {
    fault: Option<String>,
    base: String,
    seed: u32,
    part: String,
    accept: Option<Vec<String>>,
    record: Box<RawValue>,
}

impl Line {
    fn record(&self) -> Record {
        Record::from_json(self.record.get()).unwrap()
    }

    /// The place of the first accepted verdict, from 1 on.
    fn rank(&self) -> Option<usize> {
        let accepted = self.accept.as_deref().unwrap_or_default();
        let findings = self.record().examine().findings;
        let place =
            findings.iter().position(|found| accepted.iter().any(|rule| rule == found.rule));
        place.map(|place| place + 1)
    }
}

/// In what share of the runs that are chosen the first accepted verdict has a rank of `k` at most.
fn recall(runs: &[Line], k: usize, is_chosen: impl Fn(&Line) -> bool) -> f64 {
    let chosen: Vec<&Line> =
        runs.iter().filter(|run| run.fault.is_some() && is_chosen(run)).collect();
    let named = chosen.iter().filter(|run| run.rank().is_some_and(|rank| rank <= k)).count();
    named as f64 / chosen.len() as f64
}

#[test]
fn planted_faults_are_named_as_often_as_is_published() {
    let runs: Vec<Line> = lines(KNOWN);
    let shares = [
        recall(&runs, 1, |run| run.part == "rules"),
        recall(&runs, 1, |run| run.part == "report"),
        recall(&runs, 3, |run| run.part == "report"),
    ];
    let published = [0.89, 0.86, 0.86];
    assert!(shares.iter().zip(published).all(|(share, least)| *share >= least), "{shares:?}");
}

#[test]
fn kinds_that_no_rule_was_made_for_are_named_as_often_as_is_published() {
    let runs: Vec<Line> = lines(UNSEEN);
    assert_eq!(runs.iter().filter(|run| run.part == "unseen").count(), 63);
    let shares = [1, 3].map(|k| recall(&runs, k, |run| run.part == "unseen"));
    let published = [0.47, 0.53];
    assert!(shares.iter().zip(published).all(|(share, least)| *share >= least), "{shares:?}");
}

#[test]
fn healthy_runs_are_called_ill_no_more_often_than_is_published() {
    let runs: Vec<Line> = lines(KNOWN);
    let healthy: Vec<&Line> = runs.iter().filter(|run| run.fault.is_none()).collect();
    let is_ill = |run: &&&Line| {
        let found = run.record().examine().findings;
        found.iter().any(|found| found.severity > Severity::Note)
    };
    let ill: Vec<_> = healthy.iter().filter(is_ill).map(|run| (&run.base, run.seed)).collect();
    assert!(ill.len() as f64 <= 0.05 * healthy.len() as f64, "of {}: {ill:?}", healthy.len());
    let is_alarmed = |run: &&&Line| {
        let events = Monitor::history(&run.record());
        events.iter().any(|event| matches!(event, Event::Opened { .. }))
    };
    let alarmed: Vec<_> =
        healthy.iter().filter(is_alarmed).map(|run| (&run.base, run.seed)).collect();
    assert!(alarmed.len() as f64 <= 0.1 * healthy.len() as f64, "{alarmed:?}");
}
