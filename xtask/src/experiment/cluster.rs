//! An experiment's trainings on a cluster: `gan sweep` plans and submits them, and what is finished there is
//! looked at here.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::Serialize;

use crate::experiment::summary::save;
use crate::experiment::{Experiment, Folder, Gan, Job, Request, Task};

/// The folder in that of the results in which `gan sweep` has its runs.
pub(crate) const RUNS: &str = "runs";
/// The file that is planned.
const SWEEP: &str = "experiment.toml";

/// A sweep file of `gan`.
#[derive(Debug, Serialize)]
struct SweepFile {
    arguments: Vec<String>,
    measures: Vec<String>,
    run: Vec<SweptRun>,
}

/// One of its runs.
#[derive(Debug, Serialize)]
struct SweptRun {
    name: String,
    recipe: String,
    set: Vec<String>,
    seeds: Vec<u32>,
}

/// Refuses what no other machine can do.
///
/// # Errors
/// The experiment makes its own data, or not all of its runs are trainings.
pub(crate) fn check(experiment: &Experiment, request: &Request) -> anyhow::Result<()> {
    ensure!(
        experiment.planted.is_none(),
        "`{}` makes its own data and looks for faults after each training: it cannot be run with --on",
        request.name
    );
    let other = experiment.runs.iter().find(|run| !matches!(run.task, Task::Train { .. }));
    if let Some(run) = other {
        bail!("the run `{}` is no training: `{}` cannot be run with --on", run.name, request.name);
    }
    Ok(())
}

/// Submits the trainings that are not finished; whether there were any.
///
/// # Errors
/// `gan sweep` refuses: another plan in the folder, no Slurm, a job that is still running.
pub(crate) fn submit(
    gan: &Gan,
    experiment: &Experiment,
    request: &Request,
    jobs: &[Job],
    results: &Path,
) -> anyhow::Result<bool> {
    let left = jobs.iter().filter(|job| job.found() != Folder::Finished).count();
    if left == 0 {
        return Ok(false);
    }
    fs::create_dir_all(results).with_context(|| format!("cannot create {}", results.display()))?;
    let file = results.join(SWEEP);
    save(&file, &sweep_file(experiment, request, jobs)?)?;
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let mut plan = words(&["sweep", "plan"]);
    plan.extend([file.into(), "--out".into(), results.into()]);
    gan.show(&plan)?;
    let mut submit = words(&["sweep", "submit"]);
    submit.extend([results.into(), "--on".into(), "slurm".into()]);
    if let Some(profile) = &request.profile {
        submit.extend([OsString::from("--profile"), profile.into()]);
    }
    gan.show(&submit)?;
    say!("{left} of {} trainings are left to the cluster", jobs.len());
    say!("when they are through: {}", request.continuation());
    Ok(true)
}

/// The folder of the trainings: `gan sweep` has them in one of its own.
pub(crate) fn runs_folder(results: &Path) -> PathBuf {
    results.join(RUNS)
}

fn sweep_file(experiment: &Experiment, request: &Request, jobs: &[Job]) -> anyhow::Result<String> {
    let device = request.device.iter().flat_map(|device| ["--device", device]);
    let mut run: Vec<SweptRun> = Vec::new();
    for job in jobs {
        let Task::Train { recipe, set, .. } = &job.task else { continue };
        match run.last_mut().filter(|last| last.name == job.run) {
            Some(last) => last.seeds.push(job.seed),
            None => run.push(SweptRun {
                name: job.run.clone(),
                recipe: recipe.clone(),
                set: set.clone(),
                seeds: vec![job.seed],
            }),
        }
    }
    let measures = experiment.measures.iter().filter(|name| *name != "wall_seconds").cloned();
    let file = SweepFile {
        arguments: device.map(str::to_owned).collect(),
        measures: measures.collect(),
        run,
    };
    toml::to_string(&file).context("cannot write the experiment as a sweep")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Form;

    fn experiment(runs: &str) -> Experiment {
        let text = format!(
            "title='T'\nquestion='Q'\npicture='p.png'\nseeds=2\nset=['w=0']\n\
             measures=['samples/js', 'wall_seconds']\nrun=[{runs}]\n"
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn the_sweep_has_every_run_with_its_seeds_and_all_its_settings() {
        let experiment =
            experiment("{name='a', recipe='gan', set=['x=1']}, {name='b', recipe='dcgan'}");
        let request = Request { device: Some("cuda:0".into()), ..Request::default() };
        let jobs = Job::all(&experiment, Form::Full, 2, Path::new("out"));
        let text = sweep_file(&experiment, &request, &jobs).unwrap();
        assert_eq!(
            text,
            "arguments = [\"--device\", \"cuda:0\"]\nmeasures = [\"samples/js\"]\n\n\
             [[run]]\nname = \"a\"\nrecipe = \"gan\"\nset = [\"w=0\", \"x=1\"]\nseeds = [0, 1]\n\n\
             [[run]]\nname = \"b\"\nrecipe = \"dcgan\"\nset = [\"w=0\"]\nseeds = [0, 1]\n"
        );
    }

    #[test]
    fn what_is_no_training_stays_here() {
        let request = Request { name: "e".into(), ..Request::default() };
        assert!(check(&experiment("{name='a', recipe='gan'}"), &request).is_ok());
        let refused = check(&experiment("{name='a', command=['duality']}"), &request).unwrap_err();
        assert!(refused.to_string().starts_with("the run `a` is no training"), "{refused}");
    }
}
