//! What is kept of the experiments, read once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::claim::{Bound, Condition, Judged, Training, Verdict};
use crate::experiment::{Experiment, Folder, Mixing};
use crate::nearest;
use crate::results::{Provenance, evidence, trainings};

/// What is kept of the experiments that pages ask for.
pub(super) struct Kept {
    /// The folder with all of it.
    results: PathBuf,
    experiments: BTreeMap<String, Measured>,
}

/// What is kept of one experiment.
pub(super) struct Measured {
    experiment: Experiment,
    runs: BTreeMap<String, Vec<Shown>>,
    verdicts: BTreeMap<String, Decided>,
}

/// A training that is kept.
pub(super) struct Shown {
    /// What it measured.
    pub(super) training: Training,
    /// Where its files are.
    pub(super) folder: PathBuf,
    /// Where its numbers come from; nothing of a command.
    pub(super) provenance: Option<Provenance>,
}

/// A claim and what became of it.
#[derive(Clone)]
pub(super) struct Decided {
    /// Its sentence.
    pub(super) says: String,
    /// The bound of its numbers, where it has one.
    pub(super) bound: Option<Bound>,
    /// What became of it.
    pub(super) verdict: Verdict,
}

/// A run of an experiment with the trainings that are kept of it.
pub(super) struct RunOf<'a> {
    /// The experiment.
    pub(super) experiment: &'a str,
    /// The trainings, by seed.
    pub(super) trainings: &'a [Shown],
    /// With how many seeds it is to be trained.
    pub(super) n_planned: usize,
}

impl Kept {
    /// What is kept in a folder.
    pub(super) fn new(results: PathBuf) -> Self {
        Self { results, experiments: BTreeMap::new() }
    }

    /// The trainings of `EXPERIMENT/RUN`.
    ///
    /// # Errors
    /// There is no such run, or a result cannot be read.
    pub(super) fn run<'a>(&'a mut self, path: &'a str) -> anyhow::Result<RunOf<'a>> {
        let (experiment, run) = halves(path)?;
        let measured = self.measured(experiment)?;
        let n_planned = measured.experiment.planned(run)?.get() as usize;
        let trainings = measured.runs.get(run).map_or(&[][..], Vec::as_slice);
        Ok(RunOf { experiment, trainings, n_planned })
    }

    /// The claim `EXPERIMENT/ID`.
    ///
    /// # Errors
    /// There is no such claim, or a result cannot be read.
    pub(super) fn claim(&mut self, path: &str) -> anyhow::Result<Decided> {
        let (experiment, id) = halves(path)?;
        let measured = self.measured(experiment)?;
        let known: Vec<&String> = measured.verdicts.keys().collect();
        match measured.verdicts.get(id) {
            Some(found) => Ok(found.clone()),
            None => bail!("`{experiment}`: {}", nearest::unknown("claim", id, &known)),
        }
    }

    /// Everything that is kept of an experiment.
    ///
    /// # Errors
    /// There is no such experiment, or a result cannot be read.
    pub(super) fn all_trainings(&mut self, experiment: &str) -> anyhow::Result<Vec<&Shown>> {
        Ok(self.measured(experiment)?.runs.values().flatten().collect())
    }

    fn measured(&mut self, name: &str) -> anyhow::Result<&Measured> {
        if !self.experiments.contains_key(name) {
            let measured = self.read(name)?;
            self.experiments.insert(name.to_owned(), measured);
        }
        self.experiments.get(name).context("was just read")
    }

    fn read(&self, name: &str) -> anyhow::Result<Measured> {
        let experiment = Experiment::load(name)?;
        let own = self.results.join(name);
        let jobs = trainings(&experiment, &own)?;
        let evidence = evidence(&experiment, &jobs, (&own, &self.results), Mixing::Refused)?;
        let mut verdicts = BTreeMap::new();
        for claim in &experiment.claims {
            let judged = Judged::by(claim, &evidence);
            if let (Some(id), Some(verdict)) = (&claim.id, judged.verdict()) {
                let bound = match &claim.condition {
                    Condition::Bound(bound) | Condition::Correlation { bound, .. } => Some(*bound),
                    Condition::Beside { .. } | Condition::Test { .. } | Condition::Like { .. } => {
                        None
                    }
                };
                let (says, verdict) = (claim.says.clone(), verdict.clone());
                verdicts.insert(id.clone(), Decided { says, bound, verdict });
            }
        }
        let mut runs: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
        for job in jobs.into_iter().filter(|job| job.found() == Folder::Finished) {
            let training = Training::read(&job.folder, job.seed)?;
            let provenance = Provenance::of(&job.folder)?;
            let shown = Shown { training, folder: job.folder, provenance };
            runs.entry(job.run).or_default().push(shown);
        }
        Ok(Measured { experiment, runs, verdicts })
    }
}

/// The experiment, and what follows it.
///
/// # Errors
/// It is not two words with a slash between them.
pub(super) fn halves(path: &str) -> anyhow::Result<(&str, &str)> {
    path.split_once('/').with_context(|| {
        format!(
            "`{path}` is no name of an experiment and of what it has, such as `moons-a/poor-fit`"
        )
    })
}
