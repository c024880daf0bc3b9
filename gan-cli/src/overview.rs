//! A run at a glance: how far it is, how near its samples are to the data, what the doctor finds.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use gan_doctor::reader::{Columns, read_json_lines};
use gan_doctor::series::{CRITIC_LOSS, GENERATOR_LOSS};
use gan_doctor::{QUALITY, Record, Severity, Trace};
use gan_files::Lock;
use gan_run::to_json;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::args::RunState;
use crate::case;
use crate::run_folder::RunFolder;

/// A distance from the data, and the step of its measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Distance {
    pub(crate) step: u64,
    pub(crate) value: f64,
}

/// What one wants to know of a run among many.
#[derive(Debug)]
pub(crate) struct Overview {
    pub(crate) folder: PathBuf,
    pub(crate) recipe: String,
    pub(crate) seed: u64,
    pub(crate) state: RunState,
    /// The last step that was logged.
    pub(crate) step: u64,
    /// How many it is to have, where that is known.
    pub(crate) planned: Option<u64>,
    /// What distances are of, if any was measured.
    pub(crate) quantity: Option<&'static str>,
    pub(crate) best: Option<Distance>,
    pub(crate) last: Option<Distance>,
    /// What the doctor finds in the measurements, but for notes, the most urgent first.
    pub(crate) findings: Vec<&'static str>,
    pub(crate) steps_per_second: Option<f64>,
    /// When it was begun, in seconds since 1970.
    pub(crate) begun: Option<u64>,
}

/// What the manifest and the summary say of a run as it was trained.
#[derive(Default, Deserialize)]
struct Trained {
    started_unix_seconds: Option<u64>,
    steps_per_second: Option<f64>,
}

impl Overview {
    /// Reads a run, in progress or not.
    ///
    /// # Errors
    /// Its configuration, its manifest or its measurements cannot be read.
    pub(crate) fn of(folder: &RunFolder) -> anyhow::Result<Self> {
        let (config, case) = (folder.config()?, case::of_run(folder, None)?);
        let record = Record { case, trace: trace(folder)? };
        let quality = QUALITY.iter().find(|each| record.trace.signal(each.name).is_some());
        let signal = quality.and_then(|each| record.trace.signal(each.name));
        let points = signal.as_ref().map_or(&[][..], |signal| signal.points());
        let distance = |&(step, value): &(u64, f64)| Distance { step, value };
        let best = points.iter().min_by(|one, other| one.1.total_cmp(&other.1)).map(distance);
        let examination = record.examine();
        let is_more_than_a_note = |severity| severity > Severity::Note;
        let findings =
            examination.findings.iter().filter(|each| is_more_than_a_note(each.severity));
        Ok(Self {
            folder: folder.root().to_owned(),
            recipe: config.recipe.clone(),
            seed: config.seed,
            state: state(folder, &record.trace),
            step: record.trace.last_step().unwrap_or(0),
            planned: record.case.run.planned_steps,
            quantity: quality.map(|each| each.name),
            best,
            last: points.last().map(distance),
            findings: findings.map(|each| each.rule).collect(),
            steps_per_second: trained(folder, "summary.json").steps_per_second,
            begun: trained(folder, "manifest.json").started_unix_seconds,
        })
    }

    pub(crate) fn to_json(&self) -> Value {
        let distance = |distance: Option<Distance>| {
            distance
                .map(|Distance { step, value }| json!({ "step": step, "value": to_json(value) }))
        };
        json!({
            "folder": self.folder.display().to_string(),
            "recipe": self.recipe,
            "seed": self.seed,
            "state": self.state.name(),
            "step": self.step,
            "planned": self.planned,
            "quantity": self.quantity,
            "best": distance(self.best),
            "last": distance(self.last),
            "findings": self.findings,
            "steps_per_second": self.steps_per_second,
            "started_unix_seconds": self.begun,
        })
    }
}

/// The measurements of a run; none where nothing was logged yet.
fn trace(folder: &RunFolder) -> anyhow::Result<Trace> {
    let path = folder.metrics();
    if !path.exists() {
        return Ok(Trace::new());
    }
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let reading =
        read_json_lines(&bytes, &Columns::default()).with_context(|| path.display().to_string())?;
    Ok(reading.trace)
}

/// Whether a loss of either player was no number.
pub(crate) fn has_diverged(trace: &Trace) -> bool {
    let losses = [CRITIC_LOSS, GENERATOR_LOSS].map(|loss| trace.recorded(loss.name));
    losses.into_iter().flatten().any(|loss| loss.non_finite().is_some())
}

fn state(folder: &RunFolder, trace: &Trace) -> RunState {
    if Lock::is_held(folder.root()) {
        RunState::Running
    } else if has_diverged(trace) {
        RunState::Diverged
    } else if folder.root().join("summary.json").exists() {
        RunState::Finished
    } else {
        RunState::Stopped
    }
}

/// A file that may not be there yet.
fn trained(folder: &RunFolder, name: &str) -> Trained {
    let bytes = fs::read(folder.root().join(name)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
