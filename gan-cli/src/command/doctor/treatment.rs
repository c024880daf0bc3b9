//! `gan doctor RUN --try-cure`: trains with the cures, one after the other, until one has helped.

mod outcome;

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use gan_core::GanError;
use gan_core::progress::Span;
use gan_doctor::{Diagnosis, Record, Remedy, Severity};
use serde_json::{Value, json};

use super::last_good::{keeps_networks, last_good};
use super::record;
use crate::args::{DisplayArguments, DoctorMode, FromStep, RunArguments};
use crate::command::train::{self, Setup};
use crate::config::Layers;
use crate::observer::Interrupt;
use crate::run_folder::{RunFolder, free_beside};
use crate::streams;

use outcome::{Attempt, Outcome};

/// What a cured run is called, behind the name of its run.
pub(super) const CURED: &str = "cured";

/// How a cured run is watched: by its own lines of progress.
const UNWATCHED: train::Watched = train::Watched {
    display: DisplayArguments { json: false, tui: false },
    show: Vec::new(),
    log: None,
    doctor: DoctorMode::Off,
    serve: None,
};

/// What is to be tried, and how it is told.
pub(super) struct Treatment<'a> {
    pub(super) root: &'a Path,
    /// How long to train; as long as the run was to be otherwise.
    pub(super) budget: Option<Span>,
    /// Cures that are tried before it is given up.
    pub(super) tries: NonZeroUsize,
    pub(super) as_json: bool,
}

/// What became of a remedy.
enum Tried {
    /// The configuration does not take it.
    Refused(anyhow::Error),
    /// The training with it was stopped.
    Stopped(ExitCode),
    /// It was trained with.
    Measured(Outcome),
}

/// A run that is ill.
struct Ill {
    folder: RunFolder,
    record: Record,
    /// The steps of its checkpoints.
    saved: Vec<u64>,
    findings: Vec<Diagnosis>,
}

impl Ill {
    fn of(root: &Path) -> anyhow::Result<Self> {
        let folder = RunFolder::open(root)?;
        let (record, saved) = (record::of_run(&folder)?, folder.saved_steps()?);
        let findings = record.examine().all_findings().cloned().collect();
        Ok(Self { folder, record, saved, findings })
    }

    /// The first remedy that is a setting and none of `tried`, with the finding that it is of.
    fn remedy(&self, tried: &[Remedy]) -> Option<(Diagnosis, Remedy)> {
        let of_finding = |finding: &Diagnosis| {
            let is_new = |remedy: &&Remedy| {
                let is_same = |other: &Remedy| other.settings == remedy.settings;
                !remedy.settings.is_empty() && !tried.iter().any(is_same)
            };
            Some((finding.clone(), finding.remedies.iter().find(is_new)?.clone()))
        };
        self.findings.iter().find_map(of_finding)
    }

    /// Whether there is more to cure than what was found by `rule`, or that still is there.
    fn needs_more(&self, rule: &str) -> bool {
        let is_grave = |finding: &Diagnosis| finding.severity >= Severity::Severe;
        let is_same =
            |finding: &Diagnosis| finding.rule == rule && finding.severity > Severity::Note;
        self.findings.iter().any(|finding| is_grave(finding) || is_same(finding))
    }
}

