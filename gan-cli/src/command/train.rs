//! `gan train`: a run from its configuration to its summary.

mod display;
mod duality_gap;
mod game;
mod measured;
mod own_data;
mod players;
mod probes;
mod rendered;
mod run;
mod setup;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use gan_core::event::Ending;

use crate::args::{DisplayArguments, DoctorMode, TrainArguments};
use crate::assemble::assemble;
use crate::manifest;
use crate::observer::{Interrupt, READER_GONE, STOPPED_BY_DOCTOR, exit_code};
use crate::ranks::Ranks;
use crate::streams::{self, LogFile};

pub(super) use game::game;
pub(super) use setup::{Setup, layers_of, resolved};

use run::{Outcome, TrainRun};

/// The exit code of a run that the doctor has ended.
const DOCTOR_STOP: u8 = 3;

/// How a training is watched.
pub(super) struct Watched {
    pub(super) display: DisplayArguments,
    /// Quantities that a line of progress shows besides its own.
    pub(super) show: Vec<String>,
    /// A file with messages and lines of progress.
    pub(super) log: Option<PathBuf>,
    pub(super) doctor: DoctorMode,
    /// The address at which the run's report is served.
    pub(super) serve: Option<String>,
}

/// How a training ended.
pub(super) struct Ended {
    step: u64,
    ending: Ending,
    root: PathBuf,
}

/// Trains; the program `began` then.
pub(crate) fn run(arguments: &TrainArguments, began: Instant) -> anyhow::Result<ExitCode> {
    let TrainArguments { display, show, log, doctor, serve, .. } = arguments;
    if let Some(log) = log {
        LogFile::check(log)?;
        streams::keep_for_log();
    }
    let ranks = Ranks::join()?;
    let interrupt = Interrupt::listen()?;
    let setup = ranks.all(Setup::of(arguments, &ranks))?;
    ranks.all(setup.ensure_same_on_all_ranks())?;
    ranks.all(ranks.ensure_share(&setup.config.train))?;
    let (show, log, serve) = (show.clone(), log.clone(), serve.clone());
    let watched = Watched { display: *display, show, log, doctor: *doctor, serve };
    let ended = ranks.end(train(setup, interrupt, watched, began))?;
    if !ranks.is_first() {
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(code) = ended.stopped() {
        return Ok(code);
    }
    if !arguments.display.json {
        streams::print_path(&ended.root)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Trains what is set up.
pub(super) fn train(
    setup: Setup,
    interrupt: Interrupt,
    watched: Watched,
    began: Instant,
) -> anyhow::Result<Ended> {
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
    let run = TrainRun { setup, interrupt, watched, began };
    let Outcome { step, ending } = assemble(model, &shape, packing, &device, run)?;
    if let Ending::NoImprovement(reason) = &ending {
        streams::say(&format!("ended at step {step}: {reason}"));
    }
    Ok(Ended { step, ending, root })
}

impl Ended {
    /// Of a training that was stopped: the exit code, after a line on how to resume it.
    pub(super) fn stopped(&self) -> Option<ExitCode> {
        let Ending::Stopped(reason) = &self.ending else { return None };
        let (step, root) = (self.step, self.root.display());
        streams::say(&if reason == STOPPED_BY_DOCTOR {
            format!(
                "{reason} at step {step}; the cure as a command: gan doctor {root}; go on all the same \
                 with: gan train --resume --out {root} --doctor off"
            )
        } else {
            format!("{reason} at step {step}; go on with: gan train --resume --out {root}")
        });
        Some(match exit_code(reason) {
            Some(code) => code.into(),
            None if reason == READER_GONE => ExitCode::SUCCESS,
            None if reason == STOPPED_BY_DOCTOR => DOCTOR_STOP.into(),
            None => ExitCode::FAILURE,
        })
    }
}
