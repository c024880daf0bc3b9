//! `gan train`: a run from its configuration to its summary.

mod display;
mod duality_gap;
mod game;
mod measured;
mod probes;
mod run;
mod setup;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use gan_core::event::Ending;

use crate::args::TrainArguments;
use crate::assemble::assemble;
use crate::manifest;
use crate::observer::{Interrupt, READER_GONE, STOPPED_BY_DOCTOR, exit_code};
use crate::streams::{self, LogFile};

pub(super) use game::game;
pub(super) use setup::Setup;

use run::TrainRun;

/// The exit code of a run that the doctor has ended.
const DOCTOR_STOP: u8 = 3;

/// Trains; the program `began` then.
pub(crate) fn run(arguments: &TrainArguments, began: Instant) -> anyhow::Result<ExitCode> {
    if let Some(log) = &arguments.log {
        LogFile::check(log)?;
        streams::keep_for_log();
    }
    let interrupt = Interrupt::listen()?;
    let setup = Setup::of(arguments)?;
    let root = setup.root.clone();
    let (model, device) = (setup.config.model, setup.device.device.clone().autodiff());
    let shape = setup.data.shape().to_vec();
    for note in &setup.notes {
        streams::say(&format!("note: {note}"));
    }
    for warning in manifest::warnings(&setup.config, &setup.device) {
        streams::say(&format!("warning: {warning}"));
    }
    let packing = setup.config.train.rules.preprocessing.packing;
    let (display, show) = (arguments.display, arguments.show.clone());
    let (log, doctor) = (arguments.log.clone(), arguments.doctor);
    let run = TrainRun { setup, interrupt, display, show, log, doctor, began };
    let outcome = assemble(model, &shape, packing, &device, run)?;

    let step = outcome.step;
    match outcome.ending {
        Ending::Stopped(reason) => return Ok(stopped(&reason, step, &root)),
        Ending::NoImprovement(reason) => streams::say(&format!("ended at step {step}: {reason}")),
        Ending::Complete => {}
    }
    if !arguments.display.json {
        streams::print_path(&root)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints how to resume a run that was stopped.
fn stopped(reason: &str, step: u64, root: &Path) -> ExitCode {
    let root = root.display();
    streams::say(&if reason == STOPPED_BY_DOCTOR {
        format!(
            "{reason} at step {step}; the cure as a command: gan doctor {root}; go on all the same with: \
             gan train --resume --out {root} --doctor off"
        )
    } else {
        format!("{reason} at step {step}; go on with: gan train --resume --out {root}")
    });
    match exit_code(reason) {
        Some(code) => code.into(),
        None if reason == READER_GONE => ExitCode::SUCCESS,
        None if reason == STOPPED_BY_DOCTOR => DOCTOR_STOP.into(),
        None => ExitCode::FAILURE,
    }
}
