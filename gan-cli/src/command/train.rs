//! `gan train`: a run from its configuration to its summary.

mod play;
mod setup;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use crate::args::TrainArguments;
use crate::assemble::assemble;
use crate::manifest;
use crate::observer::INTERRUPTED;

pub(super) use play::game;
pub(super) use setup::Setup;

use play::Play;

/// The exit code of a run that Ctrl-C ended.
const INTERRUPTED_CODE: u8 = 130;

/// Trains; the program `began` then.
pub(crate) fn run(arguments: &TrainArguments, began: Instant) -> anyhow::Result<ExitCode> {
    let setup = Setup::of(arguments)?;
    let root = setup.root.clone();
    let (model, device) = (setup.config.model, setup.device.device.clone().autodiff());
    let shape = setup.data.shape().to_vec();
    if !arguments.display.json {
        eprintln!("data: {}", setup.inventory);
    }
    for note in &setup.notes {
        eprintln!("note: {note}");
    }
    for warning in manifest::warnings(&setup.config, &setup.device) {
        eprintln!("warning: {warning}");
    }
    let packing = setup.config.train.packing;
    let next = Play { setup, display: arguments.display, began };
    let played = assemble(model, &shape, packing, &device, next)?;

    let Some(reason) = played.stopped else {
        if !arguments.display.json {
            writeln!(std::io::stdout(), "{}", root.display())?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    eprintln!(
        "{reason} at step {}; go on with: gan train --resume --out {}",
        played.step,
        root.display()
    );
    Ok(if reason == INTERRUPTED { INTERRUPTED_CODE.into() } else { ExitCode::FAILURE })
}
