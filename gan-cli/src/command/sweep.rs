//! `gan sweep`: many trainings, planned, run and collected.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use gan_sweep::{
    Collection, Definition, Job, Plan, Planned, Profile, Slurm, Status, Stop, SweepFolder, Work,
};

use super::train::resolved;
use crate::args::{
    PlanSweepArguments, RunSweepArguments, ShowSweepArguments, SubmitSweepArguments,
    SweepArguments, SweepCommand, SweepPlace,
};
use crate::config::{DataConfig, Features, RunConfig, expand_home};
use crate::streams;

pub(crate) fn run(arguments: &SweepArguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        SweepCommand::Plan(arguments) => plan(arguments).map(|()| ExitCode::SUCCESS),
        SweepCommand::Run(arguments) => run_task(arguments),
        SweepCommand::Submit(arguments) => submit(arguments),
        SweepCommand::Status(arguments) => status(arguments).map(|()| ExitCode::SUCCESS),
        SweepCommand::Collect(arguments) => collect(arguments).map(|()| ExitCode::SUCCESS),
    }
}

fn plan(arguments: &PlanSweepArguments) -> anyhow::Result<()> {
    let file = expand_home(&arguments.file)?;
    let folder = folder(&arguments.out).context("--out")?;
    let definition = Definition::read(&file)?;
    let resolve =
        |recipe: &str, set: &[String], seed: u64| -> Result<String, Box<dyn Error + Send + Sync>> {
            Ok(whole_config(recipe, set, seed)?)
        };
    let plan = Plan::of(&definition, &resolve)?;
    let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let is_new = match plan.write(&folder, &text)? {
        Planned::Written => "",
        Planned::AsBefore => ", as before",
    };
    let n_trainings = plan.trainings.len();
    streams::say(&format!("planned: {n_trainings} trainings{is_new}"));
    streams::print_path(&folder.plan())
}

/// The configuration of one training, which means the same in every working folder.
fn whole_config(recipe: &str, set: &[String], seed: u64) -> anyhow::Result<String> {
    let mut config = resolved(recipe, set, seed)?;
    make_paths_whole(&mut config)?;
    config.to_toml()
}

fn make_paths_whole(config: &mut RunConfig) -> anyhow::Result<()> {
    let whole = |path: &mut PathBuf| -> anyhow::Result<()> {
        // No path stands for the digits of this program.
        if !path.as_os_str().is_empty() {
            *path = path::absolute(&*path)
                .with_context(|| format!("cannot make {} a whole path", path.display()))?;
        }
        Ok(())
    };
    match &mut config.data {
        DataConfig::Mnist { dir, .. }
        | DataConfig::StackedMnist { dir, .. }
        | DataConfig::Images { dir, .. } => whole(dir)?,
        DataConfig::Points { file, .. } => whole(file)?,
        _ => {}
    }
    if let Features::File(file) = &mut config.evaluation.features {
        whole(file)?;
    }
    Ok(())
}

fn run_task(arguments: &RunSweepArguments) -> anyhow::Result<ExitCode> {
    // Before anything else: a scheduler may be in a hurry.
    let stop = Stop::watch()?;
    let (folder, program) = (folder(&arguments.dir)?, this_program()?);
    let patience = Duration::from_secs(arguments.patience);
    let work =
        Work { folder: &folder, program: &program, stop: &stop, say: &streams::say, patience };
    let tally = work.task(arguments.index, arguments.per_task.get())?;
    streams::say(&format!("task {}: {tally}", arguments.index));
    Ok(tally.exit_code().into())
}

fn submit(arguments: &SubmitSweepArguments) -> anyhow::Result<ExitCode> {
    let SubmitSweepArguments { dir, on, profile, jobs } = arguments;
    let takes_jobs = matches!(on, SweepPlace::Local | SweepPlace::PrintParallel);
    ensure!(
        takes_jobs || jobs.is_none(),
        "--jobs is of --on local and print-parallel; a cluster takes `max_running` of its profile"
    );
    ensure!(
        *on != SweepPlace::Local || profile.is_none(),
        "--profile tells a cluster what to do; --on local takes --jobs N"
    );
    let (folder, program) = (folder(dir)?, this_program()?);
    let profile = profile.as_deref().map(Profile::read).transpose()?.unwrap_or_default();
    if *on == SweepPlace::Local {
        return everything(&folder, &program, jobs.unwrap_or(NonZeroUsize::MIN));
    }
    let plan = Plan::read(&folder)?;
    let job = Job { folder: &folder, plan: &plan, program: &program };
    if *on == SweepPlace::Slurm {
        let submission = Slurm::default().submit(&job, &profile, &streams::say)?;
        submission.lines(&job).iter().for_each(|line| streams::say(line));
        return Ok(ExitCode::SUCCESS);
    }
    streams::print(&match on {
        SweepPlace::PrintKubernetes => gan_sweep::kubernetes_job(&job, &profile)?,
        _ => gan_sweep::parallel_line(&job, profile.per_task(), *jobs)?,
    })?;
    Ok(ExitCode::SUCCESS)
}

fn everything(
    folder: &SweepFolder,
    program: &Path,
    jobs: NonZeroUsize,
) -> anyhow::Result<ExitCode> {
    let stop = Stop::watch()?;
    let patience = Duration::ZERO;
    let work = Work { folder, program, stop: &stop, say: &streams::say, patience };
    let tally = work.everything(jobs)?;
    streams::say(&tally.to_string());
    if tally.exit_code() == 0 {
        streams::say(&format!("see the table: gan sweep collect {}", folder.root().display()));
    }
    Ok(tally.exit_code().into())
}

fn status(arguments: &ShowSweepArguments) -> anyhow::Result<()> {
    let folder = folder(&arguments.dir)?;
    let status = Status::of(&folder, &Plan::read(&folder)?);
    streams::print(&if arguments.json { status.json() } else { status.to_string() })
}

fn collect(arguments: &ShowSweepArguments) -> anyhow::Result<()> {
    let folder = folder(&arguments.dir)?;
    let collection = Collection::of(&folder, &Plan::read(&folder)?)?;
    collection.write(&folder)?;
    if !collection.is_complete() {
        streams::say("note: not every training is finished; the table names those that are not");
    }
    streams::print(&if arguments.json { collection.json() } else { collection.markdown() })?;
    streams::say(&format!("table: {} (.csv, .json)", folder.table("md").display()));
    Ok(())
}

fn folder(dir: &Path) -> anyhow::Result<SweepFolder> {
    Ok(SweepFolder::at(&expand_home(dir)?))
}

fn this_program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("cannot find this program's own file, which trains")
}