impl Treatment<'_> {
    /// Tries cures in the order of the findings until one has helped; a run that was helped and is
    /// ill still is treated in its turn.
    pub(super) fn run(&self, began: Instant) -> anyhow::Result<ExitCode> {
        let interrupt = Interrupt::listen()?;
        let mut ill = Ill::of(self.root)?;
        let (mut tried, mut outcomes) = (Vec::new(), Vec::new());
        while outcomes.len() < self.tries.get() {
            let Some((finding, remedy)) = ill.remedy(&tried) else { break };
            tried.push(remedy.clone());
            match self.try_one((&finding, &remedy), &ill, (&interrupt, began))? {
                Tried::Refused(why) => streams::say(&format!(
                    "note: a cure of {} does not fit this run: {why:#}",
                    finding.rule
                )),
                Tried::Stopped(code) => return Ok(code),
                Tried::Measured(outcome) => {
                    if !self.as_json {
                        streams::print(&outcome.to_text())?;
                    }
                    let (has_helped, cured) = (outcome.has_helped(), outcome.folder().to_owned());
                    outcomes.push(outcome);
                    if has_helped {
                        ill = Ill::of(&cured)?;
                        if !ill.needs_more(finding.rule) {
                            break;
                        }
                    }
                }
            }
        }
        self.conclude(&outcomes)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Prints what came of all attempts, or that there was nothing to try.
    fn conclude(&self, outcomes: &[Outcome]) -> anyhow::Result<()> {
        let text = match (Outcome::of_all(outcomes), self.as_json) {
            (Some(object), true) => shown(&object)?,
            (Some(_), false) => return Ok(()),
            (None, true) => shown(&json!({ "rule": null }))?,
            (None, false) => {
                "nothing to try: no finding has a cure that this configuration takes\n".to_owned()
            }
        };
        streams::print(&text)
    }

    /// Trains with a remedy, from the last good checkpoint if there is one that takes it, anew
    /// otherwise.
    fn try_one(
        &self,
        (finding, remedy): (&Diagnosis, &Remedy),
        ill: &Ill,
        watch: (&Interrupt, Instant),
    ) -> anyhow::Result<Tried> {
        let good = last_good(&ill.saved, &ill.record, finding).filter(|_| keeps_networks(remedy));
        if let Some(step) = good {
            match self.train((finding.rule, remedy), Some(step), ill, watch)? {
                Tried::Refused(why) => streams::say(&format!(
                    "note: not from the checkpoint of step {step} but anew: {why:#}"
                )),
                tried => return Ok(tried),
            }
        }
        self.train((finding.rule, remedy), None, ill, watch)
    }

    /// Trains with a remedy and says what came of it, unless the configuration does not take it.
    fn train(
        &self,
        (rule, remedy): (&'static str, &Remedy),
        from_step: Option<u64>,
        ill: &Ill,
        (interrupt, began): (&Interrupt, Instant),
    ) -> anyhow::Result<Tried> {
        let folder = free_beside(self.root, CURED);
        let setup = match self.setup(remedy, from_step, (ill, &folder)) {
            Ok(setup) => setup,
            Err(refused) => return Ok(Tried::Refused(refused)),
        };
        let settings: Vec<String> = remedy.arguments().collect();
        let of = ill.folder.root().to_owned();
        let attempt = Attempt { of, rule, settings, from_step, folder };
        streams::say(&attempt.to_string());
        let has_ended = match train::train(setup, interrupt.clone(), UNWATCHED, began) {
            Ok(ended) => match ended.stopped() {
                Some(code) => return Ok(Tried::Stopped(code)),
                None => true,
            },
            // The networks or the rules of the game refuse it before there is a run.
            Err(refused) if !attempt.folder.exists() => return Ok(Tried::Refused(refused)),
            // Anything else, such as a full disk, says nothing of the cure.
            Err(error) if diverged(&error) => {
                streams::say(&format!("the cured run has diverged: {error:#}"));
                false
            }
            Err(error) => return Err(error.context("the cured run has failed")),
        };
        let after = record::of_run(&RunFolder::open(&attempt.folder)?)?;
        Ok(Tried::Measured(Outcome::new(attempt, (&ill.record, &after), has_ended)))
    }

    /// The run's configuration with a remedy, at one of its checkpoints if a step is given.
    fn setup(
        &self,
        remedy: &Remedy,
        from_step: Option<u64>,
        (ill, out): (&Ill, &Path),
    ) -> anyhow::Result<Setup> {
        let layers = Layers::of_run(ill.folder.config()?)?;
        let per_epoch = ill.record.case.run.steps_per_epoch.unwrap_or(1);
        let budget = self.budget.map(|budget| match from_step {
            Some(step) => Span::Steps(step.saturating_add(budget.steps(per_epoch))),
            None => budget,
        });
        let budget = budget.map(|budget| format!("train.budget=\"{budget}\""));
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
        let mut setup = Setup::with(layers, &arguments, false)?;
        if let Some(step) = from_step {
            setup.branch(ill.folder.clone(), Some(FromStep::Step(step)))?;
        }
        Ok(setup)
    }
}

fn diverged(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(GanError::NonFinite { .. }))
}

fn shown(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
