//! The command line, read into one value per command.

use std::ffi::OsString;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use lexopt::prelude::*;

use crate::experiment::{Checking, Cures, Form, Mixing, Place, Request, Start};
use crate::pages::Pages;
use crate::results::{Listing, Recording};
use crate::{bench, help, nearest, survival, torture};

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print this text.
    Help(&'static str),
    /// Say which experiments there are.
    ListExperiments,
    /// Run one of them, or all of the course's.
    Experiment(Request),
    /// Write the course's pages, or compare them.
    Pages(Pages),
    /// Keep results that were trained elsewhere.
    Record(Recording),
    /// Say which claims are held.
    Claims(Listing),
    /// Run the tests.
    Test,
    /// Run every check.
    Ci,
    /// Read mutated files.
    TortureFiles(torture::Files),
    /// Measure the learner.
    BenchLearner,
    /// Measure the divergences.
    BenchDivergence {
        /// The Python interpreter to compare with, where one was named.
        python: Option<PathBuf>,
    },
    /// Measure the evaluation of digits.
    BenchEvaluation {
        /// The Python interpreter to compare with, where one was named.
        python: Option<PathBuf>,
    },
    /// Be rough to a run.
    Torture(survival::Wanted),
    /// Compare the speed of training.
    BenchTrain(bench::Wanted),
    /// Compare one process with two.
    BenchRanks(bench::RanksWanted),
    /// Say where more ranks stop to pay.
    BenchScaling(bench::ScalingWanted),
    /// Say where the time of a step goes.
    BenchProfile {
        /// The recipe to look at.
        recipe: String,
        /// Samples in a batch, where they are not the recipe's own.
        batch: Option<NonZeroU32>,
    },
}

/// Reads the arguments that follow `cargo xtask`.
///
/// # Errors
/// An unknown command or option (with the nearest known one), a missing or mistyped value.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let mut parser = lexopt::Parser::from_args(args);
    let Some(first) = parser.next()? else {
        return Ok(Command::Help(help::OVERVIEW));
    };
    match first {
        Long("help") | Short('h') => Ok(Command::Help(help::OVERVIEW)),
        Value(word) => match word.string()?.as_str() {
            "help" => Ok(Command::Help(help::OVERVIEW)),
            "experiment" => experiment(parser),
            "record" => record(parser),
            "pages" => pages(parser),
            "claims" => claims(parser),
            "test" => alone(parser, Command::Test, help::TEST),
            "ci" => alone(parser, Command::Ci, help::CI),
            "bench" => bench(parser),
            "torture" => tortures(parser),
            word => bail!(nearest::unknown("command", word, COMMANDS)),
        },
        other => Err(other.unexpected().into()),
    }
}

/// Every command, for suggestions and for checking what the README names.
pub(crate) const COMMANDS: &[&str] =
    &["experiment", "record", "claims", "pages", "test", "ci", "bench", "torture", "help"];
const EXPERIMENT_OPTIONS: &[&str] = &[
    "--list",
    "--quick",
    "--seeds",
    "--jobs",
    "--on",
    "--profile",
    "--no-cures",
    "--features",
    "--device",
    "--out",
    "--results",
    "--resume",
    "--check",
    "--mixed",
    "--help",
];
const RECORD_OPTIONS: &[&str] = &["--from", "--results", "--help"];
const CLAIMS_OPTIONS: &[&str] = &["--results", "--check", "--mixed", "--help"];
const PAGES_OPTIONS: &[&str] = &["--check", "--results", "--out", "--gan", "--help"];
const BENCH_TRAIN_OPTIONS: &[&str] =
    &["--python", "--peers", "--rounds", "--only", "--features", "--device"];
const TORTURE_FILES_OPTIONS: &[&str] =
    &["--executions", "--seed", "--minutes", "--format", "--case", "--out"];
const TORTURES: &[&str] = &["kill", "disk", "soak", "files"];
const BENCHES: &[&str] =
    &["learner", "divergence", "evaluation", "train", "profile", "ranks", "scaling"];

