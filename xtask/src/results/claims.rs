//! `cargo xtask claims`: the state of every claim, from what is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::keep::is_of_command;
use super::record::contradictions;
use super::{FIGURES, Provenance, results_in};
use crate::claim::{Evidence, Judged, Tally, Training};
use crate::experiment::{Checking, Ending, Experiment, Folder, Form, Job, Mixing, Task, names};

/// One call of `cargo xtask claims`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    /// The experiments; all of them if none is named.
    pub(crate) names: Vec<String>,
    /// Where results are kept, if not in the workspace.
    pub(crate) results: Option<PathBuf>,
    /// Whether a claim that is not held is to be told by the exit code.
    pub(crate) checking: Checking,
    /// Whether numbers of different kernels may be compared.
    pub(crate) mixing: Mixing,
}

/// Prints the state of every claim of the experiments.
///
/// # Errors
/// An unknown experiment, or a result that cannot be read.
pub(crate) fn claims(wanted: &Listing) -> anyhow::Result<Ending> {
    let chosen = if wanted.names.is_empty() { names()? } else { wanted.names.clone() };
    let kept = results_in(wanted.results.as_deref());
    let mut all = Tally::default();
    for name in &chosen {
        let experiment = Experiment::load(name)?;
        let own = kept.join(name);
        say!("{name}: {}", experiment.title);
        let jobs = trainings(&experiment, &own)?;
        if let Some(line) = Provenance::line(&jobs)? {
            say!("  {line}");
        }
        let evidence = evidence(&experiment, &jobs, (&own, &kept), wanted.mixing)?;
        all.add(judged(&experiment, &evidence));
    }
    say!("\n{all}");
    Ok(wanted.checking.ending(all))
}

/// What is kept of an experiment's trainings, but for those with other settings than it has now.
///
/// # Errors
/// A kept result cannot be read.
pub(crate) fn trainings(experiment: &Experiment, own: &Path) -> anyhow::Result<Vec<Job>> {
    let mut jobs = Job::all(experiment, Form::Full, experiment.seeds.get(), own);
    if experiment.planted.is_none() {
        retain_its_own(&mut jobs)?;
    }
    Ok(jobs)
}

/// Leaves out, aloud, what is kept of trainings with other settings than the experiment has now.
fn retain_its_own(jobs: &mut Vec<Job>) -> anyhow::Result<()> {
    let mut its_own = Vec::new();
    for job in jobs.drain(..) {
        if job.found() != Folder::Finished {
            continue;
        }
        let found = match &job.task {
            Task::Command { words } if !is_of_command(&job.folder, words)? => {
                vec!["it is of another command".to_owned()]
            }
            _ => contradictions(&job)?,
        };
        match found {
            found if found.is_empty() => its_own.push(job),
            found => {
                say!("  passed over {}: {}", job.folder.display(), found.join("; "));
            }
        }
    }
    *jobs = its_own;
    Ok(())
}

/// Prints the claims of an experiment and counts them.
fn judged(experiment: &Experiment, evidence: &Evidence) -> Tally {
    let judged: Vec<Judged<'_>> =
        experiment.claims.iter().map(|claim| Judged::by(claim, evidence)).collect();
    judged.iter().for_each(|claim| say!("  {claim}"));
    Tally::of(&judged)
}

/// What was measured of the runs that an experiment's claims are of: its own trainings, those of other
/// experiments that are kept, and the figures in `figures_in`.
///
/// # Errors
/// A training's folder or the figures cannot be read.
pub(crate) fn evidence(
    experiment: &Experiment,
    jobs: &[Job],
    (figures_in, kept): (&Path, &Path),
    mixing: Mixing,
) -> anyhow::Result<Evidence> {
    let versions = experiment.claims.iter().flat_map(|claim| claim.versions());
    let named: Vec<&str> = versions.flat_map(|claim| claim.runs()).collect();
    let mut evidence = Evidence { mixed: mixing == Mixing::Allowed, ..Evidence::default() };
    for run in named {
        let n_seeds = experiment.planned(run)?.get() as usize;
        if evidence.planned.insert(run.to_owned(), n_seeds).is_some() {
            continue;
        }
        match run.split_once('/') {
            None => gather(&mut evidence, run, jobs.iter().filter(|job| job.run == run))?,
            Some((name, own)) => {
                let other = Experiment::load(name)?;
                let mut jobs = Job::all(&other, Form::Full, n_seeds as u32, &kept.join(name));
                jobs.retain(|job| job.run == own);
                retain_its_own(&mut jobs)?;
                gather(&mut evidence, run, jobs.iter())?;
            }
        }
    }
    evidence.figures = figures(figures_in)?;
    Ok(evidence)
}

/// Adds what was measured by the trainings that have come to an end.
fn gather<'a>(
    evidence: &mut Evidence,
    run: &str,
    jobs: impl Iterator<Item = &'a Job>,
) -> anyhow::Result<()> {
    for job in jobs.filter(|job| job.found() == Folder::Finished) {
        let training = Training::read(&job.folder, job.seed)?;
        evidence.runs.entry(run.to_owned()).or_default().push(training);
        if let Some(provenance) = Provenance::of(&job.folder)? {
            evidence.kernels.entry(run.to_owned()).or_default().insert(provenance.kernels);
        }
    }
    Ok(())
}

/// The figures of a whole experiment; none where the file does not exist.
fn figures(folder: &Path) -> anyhow::Result<Option<BTreeMap<String, f64>>> {
    let path = folder.join(FIGURES);
    if !path.exists() {
        return Ok(None);
    }
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let figures = serde_json::from_str(&text)
        .with_context(|| format!("{} has no object of numbers", path.display()))?;
    Ok(Some(figures))
}
