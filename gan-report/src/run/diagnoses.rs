//! What the doctor found: `diagnoses.jsonl`, or an examination made now.

use gan_doctor::{Examination, Monitor, Record, Severity};
use gan_run::{Change, Finding, Lines};

use crate::note::Note;

/// The name of the file.
pub(crate) const FILE: &str = "diagnoses.jsonl";

/// Where the findings are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The whole run was examined, with its configuration.
    Examined,
    /// They stood open in `diagnoses.jsonl` at the end of it.
    Recorded,
    /// The measurements alone were examined.
    MeasurementsAlone,
    /// There is nothing to examine.
    Nothing,
}

/// What the doctor has to say about a run.
#[derive(Clone, Debug)]
pub(crate) struct Diagnoses {
    pub(crate) origin: Origin,
    /// The most urgent first.
    pub(crate) findings: Vec<Finding>,
    /// How many rules found nothing, and how many could not look or had too few points; none known
    /// of a file.
    pub(crate) counts: Option<(usize, usize)>,
}

/// What changed during a training.
#[derive(Clone, Debug)]
pub(crate) struct History {
    /// In order.
    pub(crate) changes: Vec<Change>,
    /// Whether nobody watched: this is what would have been said.
    pub(crate) is_replayed: bool,
}

/// The changes in a file.
pub(super) fn read(bytes: &[u8], notes: &mut Vec<Note>) -> Vec<Change> {
    let Lines { values, damaged, torn } = Lines::read(bytes);
    notes.extend(Note::of_lines(FILE, &damaged, torn.as_ref()));
    values.into_iter().map(|(_, change)| change).collect()
}

impl Diagnoses {
    /// What an examination has found.
    pub(super) fn of(examination: &Examination, origin: Origin) -> Self {
        let findings = examination.findings.iter().filter_map(in_own_terms).collect();
        Self { origin, findings, counts: Some(counts(examination)) }
    }

    /// What a file of changes has open at its end.
    pub(super) fn open_at_the_end(changes: &[Change]) -> Self {
        Self { origin: Origin::Recorded, findings: still_open(changes), counts: None }
    }

    /// Whether fewer rules could look than could not: then it says little that nothing was found.
    pub(crate) fn know_little(&self) -> bool {
        self.counts.is_some_and(|(healthy, unchecked)| healthy < unchecked)
    }

    /// The most urgent finding that is more than a note.
    pub(crate) fn fault(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.severity != Severity::Note.name())
    }
}

impl History {
    /// What would have been said.
    pub(super) fn replayed(record: &Record) -> Self {
        let changes = Monitor::history(record);
        Self { changes: changes.iter().filter_map(in_own_terms).collect(), is_replayed: true }
    }
}

fn counts(of: &Examination) -> (usize, usize) {
    (of.healthy.len(), of.not_checked.len() + of.too_short.len())
}

/// The doctor's value by way of its JSON, which is what a file has.
fn in_own_terms<S: serde::Serialize, T: serde::de::DeserializeOwned>(value: &S) -> Option<T> {
    serde_json::to_value(value).ok().and_then(|value| serde_json::from_value(value).ok())
}

/// Findings that were opened and not closed, the worst first.
fn still_open(events: &[Change]) -> Vec<Finding> {
    let mut open: Vec<Finding> = Vec::new();
    for event in events {
        open.retain(|finding| finding.rule != event.rule());
        open.extend(event.finding().cloned());
    }
    let order = ["fatal", "severe", "warning", "note"];
    let rank = |finding: &Finding| order.iter().position(|name| *name == finding.severity);
    open.sort_by_key(|finding| (rank(finding).unwrap_or(order.len()), finding.since));
    open
}