fn experiment(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut request = Request::default();
    let mut features: Vec<String> = Vec::new();
    let mut list = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::EXPERIMENT)),
            Long("list") => list = true,
            Long("quick") => request.form = Form::Quick,
            Long("resume") => request.start = Start::Resume,
            Long("seeds") => request.seeds = Some(seeds(&parser.value()?.string()?)?),
            Long("jobs") => request.jobs = Some(jobs(&parser.value()?.string()?)?),
            Long("on") => request.place = place(&parser.value()?.string()?)?,
            Long("profile") => request.profile = Some(parser.value()?.into()),
            Long("no-cures") => request.cures = Cures::LeftOut,
            Long("features") => features.push(parser.value()?.string()?),
            Long("device") => request.device = Some(parser.value()?.string()?),
            Long("out") => request.out = Some(parser.value()?.into()),
            Long("results") => request.results = Some(parser.value()?.into()),
            Long("check") => request.checking = Checking::On,
            Long("mixed") => request.mixing = Mixing::Allowed,
            Value(name) if request.name.is_empty() => request.name = name.string()?,
            Long(option) => {
                bail!(nearest::unknown("option", &format!("--{option}"), EXPERIMENT_OPTIONS))
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if list {
        return Ok(Command::ListExperiments);
    }
    if request.name.is_empty() {
        bail!("`experiment` needs a name; `cargo xtask experiment --list` shows them");
    }
    if request.form == Form::Quick && request.checking == Checking::On {
        bail!("`--check` is of the full form: the short one, `--quick`, checks no claim");
    }
    check_place(&request)?;
    request.features = (!features.is_empty()).then(|| features.join(","));
    Ok(Command::Experiment(request))
}

fn record(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let (mut wanted, mut from) = (Recording::default(), None);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::RECORD)),
            Long("from") => from = Some(PathBuf::from(parser.value()?)),
            Long("results") => wanted.results = Some(parser.value()?.into()),
            Value(name) if wanted.name.is_empty() => wanted.name = name.string()?,
            other => return Err(unknown_option(other, RECORD_OPTIONS)),
        }
    }
    if wanted.name.is_empty() {
        bail!(
            "`record` needs the name of an experiment; `cargo xtask experiment --list` shows them"
        );
    }
    wanted.from = from.context("`record` needs `--from DIR`, the folder with RUN-seedN")?;
    Ok(Command::Record(wanted))
}

fn claims(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut wanted = Listing::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::CLAIMS)),
            Long("results") => wanted.results = Some(parser.value()?.into()),
            Long("check") => wanted.checking = Checking::On,
            Long("mixed") => wanted.mixing = Mixing::Allowed,
            Value(name) => wanted.names.push(name.string()?),
            other => return Err(unknown_option(other, CLAIMS_OPTIONS)),
        }
    }
    Ok(Command::Claims(wanted))
}

fn pages(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut wanted = Pages::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::PAGES)),
            Long("check") => wanted.check = true,
            Long("results") => wanted.results = Some(parser.value()?.into()),
            Long("out") => wanted.out = Some(parser.value()?.into()),
            Long("gan") => wanted.gan = Some(parser.value()?.into()),
            other => return Err(unknown_option(other, PAGES_OPTIONS)),
        }
    }
    Ok(Command::Pages(wanted))
}

fn seeds(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--seeds wants a whole number from 1 on, found `{text}`"))
}

fn jobs(text: &str) -> anyhow::Result<NonZeroUsize> {
    text.parse().with_context(|| format!("--jobs wants a whole number from 1 on, found `{text}`"))
}

fn place(text: &str) -> anyhow::Result<Place> {
    match text {
        "slurm" => Ok(Place::Slurm),
        other => bail!("--on wants `slurm`, found `{other}`; here is where it runs without --on"),
    }
}

/// A cluster has its own numbers of trainings at once, this machine has no profile.
fn check_place(request: &Request) -> anyhow::Result<()> {
    match request.place {
        Place::Slurm if request.jobs.is_some() => {
            bail!("--jobs is of this machine; a cluster takes `max_running` of its --profile")
        }
        Place::Here if request.profile.is_some() => {
            bail!("--profile tells a cluster what to do: it goes with --on slurm")
        }
        _ => Ok(()),
    }
}

