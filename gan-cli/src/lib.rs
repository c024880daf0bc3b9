#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod args;
mod assemble;
mod case;
mod command;
mod config;
mod device;
mod digest;
mod duality;
mod evaluation;
mod interchange;
mod inventory;
mod labels;
mod latent_walk;
mod manifest;
mod memory;
mod metrics;
mod numbers;
mod observer;
mod output;
mod overview;
mod ranks;
mod reading;
mod run_folder;
mod run_report;
mod sampling;
mod saved_run;
mod serve;
mod streams;
mod table;
mod threads;
#[doc(hidden)]
pub mod torture;
mod unfinished;
mod weights;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;

use crate::args::{Arguments, Command};
use crate::command::{
    classifier, completions, data, diff, divergence, doctor, evaluate, export, export_metrics,
    import, interpolate, list, montage, plot, report, runs, sample, sweep, train,
};
use crate::ranks::SaidElsewhere;
use crate::streams::ReaderGone;

/// The whole program: reads the command line of this process and executes it.
///
/// Its result is the code that the process should exit with.
pub fn main() -> ExitCode {
    streams::announce_panics();
    let code = run();
    streams::close();
    code
}

fn run() -> ExitCode {
    let began = Instant::now();
    gan_kernels::keep_freed_memory();
    threads::prepare();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => return answered(&answer),
    };
    let ran = match arguments.command {
        Command::Train(arguments) => train::run(&arguments, began),
        Command::Sample(arguments) => sample::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Interpolate(arguments) => interpolate::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Export(arguments) => export::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Import(arguments) => import::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Data(arguments) => data::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Divergence(arguments) => divergence::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Duality(arguments) => {
            command::duality::run(&arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::Evaluate(arguments) => evaluate::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Doctor(arguments) => doctor::run(&arguments, began),
        Command::Report(arguments) => report::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::ExportMetrics(arguments) => {
            export_metrics::run(&arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::Runs(arguments) => runs::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Diff(arguments) => diff::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Sweep(arguments) => sweep::run(&arguments),
        Command::Classifier(arguments) => classifier::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::List(arguments) => list::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Montage(arguments) => montage::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Plot(arguments) => plot::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Completions { shell } => completions::run(shell).map(|()| ExitCode::SUCCESS),
    };
    ran.unwrap_or_else(failed)
}

/// What could not be done, in one message; a reader of standard output that has gone is no failure.
fn failed(error: anyhow::Error) -> ExitCode {
    if error.downcast_ref::<ReaderGone>().is_some() {
        return ExitCode::SUCCESS;
    }
    if error.downcast_ref::<SaidElsewhere>().is_some() {
        // The launcher reports the process that failed.
        return ExitCode::SUCCESS;
    }
    streams::say(&format!("error: {error:#}"));
    ExitCode::FAILURE
}

/// The command line asked for help, or makes no sense: clap has the words for either.
fn answered(answer: &clap::Error) -> ExitCode {
    let text = answer.render().to_string();
    if answer.use_stderr() {
        // It repeats words that were typed, which may steer a terminal.
        streams::say(text.trim_end());
    } else if let Err(error) = streams::print(&text) {
        return failed(error);
    }
    u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}
