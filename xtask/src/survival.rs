//! `cargo xtask torture kill`, `disk` and `soak`: crash and fault-injection tests of a run, at scale.

mod compare;
mod disk;
mod faults;
mod kill;
mod request;
mod sandbox;
mod soak;
mod tally;

pub(crate) use request::{Kind, Wanted, parse};

use std::time::{Duration, Instant};

use anyhow::bail;

use crate::report::Report;
use crate::step::timed;
use sandbox::Sandbox;
use tally::Tally;

/// When to stop.
#[derive(Clone, Copy)]
struct Deadline(Option<Instant>);

impl Deadline {
    fn after(minutes: Option<f64>) -> Self {
        Self(minutes.map(|minutes| Instant::now() + Duration::from_secs_f64(60.0 * minutes)))
    }

    fn has_passed(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}

/// Does what was requested, and reports it in a line of a table.
///
/// # Errors
/// The program cannot be built, or something was lost.
pub(crate) fn run(wanted: &Wanted, report: &mut Report) -> anyhow::Result<()> {
    let sandbox = Sandbox::new(wanted.kind.name())?;
    // The clock begins after the build.
    let deadline = Deadline::after(wanted.minutes);
    let tally = match wanted.kind {
        Kind::Kill => kill::run(&sandbox, wanted, deadline)?,
        Kind::Disk => disk::run(&sandbox, wanted, deadline, report)?,
        Kind::Soak => soak::run(&sandbox, wanted)?,
    };
    say!("{}\n{}", Tally::HEADING, tally.row(wanted));
    if tally.has_faults() {
        bail!("{} lost something; it is kept in {}", wanted.kind.name(), sandbox.path().display());
    }
    sandbox.remove();
    Ok(())
}

/// The steps of `cargo xtask ci`.
///
/// # Errors
/// As [`run`].
pub(crate) fn all_for_a_minute(report: &mut Report) -> anyhow::Result<()> {
    for kind in [Kind::Kill, Kind::Disk, Kind::Soak] {
        let wanted = Wanted { kind, minutes: Some(1.0), ..Wanted::of(kind) };
        timed(&format!("torture {} for a minute", kind.name()), || run(&wanted, report))?;
    }
    Ok(())
}
