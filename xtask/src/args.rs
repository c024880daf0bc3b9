//! The command line, read into one value per command.

use std::ffi::OsString;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::experiment::{Form, Request, Start};
use crate::{help, nearest};

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print this text.
    Help(&'static str),
    /// Say which experiments there are.
    ListExperiments,
    /// Run one of them.
    Experiment(Request),
    /// Run the tests.
    Test,
    /// Run every check.
    Ci,
    /// Measure the learner.
    BenchLearner,
    /// Measure the divergences.
    BenchDivergence {
        /// The Python interpreter to compare with, where one was named.
        python: Option<PathBuf>,
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
            "test" => alone(parser, Command::Test, help::TEST),
            "ci" => alone(parser, Command::Ci, help::CI),
            "bench" => bench(parser),
            word => bail!(nearest::unknown("command", word, COMMANDS)),
        },
        other => Err(other.unexpected().into()),
    }
}

/// Every command, for suggestions and for checking what the README names.
pub(crate) const COMMANDS: &[&str] = &["experiment", "test", "ci", "bench", "help"];
const EXPERIMENT_OPTIONS: &[&str] = &[
    "--list",
    "--quick",
    "--seeds",
    "--jobs",
    "--features",
    "--device",
    "--out",
    "--resume",
    "--help",
];
const BENCHES: &[&str] = &["learner", "divergence"];

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
            Long("features") => features.push(parser.value()?.string()?),
            Long("device") => request.device = Some(parser.value()?.string()?),
            Long("out") => request.out = Some(parser.value()?.into()),
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
    request.features = (!features.is_empty()).then(|| features.join(","));
    Ok(Command::Experiment(request))
}

fn seeds(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--seeds wants a whole number from 1 on, found `{text}`"))
}

fn jobs(text: &str) -> anyhow::Result<NonZeroUsize> {
    text.parse().with_context(|| format!("--jobs wants a whole number from 1 on, found `{text}`"))
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
    let mut what = None;
    let mut python = None;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("python") => python = Some(PathBuf::from(parser.value()?)),
            Value(word) if what.is_none() => what = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match (what.as_deref(), python) {
        (Some("learner"), None) => Ok(Command::BenchLearner),
        (Some("learner"), Some(_)) => bail!("--python goes with `bench divergence` only"),
        (Some("divergence"), python) => Ok(Command::BenchDivergence { python }),
        (Some(word), _) => bail!(nearest::unknown("benchmark", word, BENCHES)),
        (None, _) => bail!("`bench` needs one of: {}", BENCHES.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> anyhow::Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn complaint(line: &str) -> String {
        format!("{:#}", parsed(line).unwrap_err())
    }

    #[test]
    fn no_arguments_ask_for_help() {
        assert_eq!(parsed("").unwrap(), Command::Help(help::OVERVIEW));
        assert_eq!(parsed("ci --help").unwrap(), Command::Help(help::CI));
    }

    #[test]
    fn options_of_an_experiment_may_stand_anywhere() {
        let expected = Command::Experiment(Request {
            name: "moons".into(),
            form: Form::Quick,
            start: Start::Resume,
            seeds: NonZeroU32::new(3),
            jobs: NonZeroUsize::new(2),
            features: Some("cuda,wgpu".into()),
            device: Some("cuda:0".into()),
            out: Some("elsewhere".into()),
        });
        let line = "experiment --seeds=3 moons --quick --jobs 2 --features cuda --features wgpu \
                    --device cuda:0 --out elsewhere --resume";
        assert_eq!(parsed(line).unwrap(), expected);
    }

    #[test]
    fn a_misspelled_word_gets_the_nearest_one() {
        assert!(complaint("experimnt").contains("did you mean `experiment`?"));
        assert!(complaint("experiment moons --quik").contains("did you mean `--quick`?"));
        assert!(complaint("bench lerner").contains("did you mean `learner`?"));
    }

    #[test]
    fn wrong_values_are_named() {
        assert!(complaint("experiment moons --seeds 0").contains("from 1 on, found `0`"));
        assert!(complaint("experiment moons --jobs 0").contains("--jobs wants"));
        assert!(complaint("experiment moons --seeds").contains("--seeds"));
        assert!(complaint("experiment moons other").contains("other"));
        assert!(complaint("experiment").contains("--list"));
        assert!(complaint("test everything").contains("everything"));
        assert!(complaint("bench").contains("learner, divergence"));
        assert!(complaint("bench learner --python python3").contains("bench divergence"));
    }

    #[test]
    fn every_command_in_the_table_is_understood() {
        for command in COMMANDS {
            assert!(parsed(&format!("{command} --help")).is_ok(), "{command}");
        }
    }
}