fn alone(
    mut parser: lexopt::Parser,
    command: Command,
    help: &'static str,
) -> anyhow::Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(Long("help") | Short('h')) => Ok(Command::Help(help)),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn bench(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let what = match parser.next()? {
        None => bail!("`bench` needs one of: {}", BENCHES.join(", ")),
        Some(Long("help") | Short('h')) => return Ok(Command::Help(help::BENCH)),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match what.as_str() {
        "learner" => alone(parser, Command::BenchLearner, help::BENCH),
        "divergence" => bench_python(parser, |python| Command::BenchDivergence { python }),
        "evaluation" => bench_python(parser, |python| Command::BenchEvaluation { python }),
        "train" => bench_train(parser),
        "profile" => bench_profile(parser),
        "ranks" => {
            let wanted = bench::parse_ranks(&mut parser)?;
            Ok(wanted.map_or(Command::Help(help::BENCH), Command::BenchRanks))
        }
        "scaling" => {
            let wanted = bench::parse_scaling(&mut parser)?;
            Ok(wanted.map_or(Command::Help(help::BENCH), Command::BenchScaling))
        }
        word => bail!(nearest::unknown("benchmark", word, BENCHES)),
    }
}

/// Without `--python`, what `GAN_BENCH_PYTHON` names.
fn bench_python(
    mut parser: lexopt::Parser,
    command: impl Fn(Option<PathBuf>) -> Command,
) -> anyhow::Result<Command> {
    let mut python = std::env::var_os("GAN_BENCH_PYTHON").map(PathBuf::from);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("python") => python = Some(PathBuf::from(parser.value()?)),
            other => return Err(unknown_option(other, &["--python"])),
        }
    }
    Ok(command(python))
}

fn bench_train(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut wanted = bench::Wanted::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("python") => wanted.python = Some(PathBuf::from(parser.value()?)),
            Long("peers") => wanted.peers = bench::Peers::More,
            Long("rounds") => wanted.rounds = rounds(&parser.value()?.string()?)?,
            Long("features") => wanted.features = Some(parser.value()?.string()?),
            Long("device") => wanted.device = parser.value()?.string()?,
            Long("only") => {
                for recipe in parser.values()? {
                    wanted.only.push(measured(&recipe.string()?)?);
                }
            }
            other => return Err(unknown_option(other, BENCH_TRAIN_OPTIONS)),
        }
    }
    if wanted.peers == bench::Peers::More && wanted.python.is_none() {
        bail!("`--peers` needs `--python PATH`, the interpreter that has them");
    }
    Ok(Command::BenchTrain(wanted))
}

fn bench_profile(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let (mut recipe, mut batch) = (None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("batch") => batch = Some(samples(&parser.value()?.string()?)?),
            Value(name) if recipe.is_none() => recipe = Some(name.string()?),
            other => return Err(unknown_option(other, &["--batch"])),
        }
    }
    let recipe = recipe.context("`bench profile` needs a recipe, such as dcgan")?;
    Ok(Command::BenchProfile { recipe, batch })
}

fn tortures(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let what = match parser.next()? {
        None => bail!("`torture` needs one of: {}", TORTURES.join(", ")),
        Some(Long("help") | Short('h')) => return Ok(Command::Help(help::TORTURE)),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match what.as_str() {
        "files" => torture_files(parser),
        word if TORTURES.contains(&word) => {
            let wanted = survival::parse(word, &mut parser)?;
            Ok(wanted.map_or(Command::Help(help::TORTURE), Command::Torture))
        }
        word => bail!(nearest::unknown("torture", word, TORTURES)),
    }
}

fn torture_files(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut wanted = torture::Files::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::TORTURE)),
            Long("executions") => wanted.executions = Some(whole("--executions", &mut parser)?),
            Long("seed") => wanted.seed = Some(whole("--seed", &mut parser)?),
            Long("case") => wanted.case = Some(whole("--case", &mut parser)?),
            Long("minutes") => wanted.minutes = Some(parser.value()?.string()?),
            Long("format") => wanted.format = Some(parser.value()?.string()?),
            Long("out") => wanted.out = Some(parser.value()?.into()),
            other => return Err(unknown_option(other, TORTURE_FILES_OPTIONS)),
        }
    }
    Ok(Command::TortureFiles(wanted))
}

fn whole(option: &str, parser: &mut lexopt::Parser) -> anyhow::Result<u64> {
    let text = parser.value()?.string()?;
    text.parse().with_context(|| format!("{option} wants a whole number, found `{text}`"))
}

fn unknown_option(arg: lexopt::Arg<'_>, known: &[&str]) -> anyhow::Error {
    match arg {
        Long(option) => anyhow!(nearest::unknown("option", &format!("--{option}"), known)),
        other => other.unexpected().into(),
    }
}

fn measured(recipe: &str) -> anyhow::Result<String> {
    if !bench::RECIPES.contains(&recipe) {
        bail!(nearest::unknown("recipe", recipe, &bench::RECIPES));
    }
    Ok(recipe.to_owned())
}

fn rounds(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--rounds wants a whole number from 1 on, found `{text}`"))
}

fn samples(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--batch wants a whole number from 1 on, found `{text}`"))
}

#[cfg(test)]
mod tests;
