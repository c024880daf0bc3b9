//! The doctor beside a training: fed step by step, it speaks when something changes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Case, Certainty, Diagnosis, DoctorError, Examination, QUALITY, Record, Severity, Trace,
};

/// A run is examined again when it is longer by one part in this many: a verdict is late by 1 % of
/// the run at most, and the number of examinations grows with the logarithm of its length.
const DUE: u64 = 100;
/// Examinations in a row that have to agree before a finding is reported; a fatal one is at once.
const CONFIRM: u32 = 2;
/// A finding that comes back has to be confirmed this many times as often as before.
const PATIENCE: u32 = 4;
/// Samples are measured this often before a fault that was there from the first time on is reported:
/// a generator has to begin somewhere.
const BEGINNING: usize = 5;
/// Examinations in a row without a finding before it is reported as gone.
const GONE: u32 = 5;

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A fault is there that was not.
    Opened {
        /// The step of the examination.
        step: u64,
        /// What was found.
        diagnosis: Diagnosis,
    },
    /// A fault is more severe than when it was last reported.
    Worsened {
        /// The step of the examination.
        step: u64,
        /// What was found.
        diagnosis: Diagnosis,
    },
    /// A fault is no longer there.
    Closed {
        /// The step of the examination.
        step: u64,
        /// The rule.
        rule: &'static str,
    },
}

/// What is remembered of a rule.
#[derive(Clone, Copy, Debug, Default)]
struct Watch {
    /// The severity last reported, while the finding is open.
    open: Option<Severity>,
    /// Examinations in a row that disagree with what was reported.
    against: u32,
    /// How often it was opened before.
    openings: u32,
    /// How often samples had been measured when the last examination counted.
    measured: usize,
}

/// The doctor beside a training.
///
/// Measurements go in as they are made; [`examine`](Self::examine) is called after each batch of
/// them and answers with what changed. Verdicts are those of [`Examination::of`] on the same trace.
/// A finding of the first measurements of samples is reported when there have been five; a warning
/// is confirmed by samples that were measured anew.
/// A finding that no other one explains is reported when it opens, when its severity rises, and
/// when it has gone; one that comes back has to be confirmed four times as often as before, so that
/// a fault that flickers is not a stream of lines. Notes are left to the examination at the end.
///
/// # Cost
/// Nothing but a comparison of steps where no examination is due. An examination looks at no more
/// than [`CAPACITY`](crate::trace::CAPACITY) points a series, which takes a few milliseconds; there
/// are about 230 of them for each factor of ten in the run's length. Memory is the trace's.
///
/// # Example
/// ```
/// use gan_doctor::{Case, Event, Monitor};
///
/// let mut monitor = Monitor::new(Case::default());
/// let mut opened = Vec::new();
/// for step in 0..200 {
///     monitor.push("generator/loss", step, if step < 150 { 0.7 } else { f64::INFINITY })?;
///     opened.extend(monitor.examine());
/// }
/// assert!(matches!(&opened[..], [Event::Opened { diagnosis, .. }] if diagnosis.since == 150));
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Monitor {
    case: Case,
    trace: Trace,
    watched: BTreeMap<&'static str, Watch>,
    examined: Option<u64>,
    newest: Option<Examination>,
    is_urgent: bool,
}

impl Monitor {
    /// Nothing measured yet.
    #[must_use]
    pub fn new(case: Case) -> Self {
        Self {
            case,
            trace: Trace::new(),
            watched: BTreeMap::new(),
            examined: None,
            newest: None,
            is_urgent: false,
        }
    }

    /// What would have been said beside a run that has these measurements.
    #[must_use]
    pub fn history(record: &Record) -> Vec<Event> {
        let (mut monitor, mut events) = (Self::new(record.case.clone()), Vec::new());
        let mut points: Vec<(u64, &str, f64)> = record
            .trace
            .series()
            .flat_map(|(name, series)| series.points().iter().map(move |(at, v)| (*at, name, *v)))
            .collect();
        points.sort_by_key(|(step, name, _)| (*step, *name));
        for measured in points.chunk_by(|one, other| one.0 == other.0) {
            for (step, name, value) in measured {
                // A trace has rising steps.
                let _ = monitor.push(name, *step, *value);
            }
            events.extend(monitor.examine());
        }
        events.extend(monitor.examine_now());
        events
    }

    /// Takes note of a measurement.
    ///
    /// # Errors
    /// [`DoctorError::NotIncreasing`], as of [`Trace::push`].
    pub fn push(&mut self, name: &str, step: u64, value: f64) -> Result<(), DoctorError> {
        self.trace.push(name, step, value)?;
        self.is_urgent |= !value.is_finite();
        Ok(())
    }

    /// Examines the run if that is due, and answers with what changed.
    pub fn examine(&mut self) -> Vec<Event> {
        if self.is_due() { self.examine_now() } else { Vec::new() }
    }

