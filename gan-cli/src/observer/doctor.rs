//! The doctor beside a training: a line when a finding opens, worsens or closes.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use gan_core::Unrecorded;
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_data::{Inspection, Inventory, SampleSet};
use gan_doctor::{Diagnosis, Event as Change, Monitor, Severity};
use gan_files::AppendFile;
use serde_json::{Value, json};

use crate::args::{DisplayArguments, DoctorMode};
use crate::case;
use crate::metrics;
use crate::run_folder::{RunFolder, replace_file};
use crate::streams;

/// Why the doctor ended a run.
pub(crate) const STOPPED_BY_DOCTOR: &str = "stopped by the doctor";

/// Watches what is measured. It changes nothing of the run.
pub(crate) struct Doctor {
    monitor: Monitor,
    /// `diagnoses.jsonl`.
    file: AppendFile,
    stops: bool,
    voice: Voice,
}

/// How a change is told.
enum Voice {
    /// A line of text.
    Text,
    /// A line of the log, and an object for the [`Dashboard`](super::Dashboard), which has the terminal.
    #[cfg(feature = "tui")]
    Dashboard(Outbox),
    /// An object among those of [`JsonLines`](super::JsonLines).
    Json(Outbox),
}

/// Objects that another observer is to print.
pub(crate) type Outbox = Arc<Mutex<Vec<Value>>>;

/// What a doctor is told beside the measurements.
pub(crate) struct Consultation<'a> {
    pub(crate) mode: DoctorMode,
    pub(crate) display: DisplayArguments,
    pub(crate) data: &'a dyn SampleSet,
    pub(crate) inventory: &'a Inventory,
    pub(crate) outbox: &'a Outbox,
}

impl Doctor {
    /// The doctor of a run that goes on after what its `metrics.jsonl` has; none if it is off.
    pub(crate) fn of(
        folder: &RunFolder,
        consultation: &Consultation<'_>,
    ) -> anyhow::Result<Option<Self>> {
        let &Consultation { mode, display, data, inventory, outbox } = consultation;
        if mode == DoctorMode::Off {
            return Ok(None);
        }
        let found = Inspection::of(data, inventory);
        let mut monitor = Monitor::new(case::of_run(folder, Some(&found))?);
        let mut known = Vec::new();
        let log = folder.metrics();
        let lines = if log.exists() { metrics::read(&log)? } else { Vec::new() };
        for line in lines {
            for (name, value) in &line.numbers {
                monitor.push(name, line.step, *value)?;
            }
            monitor.examine().iter().try_for_each(|change| write(&mut known, change))?;
        }
        let path = folder.root().join("diagnoses.jsonl");
        replace_file(&path, &known)?;
        let file = open(&path)?;
        let voice = match display {
            DisplayArguments { json: true, .. } => Voice::Json(outbox.clone()),
            #[cfg(feature = "tui")]
            DisplayArguments { tui: true, .. } => Voice::Dashboard(outbox.clone()),
            _ => Voice::Text,
        };
        Ok(Some(Self { monitor, file, stops: mode == DoctorMode::Stop, voice }))
    }

    /// Records what has changed; whether the run should end.
    fn report(&mut self, changes: &[Change]) -> anyhow::Result<Control> {
        let mut ends = false;
        for change in changes {
            let mut line = Vec::new();
            write(&mut line, change)?;
            self.file.append(&line)?;
            match &self.voice {
                Voice::Text => streams::say(&sentence(change)),
                #[cfg(feature = "tui")]
                Voice::Dashboard(outbox) => {
                    streams::log(&sentence(change));
                    lock(outbox).push(object(change)?);
                }
                Voice::Json(outbox) => lock(outbox).push(object(change)?),
            }
            ends |= is_severe(change);
        }
        let stop = || Control::Stop(STOPPED_BY_DOCTOR.to_owned());
        Ok(if ends && self.stops { stop() } else { Control::Continue })
    }

    /// Says what is open at the end of the run in `root`, where there is a place for it.
    pub(crate) fn conclude(&self, root: &Path) {
        let open: Vec<&str> = self.monitor.open().collect();
        if !matches!(self.voice, Voice::Json(_)) && !open.is_empty() {
            streams::say(&format!(
                "doctor: open at the end: {}; the evidence and the cures: gan doctor {}",
                open.join(", "),
                root.display()
            ));
        }
    }
}

/// A list is never left half changed.
pub(super) fn lock(outbox: &Outbox) -> MutexGuard<'_, Vec<Value>> {
    outbox.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A change as an event of a training.
fn object(change: &Change) -> anyhow::Result<Value> {
    let mut object = serde_json::to_value(change)?;
    object["change"] = object["event"].take();
    object["event"] = json!("diagnosis");
    Ok(object)
}

fn open(path: &Path) -> anyhow::Result<AppendFile> {
    AppendFile::open(path).with_context(|| format!("cannot open {}", path.display()))
}

fn write(to: &mut Vec<u8>, change: &Change) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *to, change)?;
    to.push(b'\n');
    Ok(())
}

fn is_severe(change: &Change) -> bool {
    match change {
        Change::Opened { diagnosis, .. } | Change::Worsened { diagnosis, .. } => {
            diagnosis.severity >= Severity::Severe
        }
        Change::Closed { .. } => false,
    }
}

/// What is said of a change, in one line.
fn sentence(change: &Change) -> String {
    match change {
        Change::Opened { diagnosis, .. } => found("", diagnosis),
        Change::Worsened { diagnosis, .. } => found("worse: ", diagnosis),
        Change::Closed { step, rule } => format!("doctor: {rule} is gone at step {step}"),
    }
}

fn found(before: &str, diagnosis: &Diagnosis) -> String {
    let Diagnosis { rule, since, cause, severity, .. } = diagnosis;
    let cure = diagnosis.remedies.first().map_or_else(String::new, |remedy| {
        let settings: Vec<String> = remedy.arguments().collect();
        if settings.is_empty() { remedy.why.clone() } else { settings.join(" ") }
    });
    let cure = if cure.is_empty() { cure } else { format!("; cure: {cure}") };
    format!(
        "doctor: {before}{rule} ({}) since step {since}: {cause}{cure}; more: gan doctor --explain {rule}",
        severity.name()
    )
}

impl<G, C> Observer<G, C> for Doctor {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let changes = match event {
            Event::Measured { progress, measurements } => {
                for (name, value) in measurements.iter().flat_map(|each| each.named()) {
                    self.monitor.push(&name, progress.step, value)?;
                }
                self.monitor.examine()
            }
            Event::Diverged { .. } | Event::Finished { .. } => self.monitor.examine_now(),
            _ => return Ok(Control::Continue),
        };
        self.report(&changes).map_err(Unrecorded::because)
    }
}
