#![doc = include_str!("../README.md")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks to people")]

mod args;
mod assemble;
mod command;
mod config;
mod device;
mod duality;
mod evaluation;
mod interchange;
mod inventory;
mod labels;
mod manifest;
mod memory;
mod metrics;
mod numbers;
mod observer;
mod output;
mod picture;
mod run_folder;
mod sampling;
mod table;
mod unfinished;
mod weights;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;

use crate::args::{Arguments, Command};
use crate::command::{
    completions, data, divergence, evaluate, export, import, interpolate, list, montage, sample,
    train,
};

fn main() -> ExitCode {
    let began = Instant::now();
    gan_kernels::keep_freed_memory();
    let ran = match Arguments::parse().command {
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
        Command::List(arguments) => list::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Montage(arguments) => montage::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Completions { shell } => completions::run(shell).map(|()| ExitCode::SUCCESS),
    };
    ran.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
