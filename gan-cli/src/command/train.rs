//! `gan train`: a run from its configuration to its summary.

mod play;
mod setup;

use std::process::ExitCode;
use std::time::Instant;

use crate::args::TrainArguments;
use crate::assemble::assemble;
use crate::manifest;
use crate::observer::{READER_GONE, exit_code};
use crate::streams::{self, LogFile};

pub(super) use play::game;
pub(super) use setup::Setup;

use play::Play;

/// Trains; the program `began` then.
pub(crate) fn run(arguments: &TrainArguments, began: Instant) -> anyhow::Result<ExitCode> {
    if let Some(log) = &arguments.log {
        LogFile::check(log)?;
        streams::keep_for_log();
    }
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
    let next = Play { setup, display: arguments.display, log: arguments.log.clone(), began };
    let played = assemble(model, &shape, packing, &device, next)?;

    let Some(reason) = played.stopped else {
        if !arguments.display.json {
            streams::print_path(&root)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    streams::say(&format!(
        "{reason} at step {}; go on with: gan train --resume --out {}",
        played.step,
        root.display()
    ));
    Ok(match exit_code(&reason) {
        Some(code) => code.into(),
        None if reason == READER_GONE => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    })
}
