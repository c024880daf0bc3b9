//! `gan doctor RUN --try-cure`: trains the run anew with a cure beside it, and measures whether it helped.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use gan_core::progress::Span;
use gan_doctor::series::{CRITIC_LOSS, GENERATOR_LOSS};
use gan_doctor::{QUALITY, Record, Remedy, Trace};
use serde_json::{Value, json};

use super::record;
use crate::args::{DisplayArguments, DoctorMode, RunArguments};
use crate::command::train::{self, Setup};
use crate::config::Layers;
use crate::json_number::to_json;
use crate::observer::Interrupt;
use crate::run_folder::RunFolder;
use crate::streams;

/// Newest measurements that the median is taken of: one of them may be an outlier.
const NEWEST: usize = 3;
/// A distance this much smaller than before is an improvement.
const HELPED: f64 = 0.9;

/// What is to be tried, and how it is told.
pub(super) struct Treatment<'a> {
    pub(super) root: &'a Path,
    /// How long to train; as long as the run was to be otherwise.
    pub(super) budget: Option<Span>,
    pub(super) as_json: bool,
}

/// What became of a remedy.
enum Tried {
    /// The configuration does not take it.
    Refused(anyhow::Error),
    /// It was trained with, to its end or until it was stopped.
    Ended(ExitCode),
}

/// What came of it.
struct Outcome {
    rule: &'static str,
    settings: Vec<String>,
    folder: PathBuf,
    quantity: &'static str,
    before: f64,
    after: f64,
}

impl Treatment<'_> {
    /// Trains with the first cure that the configuration takes, and compares.
    pub(super) fn run(&self, began: Instant) -> anyhow::Result<ExitCode> {
        let record = record::of_run(&RunFolder::open(self.root)?)?;
        let examination = record.examine();
        let findings = examination.all_findings();
        let remedies = findings.flat_map(|each| each.remedies.iter().map(|cure| (each.rule, cure)));
        let interrupt = Interrupt::listen()?;
        // The first that the configuration takes.
        for (rule, remedy) in remedies.filter(|(_, remedy)| !remedy.settings.is_empty()) {
            match self.try_one((rule, remedy), &record, &interrupt, began)? {
                Tried::Refused(why) => {
                    streams::say(&format!("note: a cure of {rule} does not fit this run: {why:#}"))
                }
                Tried::Ended(code) => return Ok(code),
            }
        }
        let nothing = "nothing to try: no finding has a cure that this configuration takes";
        streams::print(&match self.as_json {
            true => shown(&json!({ "rule": null }))?,
            false => nothing.to_owned() + "\n",
        })?;
        Ok(ExitCode::SUCCESS)
    }

    /// The run's configuration with a remedy.
    fn setup(&self, remedy: &Remedy, out: &Path) -> anyhow::Result<Setup> {
        let layers = Layers::of_config(RunFolder::open(self.root)?.config()?)?;
        let budget = self.budget.map(|budget| format!("train.budget=\"{budget}\""));
        let settings = remedy.settings.iter().map(ToString::to_string);
        let arguments = RunArguments {
            settings: settings.chain(budget).collect(),
            epochs: None,
            steps: None,
            seed: None,
            device: None,
            out: Some(out.to_owned()),
            data_dir: None,
        };
        Setup::with(layers, &arguments, false)
    }

    /// Trains with a remedy and says what came of it, unless the configuration does not take it.
    fn try_one(
        &self,
        (rule, remedy): (&'static str, &Remedy),
        before: &Record,
        interrupt: &Interrupt,
        began: Instant,
    ) -> anyhow::Result<Tried> {
        let folder = free_folder(self.root);
        let setup = match self.setup(remedy, &folder) {
            Ok(setup) => setup,
            Err(refused) => return Ok(Tried::Refused(refused)),
        };
        let settings: Vec<String> = remedy.arguments().collect();
        streams::say(&format!("trying a cure of {rule}: {}", settings.join(" ")));
        let watched = train::Watched {
            display: DisplayArguments { json: false, tui: false },
            show: Vec::new(),
            log: None,
            doctor: DoctorMode::Off,
        };
        let has_ended = match train::train(setup, interrupt.clone(), watched, began) {
            Ok(ended) => match ended.stopped() {
                Some(code) => return Ok(Tried::Ended(code)),
                None => true,
            },
            // The networks or the rules of the game refuse it before there is a run.
            Err(refused) if !folder.exists() => return Ok(Tried::Refused(refused)),
            Err(error) => {
                streams::say(&format!("the cured run has failed: {error:#}"));
                false
            }
        };
        let after = record::of_run(&RunFolder::open(&folder)?)?;
        let outcome = Outcome::new(rule, settings, folder, (before, &after), has_ended);
        streams::print(&if self.as_json { shown(&outcome.to_json())? } else { outcome.to_text() })?;
        Ok(Tried::Ended(ExitCode::SUCCESS))
    }
}

impl Outcome {
    fn new(
        rule: &'static str,
        settings: Vec<String>,
        folder: PathBuf,
        (before, after): (&Record, &Record),
        has_ended: bool,
    ) -> Self {
        let measured_in = |records: &[&Record]| {
            let is_in = |of: &&Record, name: &str| of.trace.signal(name).is_some();
            QUALITY.iter().find(|series| records.iter().all(|of| is_in(of, series.name)))
        };
        // A run that has diverged early has no distance.
        let series = measured_in(&[before, after]).or_else(|| measured_in(&[after]));
        let quantity = series.map_or("samples/frechet", |series| series.name);
        let after = if has_ended { distance(after, quantity) } else { f64::INFINITY };
        Self { rule, settings, folder, quantity, before: distance(before, quantity), after }
    }

    fn has_helped(&self) -> bool {
        self.after < HELPED * self.before
    }

    fn to_json(&self) -> Value {
        json!({
            "rule": self.rule,
            "settings": self.settings,
            "quantity": self.quantity,
            "before": to_json(self.before),
            "after": to_json(self.after),
            "helped": self.has_helped(),
            "folder": self.folder.display().to_string(),
        })
    }

    fn to_text(&self) -> String {
        let Self { rule, quantity, before, after, folder, .. } = self;
        let verdict = if self.has_helped() { "it helped" } else { "it did not help" };
        format!(
            "{verdict}: {quantity} {before:.4} before, {after:.4} with the cure of {rule} (median of the \
             newest {NEWEST})\n{}\n",
            folder.display()
        )
    }
}

/// The median of the newest distances from the data; infinite where the run has diverged.
fn distance(record: &Record, quantity: &str) -> f64 {
    if has_diverged(&record.trace) {
        return f64::INFINITY;
    }
    let newest = record.trace.signal(quantity).map(|signal| signal.last(NEWEST).median());
    newest.unwrap_or(f64::INFINITY)
}

/// Whether a loss of either player was no number.
fn has_diverged(trace: &Trace) -> bool {
    let losses = [CRITIC_LOSS, GENERATOR_LOSS].map(|loss| trace.recorded(loss.name));
    losses.into_iter().flatten().any(|loss| loss.non_finite().is_some())
}

fn shown(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// `RUN-cured`, or the first of `RUN-cured-2`, … that is free.
pub(super) fn free_folder(root: &Path) -> PathBuf {
    let name = root.file_name().unwrap_or_else(|| OsStr::new("run")).display().to_string();
    let first = root.with_file_name(format!("{name}-cured"));
    let others = (2_u32..).map(|n| root.with_file_name(format!("{name}-cured-{n}")));
    std::iter::once(first.clone()).chain(others).find(|path| !path.exists()).unwrap_or(first)
}