    /// Examines the run, as at its end, and answers with what changed.
    pub fn examine_now(&mut self) -> Vec<Event> {
        let Some(step) = self.trace.last_step() else { return Vec::new() };
        (self.examined, self.is_urgent) = (Some(step), false);
        let examination = Examination::of(&self.case, &self.trace);
        let events = self.changes(step, &examination);
        self.newest = Some(examination);
        events
    }

    /// The newest examination.
    #[must_use]
    pub fn examination(&self) -> Option<&Examination> {
        self.newest.as_ref()
    }

    /// What was measured so far.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The rules whose findings are open.
    pub fn open(&self) -> impl Iterator<Item = &'static str> {
        self.watched.iter().filter(|(_, watch)| watch.open.is_some()).map(|(rule, _)| *rule)
    }

    fn is_due(&self) -> bool {
        let (Some(step), Some(examined)) = (self.trace.last_step(), self.examined) else {
            return true;
        };
        // The trace of a run that was resumed begins where it was resumed.
        let length = examined - self.trace.first_step().unwrap_or(0).min(examined);
        step > examined && (self.is_urgent || step - examined >= (length / DUE).max(1))
    }

    /// The steps at which samples were measured.
    fn clock(&self) -> Vec<u64> {
        let measured = QUALITY.iter().find_map(|series| self.trace.recorded(series.name));
        measured.map_or_else(Vec::new, |of| of.points().iter().map(|(step, _)| *step).collect())
    }

    fn changes(&mut self, step: u64, examination: &Examination) -> Vec<Event> {
        let mut events = Vec::new();
        let is_fault = |found: &&Diagnosis| found.severity > Severity::Note;
        let causes = || examination.findings.iter().filter(is_fault);
        let clock = self.clock();
        for diagnosis in causes().filter(|found| !is_premature(&clock, found)) {
            let watch = self.watched.entry(diagnosis.rule).or_default();
            events.extend(watch.confirm(step, diagnosis, clock.len()));
        }
        let is_cause = |rule| causes().any(|found| found.rule == rule);
        for (rule, watch) in self.watched.iter_mut().filter(|(rule, _)| !is_cause(**rule)) {
            match examination.finding(rule).filter(is_fault) {
                // It was reported before its cause was.
                Some(symptom) if watch.open.is_some() => {
                    events.extend(watch.confirm(step, symptom, clock.len()));
                }
                _ if watch.miss() => events.push(Event::Closed { step, rule }),
                _ => {}
            }
        }
        events
    }
}

/// Whether it may be no more than how a run begins: found in measurements, and these are few. A failure
/// that is certain and began after the first look at samples was not there from the beginning on; of
/// what is less sure the second look counts as the beginning too.
fn is_premature(clock: &[u64], found: &Diagnosis) -> bool {
    let is_of_case = found.since == 0;
    let is_sure = found.severity > Severity::Warning && found.certainty == Certainty::Certain;
    let is_of_beginning = match clock {
        [first, _, ..] if is_sure => found.since <= *first,
        [_, second, ..] => found.since <= *second,
        _ => true,
    };
    let has_begun = clock.len() >= BEGINNING || clock.is_empty();
    !is_of_case && is_of_beginning && !has_begun && found.severity < Severity::Fatal
}

impl Watch {
    /// An examination has the finding, after samples were `measured` so many times. One that is no more
    /// than a warning is confirmed by samples that are measured anew.
    fn confirm(&mut self, step: u64, diagnosis: &Diagnosis, measured: usize) -> Option<Event> {
        let (severity, diagnosis) = (diagnosis.severity, diagnosis.clone());
        match self.open {
            Some(reported) => {
                self.against = 0;
                (severity > reported).then(|| {
                    self.open = Some(severity);
                    Event::Worsened { step, diagnosis }
                })
            }
            None => {
                let is_of_case = diagnosis.since == 0;
                let is_news = measured > self.measured || measured == 0;
                if is_news || is_of_case || severity > Severity::Warning || self.against == 0 {
                    (self.against, self.measured) = (self.against + 1, measured);
                }
                let needed = CONFIRM.saturating_mul(PATIENCE.saturating_pow(self.openings));
                let is_confirmed = severity == Severity::Fatal || self.against >= needed;
                is_confirmed.then(|| {
                    *self = Self {
                        open: Some(severity),
                        against: 0,
                        openings: self.openings + 1,
                        measured,
                    };
                    Event::Opened { step, diagnosis }
                })
            }
        }
    }

    /// An examination does not have it; whether it is gone for good now.
    fn miss(&mut self) -> bool {
        self.against = if self.open.is_some() { self.against + 1 } else { 0 };
        let is_gone = self.against >= GONE;
        if is_gone {
            (self.open, self.against) = (None, 0);
        }
        is_gone
    }
}

#[cfg(test)]
mod tests;
