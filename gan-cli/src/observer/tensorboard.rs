//! Writes event files for TensorBoard, beside what a run folder has anyway.

use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use gan_core::Unrecorded;
use gan_core::event::{Control, Event, Observer, ObserverError, Stepped};
use gan_core::loss::Scores;
use gan_core::progress::Cadence;
use gan_events::hparams::Ending;
use gan_events::{Description, Moment, RunLog};

use crate::config::RunConfig;
use crate::metrics::line_of;
use crate::run_folder::RunFolder;
use crate::streams;

/// The folder of event files in a run folder.
pub(crate) const FOLDER: &str = "tensorboard";

/// Tells TensorBoard of numbers, pictures, scores and diagnoses. It comes after the observers that make them.
pub(crate) struct TensorBoard {
    log: RunLog,
    folder: RunFolder,
    /// How often scores are told of.
    every: Cadence,
    /// Bytes of `diagnoses.jsonl` that have been told.
    told: usize,
}

impl TensorBoard {
    /// That of a run that goes on after `step`; none if its configuration asks for none.
    pub(crate) fn of(
        folder: &RunFolder,
        config: &RunConfig,
        step: u64,
    ) -> anyhow::Result<Option<Self>> {
        if !config.log.tensorboard {
            return Ok(None);
        }
        let events = folder.root().join(FOLDER);
        let (text, at) = (config.to_toml()?, moment(step));
        let manifest = read(folder.root().join("manifest.json"));
        let diagnoses = read(diagnoses(folder));
        let told = diagnoses.len();
        let run = Description { config: &text, manifest: &manifest, diagnoses: &diagnoses };
        let log = if events.exists() {
            let (log, cuts) = RunLog::resume(&events, &run, at)?;
            for cut in cuts.iter().filter(|cut| cut.torn_bytes > 0) {
                streams::say(&format!("note: {}: its end was torn", cut.path.display()));
            }
            log
        } else {
            RunLog::begin(&events, &run, at)?
        };
        Ok(Some(Self { log, folder: folder.clone(), every: config.log.every, told }))
    }

    /// The picture of a step, if one was made.
    fn picture(&mut self, step: u64) -> anyhow::Result<()> {
        let path = self.folder.samples().join(format!("step-{step:07}.png"));
        if path.exists() {
            let png = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            self.log.samples(moment(step), &png)?;
        }
        Ok(())
    }

    fn scores<G, C>(&mut self, stepped: &Stepped<'_, G, C>) -> anyhow::Result<()> {
        let at = moment(stepped.progress.step);
        let critic = stepped.critic;
        for (tag, scores) in [("real", &critic.real), ("fake", &critic.fake)] {
            self.log.histogram(at, &format!("critic/scores_of_{tag}"), &numbers(scores))?;
        }
        Ok(())
    }

    /// What the doctor has said since it was looked at last.
    fn diagnoses(&mut self) -> anyhow::Result<()> {
        let all = read(diagnoses(&self.folder));
        let new = all.get(self.told..).unwrap_or_default();
        for line in new.lines() {
            self.log.diagnosis(now(), line)?;
        }
        self.told += new.len();
        Ok(())
    }

    fn tell<G, C>(&mut self, event: &Event<'_, G, C>) -> anyhow::Result<()> {
        match event {
            Event::Started { progress, .. } if progress.step == 0 => self.picture(0)?,
            Event::Measured { progress, measurements } => {
                let line = line_of(*progress, measurements);
                self.log.measured(moment(line.step), &line.numbers)?;
                self.diagnoses()?;
            }
            Event::Stepped(stepped) => {
                if self.every.falls_on(stepped.progress) {
                    self.scores(stepped)?;
                }
                self.picture(stepped.progress.step)?;
            }
            Event::Saving { .. } => self.log.sync()?,
            Event::Finished { progress, ending, .. } if !ending.is_stopped() => {
                self.log.end(moment(progress.step), Ending::Finished)?;
            }
            Event::Diverged { progress, .. } => {
                self.log.end(moment(progress.step), Ending::Failed)?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl<G, C> Observer<G, C> for TensorBoard {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        self.tell(event).map_err(Unrecorded::because)?;
        Ok(Control::Continue)
    }
}

fn diagnoses(folder: &RunFolder) -> PathBuf {
    folder.root().join("diagnoses.jsonl")
}

/// A file that may not be there.
fn read(path: PathBuf) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn numbers(scores: &Scores) -> Vec<f64> {
    scores.raw().into_data().iter::<f64>().collect()
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn moment(step: u64) -> Moment {
    Moment { step, unix_seconds: now() }
}
