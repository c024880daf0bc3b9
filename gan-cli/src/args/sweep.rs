//! The flags of `gan sweep`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct SweepArguments {
    #[command(subcommand)]
    pub(crate) command: SweepCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SweepCommand {
    /// Write down every training of a sweep, each with its whole configuration.
    #[command(after_help = "Example:\n  gan sweep plan lr.toml --out sweeps/lr")]
    Plan(PlanSweepArguments),
    /// Train one task of a plan: what is finished is passed over, what is half done goes on. Exit
    /// code 75 where a signal stopped it: start it again.
    #[command(after_help = "Example:\n  gan sweep run sweeps/lr --index 3 --per-task 4")]
    Run(RunSweepArguments),
    /// Have all tasks of a plan run: by Slurm, on this machine, or by what is printed.
    #[command(after_help = "Example:\n  gan sweep submit sweeps/lr --on local --jobs 2\n  \
                            gan sweep submit sweeps/lr --on slurm --profile cluster.toml")]
    Submit(SubmitSweepArguments),
    /// Say how far each training is.
    #[command(after_help = "Example:\n  gan sweep status sweeps/lr")]
    Status(ShowSweepArguments),
    /// Make the table over the seeds, of what is finished, and name what is not.
    #[command(after_help = "Example:\n  gan sweep collect sweeps/lr")]
    Collect(ShowSweepArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PlanSweepArguments {
    /// What to train, with which seeds, and what varies.
    #[arg(value_name = "FILE.toml")]
    pub(crate) file: PathBuf,
    /// The folder for the plan and its runs.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RunSweepArguments {
    /// The folder of the plan.
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Which task, counted from 0.
    #[arg(long, value_name = "I")]
    pub(crate) index: usize,
    /// How many trainings a task has, one after the other.
    #[arg(long, value_name = "M", default_value = "1")]
    pub(crate) per_task: NonZeroUsize,
    /// How long to wait for what another machine has written or holds, which a shared file system may
    /// show late.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) patience: u64,
}

#[derive(Debug, Args)]
pub(crate) struct SubmitSweepArguments {
    /// The folder of the plan.
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Where.
    #[arg(long, value_name = "PLACE")]
    pub(crate) on: SweepPlace,
    /// What a cluster is told: partition, time, processors, trainings in a task.
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) profile: Option<PathBuf>,
    /// Trainings at once on this machine, or for GNU parallel.
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

/// Where the tasks of a plan run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SweepPlace {
    /// Job arrays of Slurm.
    Slurm,
    /// This machine, now.
    Local,
    /// Print an Indexed Job.
    PrintKubernetes,
    /// Print a line for GNU parallel.
    PrintParallel,
}

#[derive(Debug, Args)]
pub(crate) struct ShowSweepArguments {
    /// The folder of the plan.
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
