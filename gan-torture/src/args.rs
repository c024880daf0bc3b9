//! The command line.

use std::ffi::OsString;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use lexopt::prelude::*;

use crate::format::{self, Format};

/// How the program is called.
pub(crate) const USAGE: &str = "\
Usage: gan-torture files [--executions N] [--seed S] [--minutes M] [--format NAME] [--out DIR]
       gan-torture files --format NAME --case NUMBER [--out DIR]

  --executions N   Mutated files, shared out among the formats (default 10000)
  --seed S         Other files than those of seed 0
  --minutes M      Stop after M minutes, whatever has been read until then
  --format NAME    Only this format
  --case NUMBER    Only this file, again
  --out DIR        Where the inputs of faults are kept (default: a folder for temporary files)";

/// What the user asked for, or this program of itself.
#[derive(Debug)]
pub(crate) enum Command {
    /// Print the usage.
    Help,
    /// Read mutated files and judge what happens.
    Files(Plan),
    /// The part of it that may die: read the files of a range of cases.
    Work(Work),
}

/// What is to be read.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The formats, each of which gets its share.
    pub(crate) formats: Vec<&'static Format>,
    /// Files in all.
    pub(crate) executions: u64,
    /// The number of the first case.
    pub(crate) first: u64,
    /// When to stop early.
    pub(crate) time: Option<Duration>,
    /// Where inputs of faults are kept.
    pub(crate) out: PathBuf,
}

/// The cases of one format that a worker reads.
#[derive(Debug)]
pub(crate) struct Work {
    /// The format.
    pub(crate) format: &'static Format,
    /// The cases' numbers.
    pub(crate) cases: Range<u64>,
}

/// A seed moves the numbers of the cases this far, so that one number identifies a case.
const CASES_OF_A_SEED: u64 = 1 << 32;
const DEFAULT_EXECUTIONS: u64 = 10_000;

/// Reads the arguments that follow the program's name.
///
/// # Errors
/// An unknown command, option or format; a missing or mistyped value.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let mut parser = lexopt::Parser::from_args(args);
    match parser.next()? {
        None | Some(Long("help") | Short('h')) => Ok(Command::Help),
        Some(Value(word)) if word == "files" => files(parser),
        Some(Value(word)) if word == "work" => work(parser),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn files(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut plan = Plan {
        formats: format::ALL.iter().collect(),
        executions: DEFAULT_EXECUTIONS,
        first: 0,
        time: None,
        out: std::env::temp_dir().join("gan-torture"),
    };
    let mut case = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("executions") => plan.executions = number(&mut parser, "--executions")?,
            Long("seed") => {
                let seed = number(&mut parser, "--seed")?;
                plan.first = seed.checked_mul(CASES_OF_A_SEED).context("--seed is too large")?;
            }
            Long("minutes") => plan.time = Some(minutes(&parser.value()?.string()?)?),
            Long("format") => plan.formats = vec![format::called(&parser.value()?.string()?)?],
            Long("case") => case = Some(number(&mut parser, "--case")?),
            Long("out") => plan.out = parser.value()?.into(),
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(case) = case {
        if plan.formats.len() != 1 {
            bail!("--case needs --format: the number of a case is one of its format");
        }
        (plan.first, plan.executions) = (case, 1);
    }
    Ok(Command::Files(plan))
}

fn work(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let format = format::called(&parser.value()?.string()?)?;
    let first = number(&mut parser, "the first case")?;
    let end = number(&mut parser, "the last case")?;
    Ok(Command::Work(Work { format, cases: first..end }))
}

fn number(parser: &mut lexopt::Parser, name: &str) -> anyhow::Result<u64> {
    let text = parser.value()?.string()?;
    text.parse().with_context(|| format!("{name} wants a whole number, found `{text}`"))
}

fn minutes(text: &str) -> anyhow::Result<Duration> {
    let minutes: Option<f64> = text.parse().ok();
    let duration = minutes.and_then(|minutes| Duration::try_from_secs_f64(60.0 * minutes).ok());
    duration.with_context(|| format!("--minutes wants a number of minutes, found `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> anyhow::Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn a_seed_moves_the_cases_and_a_case_stands_alone() {
        let Command::Files(plan) = parsed("files --seed 2 --executions 7").unwrap() else {
            panic!("no plan");
        };
        assert_eq!((plan.first, plan.executions), (2 << 32, 7));
        let Command::Files(plan) = parsed("files --format csv --case 12345").unwrap() else {
            panic!("no plan");
        };
        assert_eq!((plan.first, plan.executions, plan.formats.len()), (12345, 1, 1));
    }

    #[test]
    fn wrong_words_are_named() {
        let complaint = |line: &str| format!("{:#}", parsed(line).unwrap_err());
        assert!(complaint("files --format cvs").contains("no format is called `cvs`"));
        assert!(complaint("files --case 3").contains("--case needs --format"));
        assert!(complaint("files --minutes soon").contains("found `soon`"));
        assert!(complaint("files --executions -1").contains("--executions wants"));
    }
}
