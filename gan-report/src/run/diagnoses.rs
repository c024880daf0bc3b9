//! What the doctor found: `diagnoses.jsonl`, or an examination made now.

use gan_doctor::{Case, Examination, Monitor, Record, Severity, Trace};
use serde::Deserialize;
use serde_json::Value;

use super::lines::{Lines, objects};
use crate::note::Note;

/// The name of the file.
pub(crate) const FILE: &str = "diagnoses.jsonl";

/// A fault, as `gan_doctor::Diagnosis` is written.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) severity: String,
    pub(crate) certainty: String,
    pub(crate) since: u64,
    pub(crate) cause: String,
    #[serde(default)]
    pub(crate) evidence: Vec<Evidence>,
    #[serde(default)]
    pub(crate) remedies: Vec<Remedy>,
    #[serde(default)]
    pub(crate) symptoms: Vec<Finding>,
}

/// A number beside its threshold.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Evidence {
    pub(crate) series: String,
    #[serde(default)]
    pub(crate) statistic: String,
    pub(crate) value: Value,
    pub(crate) relation: String,
    pub(crate) threshold: Value,
    pub(crate) window: Option<Window>,
}

/// Where a number was computed.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Window {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) points: u64,
}

/// What cures a fault.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Remedy {
    #[serde(default)]
    pub(crate) settings: Vec<Setting>,
    #[serde(default)]
    pub(crate) why: String,
}

/// A key of the configuration and its value.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// Something that changed during the training.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// A fault is there that was not.
    Opened { step: u64, diagnosis: Finding },
    /// A fault is more severe than before.
    Worsened { step: u64, diagnosis: Finding },
    /// A fault has gone.
    Closed { step: u64, rule: String },
}

impl Event {
    /// The rule that it is about.
    pub(crate) fn rule(&self) -> &str {
        match self {
            Self::Opened { diagnosis, .. } | Self::Worsened { diagnosis, .. } => &diagnosis.rule,
            Self::Closed { rule, .. } => rule,
        }
    }

    /// When it was said.
    pub(crate) fn step(&self) -> u64 {
        match self {
            Self::Opened { step, .. } | Self::Worsened { step, .. } | Self::Closed { step, .. } => {
                *step
            }
        }
    }
}

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
    pub(crate) events: Vec<Event>,
    /// Whether nobody watched: this is what would have been said.
    pub(crate) is_replayed: bool,
}

/// The changes in a file.
pub(super) fn read(bytes: &[u8], notes: &mut Vec<Note>) -> Vec<Event> {
    let Lines { objects, mut damaged, torn } = objects(bytes);
    notes.extend(torn.map(|line| Note::Torn { file: FILE, line }));
    let mut events = Vec::new();
    for (line, object) in objects {
        match serde_json::from_value(Value::Object(object)) {
            Ok(event) => events.push(event),
            Err(_) => damaged.push(line),
        }
    }
    damaged.sort_unstable();
    if !damaged.is_empty() {
        notes.push(Note::Damaged { file: FILE, lines: damaged });
    }
    events
}

impl Diagnoses {
    /// Of a run whose configuration is known as a case, or not, and that was watched, or not.
    pub(super) fn of(case: Option<&Case>, trace: Trace, recorded: Option<&[Event]>) -> Self {
        if let (None, Some(events)) = (case, recorded) {
            return Self { origin: Origin::Recorded, findings: still_open(events), counts: None };
        }
        let origin = match case {
            _ if trace.is_empty() => Origin::Nothing,
            Some(_) => Origin::Examined,
            None => Origin::MeasurementsAlone,
        };
        let examination = Record { case: case.cloned().unwrap_or_default(), trace }.examine();
        let findings = examination.findings.iter().filter_map(in_own_terms).collect();
        Self { origin, findings, counts: Some(counts(&examination)) }
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
    /// What was recorded, or what would have been said.
    pub(super) fn of(case: Option<&Case>, trace: Trace, recorded: Option<&[Event]>) -> Self {
        if let Some(events) = recorded {
            return Self { events: events.to_vec(), is_replayed: false };
        }
        let record = Record { case: case.cloned().unwrap_or_default(), trace };
        let events = Monitor::history(&record);
        Self { events: events.iter().filter_map(in_own_terms).collect(), is_replayed: true }
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
fn still_open(events: &[Event]) -> Vec<Finding> {
    let mut open: Vec<Finding> = Vec::new();
    for event in events {
        open.retain(|finding| finding.rule != event.rule());
        if let Event::Opened { diagnosis, .. } | Event::Worsened { diagnosis, .. } = event {
            open.push(diagnosis.clone());
        }
    }
    let order = ["fatal", "severe", "warning", "note"];
    let rank = |finding: &Finding| order.iter().position(|name| *name == finding.severity);
    open.sort_by_key(|finding| (rank(finding).unwrap_or(order.len()), finding.since));
    open
}
