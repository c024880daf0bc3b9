//! `cargo xtask record`: results that were trained elsewhere are kept.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::{FIGURES, Provenance, agreement, keep, keep_figures, results_in};
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
    let (recipe, set): (_, Vec<&String>) = match &job.task {
        Task::Train { recipe, set, .. } => (recipe, set.iter().collect()),
        Task::Branch { recipe, inherited, set, .. } => {
            (recipe, inherited.iter().chain(set).collect())
        }
        Task::Command { .. } => return Ok(Vec::new()),
    };
    let path = job.folder.join("config.toml");
    let config = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let own = [format!("recipe={recipe}"), format!("seed={}", job.seed)];
    let settings: Vec<String> = own.into_iter().chain(set.into_iter().cloned()).collect();
    let mut found = agreement::contradictions(&settings, &config)
        .with_context(|| path.display().to_string())?;
    found.extend(other_origin(job)?);
    Ok(found)
}

/// That a training is no branch of the run that it is to go on from, if it is none.
///
/// # Errors
/// Its manifest cannot be read.
fn other_origin(job: &Job) -> anyhow::Result<Option<String>> {
    let Some(wanted) = job.branches_off().and_then(Path::file_name).map(OsStr::to_string_lossy)
    else {
        return Ok(None);
    };
    let found = Provenance::of(&job.folder)?.and_then(|found| found.branched_from);
    let found = found.as_deref().and_then(|path| path.rsplit(['/', '\\']).next()).unwrap_or("none");
    Ok((found != wanted)
        .then(|| format!("it is a branch of {found}, the experiment's is of {wanted}")))
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
    fn a_branch_of_another_run_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut job = trained(folder.path(), "a", 1);
        let (inherited, set) =
            (vec!["train.batch=64".to_owned()], vec!["train.budget=\"20 steps\"".to_owned()]);
        let branch = |inherited| Task::Branch {
            from: folder.path().join("before-seed3"),
            recipe: "gan".into(),
            inherited,
            set: set.clone(),
            quick: Vec::new(),
        };
        job.task = branch(inherited);
        let expected = ["it is a branch of none, the experiment's is of before-seed3"];
        assert_eq!(contradictions(&job).unwrap(), expected);
        let manifest = r#"{"branched_from": {"run": "elsewhere/before-seed3", "step": 9}}"#;
        std::fs::write(job.folder.join("manifest.json"), manifest).unwrap();
        assert!(contradictions(&job).unwrap().is_empty());
        job.task = branch(vec!["train.batch=32".to_owned()]);
        assert_eq!(contradictions(&job).unwrap(), ["train.batch is 64, the experiment has 32"]);
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
