//! What is done about planted faults before and after the trainings: data, examinations, cures, tables.

use std::ffi::OsString;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::definition::{Plant, Planted};
use super::figures;
use super::record::{CURE, EXAMINATION, RECORD, Record, cured};
use super::recordings;
use super::score::{Score, Trial, scores};
use super::table;
use crate::experiment::summary::save;
use crate::experiment::{Experiment, Gan, Job, Launched, Room, workers};
use crate::interrupt::Interrupt;
use crate::results::FIGURES;

/// The suite around the trainings of one experiment.
pub(crate) struct Suite<'a> {
    /// What is planted.
    pub(crate) planted: &'a Planted,
    /// The program.
    pub(crate) gan: &'a Gan,
    /// The trainings.
    pub(crate) jobs: &'a [Job],
    /// The folder with their folders.
    pub(crate) results: &'a Path,
    /// How many calls of the program there are at once, and what each of them may use.
    pub(crate) workers: (NonZeroUsize, Room),
    /// Ctrl-C.
    pub(crate) interrupt: &'a Interrupt,
}

impl Suite<'_> {
    /// Makes the data, after a look at whether every verdict that is accepted can be given.
    ///
    /// # Errors
    /// A rule that the doctor does not know; data that cannot be made.
    pub(crate) fn prepare(&self) -> anyhow::Result<Launched> {
        #[derive(Deserialize)]
        struct Listed {
            rule: String,
        }
        let list = ["doctor", "--list", "--json"].map(OsString::from);
        let Some(list) = self.gan.ask(&list, self.workers.1, self.interrupt)? else {
            return Ok(Launched::Interrupted);
        };
        let rules: Vec<Listed> =
            serde_json::from_str(&list).context("`gan doctor --list --json` is not as expected")?;
        let rules: Vec<String> = rules.into_iter().map(|listed| listed.rule).collect();
        self.planted.check_rules(&rules)?;
        let folder = data_folder(self.results);
        for set in &self.planted.data {
            say!("==> data set {}", set.name());
            set.make(self.gan, &folder)?;
        }
        Ok(Launched::Finished)
    }

    /// Asks the doctor about every run, again at every call, for its rules may be others.
    ///
    /// # Errors
    /// An examination fails.
    pub(crate) fn examine(&self) -> anyhow::Result<Launched> {
        say!("==> examining {} runs", self.jobs.len());
        let (n_workers, room) = self.workers;
        workers::each(n_workers, self.jobs, |_, job| {
            let record = job.folder.join(RECORD).display().to_string();
            let arguments = doctor(&job.folder, &["--record", &record]);
            match self.gan.ask(&arguments, room, self.interrupt)? {
                None => Ok(Launched::Interrupted),
                Some(found) => {
                    save(&job.folder.join(EXAMINATION), &found)?;
                    Ok(Launched::Finished)
                }
            }
        })
    }

    /// Has the doctor try its cures for every spoiled run in which something was found, where that is not done yet.
    ///
    /// # Errors
    /// A folder cannot be read or written. A cure that cannot be tried is recorded.
    pub(crate) fn cure(&self) -> anyhow::Result<Launched> {
        let mut ill = Vec::new();
        for (plant, job) in self.planted_jobs()? {
            let record = Record::read(&job.folder, &plant.base.quality)?;
            if plant.fault.is_some() && !record.findings.is_empty() && record.cure.is_none() {
                ill.push(job);
            }
        }
        workers::each(self.workers.0, &ill, |idx, job| {
            say!("==> cure {} of {}: {}, seed {}", idx + 1, ill.len(), job.run, job.seed);
            self.cure_one(job)
        })
    }

    fn cure_one(&self, job: &Job) -> anyhow::Result<Launched> {
        for begun in cured(&job.folder)? {
            fs::remove_dir_all(&begun)
                .with_context(|| format!("cannot remove {}", begun.display()))?;
        }
        let arguments = doctor(&job.folder, &["--try-cure"]);
        let said = match self.gan.ask(&arguments, self.workers.1, self.interrupt) {
            Ok(None) => return Ok(Launched::Interrupted),
            Ok(Some(said)) => said,
            Err(error) => {
                say!("    {}, seed {}: no cure could be tried: {error:#}", job.run, job.seed);
                json!({ "error": format!("{error:#}") }).to_string()
            }
        };
        let _: Value = serde_json::from_str(&said)
            .with_context(|| format!("the cure of {} is not JSON", job.folder.display()))?;
        save(&job.folder.join(CURE), &said)?;
        Ok(Launched::Finished)
    }

    /// Writes `NAME.csv`, `NAME.md`, the runs' series, `NAME.jsonl.gz`, and `figures.json` beside the
    /// runs, and returns the path of the tables.
    ///
    /// # Errors
    /// A run's folder cannot be read, or a file cannot be written.
    pub(crate) fn write(&self, experiment: &Experiment, name: &str) -> anyhow::Result<PathBuf> {
        let scores = self.scores()?;
        save(&self.results.join(format!("{name}.csv")), &table::csv(&scores))?;
        let runs = self.planted_jobs()?;
        recordings::write(&self.results.join(format!("{name}.jsonl.gz")), &runs, &scores)?;
        let tables = table::markdown(self.planted, &scores);
        save(&self.results.join(FIGURES), &figures::json(&scores)?)?;
        let text = format!("# {}\n\n{}\n\n{tables}", experiment.title, experiment.question);
        let path = self.results.join(format!("{name}.md"));
        save(&path, &text)?;
        Ok(path)
    }

    fn scores(&self) -> anyhow::Result<Vec<Score>> {
        let mut trials = Vec::new();
        for (plant, job) in self.planted_jobs()? {
            let record = Record::read(&job.folder, &plant.base.quality)?;
            trials.push(Trial { plant, seed: job.seed, diverged: job.has_diverged(), record });
        }
        Ok(scores(&trials))
    }

    /// The trainings with what is planted in them.
    fn planted_jobs(&self) -> anyhow::Result<Vec<(Plant<'_>, &Job)>> {
        let mut pairs = Vec::new();
        for plant in self.planted.plants() {
            for job in self.jobs.iter().filter(|job| job.run == plant.run) {
                pairs.push((plant.clone(), job));
            }
        }
        ensure!(pairs.len() == self.jobs.len(), "runs beside those with planted faults");
        Ok(pairs)
    }
}

/// Where the data are that are made for an experiment: `{data}` in its settings.
pub(crate) fn data_folder(results: &Path) -> PathBuf {
    results.join("data")
}

fn doctor(run: &Path, more: &[&str]) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["doctor".into(), run.into(), "--json".into()];
    arguments.extend(more.iter().map(OsString::from));
    arguments
}
