#![doc = include_str!("../README.md")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to a person at a terminal"
)]

mod args;
mod case;
mod container;
mod draw;
mod format;
mod input;
mod mutate;
mod oracle;
mod process;
mod report;
mod supervisor;
mod text;
mod worker;

use std::env;
use std::process::ExitCode;

use crate::args::Command;

/// What a shell expects of a program that was called wrongly.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let command = match args::parse(env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n{}", args::USAGE);
            return ExitCode::from(MISUSED);
        }
    };
    let without_faults = match command {
        Command::Help => {
            println!("{}", args::USAGE);
            Ok(true)
        }
        Command::Files(plan) => supervisor::run(&plan),
        Command::Work(work) => worker::run(&work).map(|()| true),
    };
    match without_faults {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
