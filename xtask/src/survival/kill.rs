//! Kills at random moments, and faults at every operation on files.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::ensure;

use super::compare::{Results, corruptions};
use super::faults::Faults;
use super::sandbox::{Draws, Sandbox};
use super::tally::Tally;
use super::{Deadline, Wanted};

/// The length of the run.
pub(super) const STEPS: u64 = 40;

pub(super) fn run(sandbox: &Sandbox, wanted: &Wanted, deadline: Deadline) -> anyhow::Result<Tally> {
    let folder = sandbox.trial("undisturbed")?;
    let began = Instant::now();
    let faults = Faults::of(sandbox, &folder, STEPS)?;
    let duration = began.elapsed();
    let undisturbed = Results::of(sandbox, &folder)?;
    say!(
        "    a training of {STEPS} steps: {} operations on files, {:.1} s",
        faults.operations(),
        duration.as_secs_f64()
    );
    let mut tally = Tally::default();
    for trial in 0..wanted.trials {
        if deadline.has_passed() {
            break;
        }
        let folder = sandbox.trial(&format!("trial-{trial}"))?;
        let what = match trial % 2 {
            0 => struck(sandbox, &folder, &faults.of_trial(trial / 2, wanted.seed), &mut tally)?,
            _ => killed(sandbox, &folder, duration, wanted.seed.wrapping_add(trial), &mut tally)?,
        };
        finish(sandbox, &folder, &undisturbed, &what, &mut tally)?;
    }
    Ok(tally)
}

/// A training with one fault.
fn struck(
    sandbox: &Sandbox,
    folder: &Path,
    fault: &str,
    tally: &mut Tally,
) -> anyhow::Result<String> {
    sandbox.train(folder, STEPS).env("GAN_FILES_FAULT", fault).status()?;
    tally.strikes += 1;
    tally.corruptions += corruptions(folder);
    Ok(format!("the fault {fault}"))
}

/// A training that is killed one to three times, each time at a random moment.
fn killed(
    sandbox: &Sandbox,
    folder: &Path,
    duration: Duration,
    seed: u64,
    tally: &mut Tally,
) -> anyhow::Result<String> {
    let mut draws = Draws(seed);
    let kills = 1 + draws.below(3);
    for _ in 0..kills {
        let mut child = sandbox.train(folder, STEPS).spawn()?;
        let moment = duration.as_micros() as u64 * (5 + draws.below(95)) / 100;
        thread::sleep(Duration::from_micros(moment));
        // A training that has ended already is not killed, and is resumed all the same.
        tally.strikes += u64::from(child.try_wait()?.is_none());
        child.kill()?;
        child.wait()?;
        tally.corruptions += corruptions(folder);
    }
    Ok(format!("{kills} kills, seed {seed}"))
}

/// Lets the run come to its end and compares it with the undisturbed one.
pub(super) fn finish(
    sandbox: &Sandbox,
    folder: &Path,
    undisturbed: &Results,
    what: &str,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let resumed = sandbox.train(folder, STEPS).output()?;
    let differences = match resumed.status.success() {
        true => undisturbed.differences(&Results::of(sandbox, folder)?),
        false => vec![format!("the run cannot go on in {}", folder.display())],
    };
    tally.corruptions += corruptions(folder);
    tally.add(what, &differences);
    if differences.is_empty() {
        ensure!(folder.starts_with(sandbox.path()), "{} is not ours", folder.display());
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}
