//! `cargo xtask record`: results that were trained elsewhere are kept.

use std::path::PathBuf;

use anyhow::{Context, ensure};

use super::{FIGURES, agreement, keep, keep_figures, results_in};
use crate::experiment::{Experiment, Folder, Form, Job, Task};

/// One call of `cargo xtask record NAME --from DIR`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Recording {
    /// The experiment.
    pub(crate) name: String,
    /// The folder with `RUN-seedN`.
    pub(crate) from: PathBuf,
    /// Where results are kept, if not in the workspace.
    pub(crate) results: Option<PathBuf>,
}

/// Keeps every training of the experiment that has come to its end in the folder.
///
/// # Errors
/// An unknown experiment, a folder with no training of it that has ended, or a training that is another
/// than the experiment's.
pub(crate) fn record(wanted: &Recording) -> anyhow::Result<()> {
    let experiment = Experiment::load(&wanted.name)?;
    let kept = results_in(wanted.results.as_deref()).join(&wanted.name);
    if experiment.planted.is_some() {
        let figures = wanted.from.join(FIGURES);
        ensure!(
            figures.exists(),
            "{} does not exist: of planted faults, figures are kept",
            figures.display()
        );
        keep_figures(&wanted.from, &kept)?;
        say!("kept {}", kept.join(FIGURES).display());
        return Ok(());
    }
    let jobs = Job::all(&experiment, Form::Full, experiment.seeds.get(), &wanted.from);
    let mut ended = Vec::new();
    for job in &jobs {
        match job.found() {
            Folder::Free => {}
            Folder::Finished => ended.push(job),
            Folder::Unfinished | Folder::Stranded => {
                say!("passed over {}, which has not come to its end", job.folder.display());
            }
        }
    }
    // All of them are looked at before any is kept.
    ended.iter().try_for_each(|job| ensure_its_own(job))?;
    for job in &ended {
        keep(job, &experiment.picture, &job.at(&kept).folder)?;
    }
    ensure!(
        !ended.is_empty(),
        "{} has no training of `{}` that has come to its end, such as {}",
        wanted.from.display(),
        wanted.name,
        jobs.first().map(|job| job.folder.display().to_string()).unwrap_or_default()
    );
    say!("{} of {} trainings kept in {}", ended.len(), jobs.len(), kept.display());
    Ok(())
}

/// Checks that a training is the experiment's: what that sets, its configuration has.
///
/// # Errors
/// It has something else, or cannot be read.
pub(super) fn ensure_its_own(job: &Job) -> anyhow::Result<()> {
    let found = contradictions(job)?;
    ensure!(
        found.is_empty(),
        "{} is another training than `{}` with seed {}: {}",
        job.folder.display(),
        job.run,
        job.seed,
        found.join("; ")
    );
    Ok(())
}

/// In what the configuration in a training's folder differs from what the experiment sets.
///
/// # Errors
/// It cannot be read.
pub(super) fn contradictions(job: &Job) -> anyhow::Result<Vec<String>> {
    let Task::Train { recipe, set, .. } = &job.task else { return Ok(Vec::new()) };
    let path = job.folder.join("config.toml");
    let config = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let own = [format!("recipe={recipe}"), format!("seed={}", job.seed)];
    let settings: Vec<String> = own.into_iter().chain(set.iter().cloned()).collect();
    agreement::contradictions(&settings, &config).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::super::keep::tests::trained;
    use super::*;

    #[test]
    fn a_training_of_other_settings_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut job = trained(folder.path(), "a", 1);
        assert!(ensure_its_own(&job).is_ok());
        job.seed = 2;
        job.task = Task::Train {
            recipe: "gan".into(),
            set: vec!["train.batch=32".into()],
            quick: Vec::new(),
        };
        let complaint = ensure_its_own(&job).unwrap_err().to_string();
        assert!(complaint.contains("seed is 1, the experiment has 2"), "{complaint}");
        assert!(complaint.contains("train.batch is 64, the experiment has 32"), "{complaint}");
    }

    #[test]
    fn a_folder_without_results_is_named() {
        let from = tempfile::tempdir().unwrap();
        let from = from.path().to_path_buf();
        let wanted = Recording { name: "moons".into(), from, results: None };
        let complaint = record(&wanted).unwrap_err().to_string();
        assert!(complaint.contains("no training of `moons`"), "{complaint}");
        assert!(complaint.contains("lr-1e-3-batch-250-seed0"), "{complaint}");
    }
}
