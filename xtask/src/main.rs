#![doc = include_str!("../README.md")]

/// Prints a line on standard output; a reader that has gone is no reason to panic.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// Prints a line on standard error, if that takes any.
macro_rules! complain {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}

mod args;
mod artifact;
mod bench;
mod ci;
mod claim;
mod course;
mod experiment;
mod help;
mod interrupt;
mod nearest;
mod pages;
mod removal;
mod report;
mod results;
mod step;
mod suite;
mod survival;
mod tally;
mod torture;
mod workspace;

use std::env;
use std::process::ExitCode;

use crate::args::Command;
use crate::experiment::Ending;
use crate::report::Report;

/// What a shell expects of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;
/// What a shell expects of a program that was called wrongly.
const MISUSED: u8 = 2;
/// `--check`, and a claim that is not held or cannot be judged.
const NOT_HELD: u8 = 3;

fn main() -> ExitCode {
    let command = match args::parse(env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            complain!("error: {error:#}\nFor the commands and their options: cargo xtask --help");
            return ExitCode::from(MISUSED);
        }
    };
    match run(&command) {
        Ok(Ending::Finished) => ExitCode::SUCCESS,
        Ok(Ending::Interrupted) => ExitCode::from(INTERRUPTED),
        Ok(Ending::NotHeld) => ExitCode::from(NOT_HELD),
        Err(error) => {
            complain!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<Ending> {
    match command {
        Command::Help(text) => say!("{}", text.trim_end()),
        Command::ListExperiments => experiment::list()?,
        Command::Experiment(request) if request.name == course::NAME => {
            return course::run(request);
        }
        Command::Experiment(request) => return experiment::run(request),
        Command::Pages(wanted) if wanted.check => pages::check(wanted)?,
        Command::Pages(wanted) => pages::write(wanted)?,
        Command::Record(wanted) => results::record(wanted)?,
        Command::Claims(wanted) => return results::claims(wanted),
        Command::Test => suite::run()?,
        Command::Ci => ci::run()?,
        Command::Torture(wanted) => {
            let mut report = Report::default();
            survival::run(wanted, &mut report)?;
        }
        Command::TortureFiles(wanted) => torture::files(wanted)?,
        Command::BenchLearner => return bench::learner(),
        Command::BenchDivergence { python } => bench::divergence(python.as_deref())?,
        Command::BenchEvaluation { python } => bench::evaluation(python.as_deref())?,
        Command::BenchTrain(wanted) => return bench::train(wanted),
        Command::BenchRanks(wanted) => return bench::ranks(wanted),
        Command::BenchScaling(wanted) => bench::scaling(wanted)?,
        Command::BenchProfile { recipe, batch } => return bench::profile(recipe, *batch),
    }
    Ok(Ending::Finished)
}
