//! `cargo xtask bench`: measurements to read, not tests to pass.

mod case;
mod evaluation;
mod machine;
mod parts;
mod profile;
mod ranks;
mod report;
mod scaling;
mod spread;
mod train;
mod training;
mod twins;
mod worker;

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::artifact::built;
use crate::experiment::{Ending, Experiment, Form, Gan, Job, Launched, Room, Start, numbers};
use crate::interrupt::Interrupt;
use crate::removal::remove_folder;
use crate::step::{self, timed};
use crate::workspace::cargo;

pub(crate) use case::RECIPES;
pub(crate) use evaluation::evaluation;
pub(crate) use profile::profile;
pub(crate) use ranks::{Wanted as RanksWanted, parse as parse_ranks, ranks};
pub(crate) use scaling::{Wanted as ScalingWanted, parse as parse_scaling, scaling};
pub(crate) use train::{Wanted, train};
pub(crate) use twins::Peers;

/// The training whose memory is measured.
const EXPERIMENT: &str = "dcgan-30ep";
/// Enough steps for the memory to have reached its peak.
const BUDGET: &str = "train.budget=\"60 steps\"";
/// What the peak memory should stay below.
const GOAL_MIB: f64 = 1024.0;
const BYTES_PER_MIB: f64 = 1_048_576.0;

/// The learner's step against the same step written by hand, then the peak memory of a training.
///
/// # Errors
/// A benchmark or the training fails.
pub(crate) fn learner() -> anyhow::Result<Ending> {
    // Built beside the program, so that both share one build of Burn.
    let build = ["build", "--release", "-p", "gan-bench", "-p", "gan-cli", "--bins", "--locked"];
    let learner = built(&mut cargo(&build), "learner")?;
    timed("learner against plain Burn", || step::run(&mut Command::new(learner)))?;
    timed(&format!("peak memory of {EXPERIMENT}"), peak_memory)
}

/// The divergences on the host, against NumPy and SciPy where an interpreter is named.
///
/// # Errors
/// The benchmark fails.
pub(crate) fn divergence(python: Option<&Path>) -> anyhow::Result<()> {
    let bench = ["bench", "-p", "gan-divergence", "--bench", "divergence", "--locked"];
    let mut command = cargo(&bench);
    if let Some(python) = python {
        command.env("GAN_BENCH_PYTHON", python);
    }
    timed("divergences", || step::run(&mut command))
}

/// Trains a little in a scratch folder inside the build folder, which is removed afterwards.
fn peak_memory() -> anyhow::Result<Ending> {
    let interrupt = Interrupt::watch()?;
    let gan = Gan::build(None)?;
    let scratch = gan.scratch_folder("bench-learner");
    remove_folder(&scratch)?;
    let mut experiment = Experiment::load(EXPERIMENT)?;
    experiment.quick.set.push(BUDGET.to_owned());
    let jobs = Job::all(&experiment, Form::Quick, 1, &scratch);
    let job = jobs.first().context("the experiment has no run")?;
    if gan.train(job, None, Start::Fresh, Room::Whole, &interrupt)? == Launched::Interrupted {
        remove_folder(&scratch)?;
        return Ok(Ending::Interrupted);
    }
    let numbers = numbers(&job.folder)?;
    let bytes = numbers.get("peak_memory_bytes").with_context(|| {
        format!("{} has no number `peak_memory_bytes`", job.folder.join("summary.json").display())
    })?;
    say!("    {}", verdict(*bytes));
    remove_folder(&scratch)?;
    Ok(Ending::Finished)
}

fn verdict(bytes: f64) -> String {
    let mib = bytes / BYTES_PER_MIB;
    let relation = if mib < GOAL_MIB { "under" } else { "OVER" };
    format!("peak memory {mib:.0} MiB: {relation} the goal of {GOAL_MIB:.0} MiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_judged_against_the_goal() {
        assert_eq!(verdict(536_870_912.0), "peak memory 512 MiB: under the goal of 1024 MiB");
        assert_eq!(verdict(2_147_483_648.0), "peak memory 2048 MiB: OVER the goal of 1024 MiB");
    }
}
