//! Runs that go on from where another run of the experiment has ended.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};

use crate::experiment::definition::{Run, Task};
use crate::experiment::{Folder, Job};
use crate::nearest;

/// Gives every branch the folder, the recipe and the settings of the run that it names.
///
/// # Errors
/// There is no such run, it is no training with one seed, or a branch has a seed of its own.
pub(crate) fn settle(runs: &mut [Run]) -> anyhow::Result<()> {
    let names: Vec<String> = runs.iter().map(|run| run.name.clone()).collect();
    let stems: Vec<Option<(PathBuf, Task)>> = runs.iter().map(stem).collect();
    for run in runs.iter_mut() {
        let Task::Branch { from, recipe, inherited, .. } = &mut run.task else { continue };
        ensure!(
            run.seed.is_none(),
            "the branch `{}` has a seed for each of its trainings",
            run.name
        );
        let wanted = from.to_string_lossy().into_owned();
        let Some(idx) = names.iter().position(|name| *name == wanted) else {
            bail!("the branch `{}`: {}", run.name, nearest::unknown("run", &wanted, &names));
        };
        let Some((folder, Task::Train { recipe: own, set, .. })) = &stems[idx] else {
            bail!(
                "the run `{wanted}` needs a `recipe` and one `seed`: `{}` branches off it",
                run.name
            );
        };
        (*from, *recipe, *inherited) = (folder.clone(), own.clone(), set.clone());
    }
    Ok(())
}

/// The folder of a run that can be branched off, and its task.
fn stem(run: &Run) -> Option<(PathBuf, Task)> {
    Some((PathBuf::from(format!("{}-seed{}", run.name, run.seed?)), run.task.clone()))
}

/// Has the runs trained again that a branch is still to go on from: of what is kept, checkpoints are no part.
pub(crate) fn with_checkpoints(jobs: &mut [Job]) {
    let is_open = |job: &&Job| job.found() != Folder::Finished;
    let needed: Vec<PathBuf> = jobs
        .iter()
        .filter(is_open)
        .filter_map(|job| job.branches_off().map(Path::to_path_buf))
        .collect();
    for job in jobs {
        if let Some(folder) =
            needed.iter().find(|folder| folder.file_name() == job.folder.file_name())
        {
            job.folder.clone_from(folder);
        }
    }
}
