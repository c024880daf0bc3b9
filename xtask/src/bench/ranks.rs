//! `cargo xtask bench ranks`: one process of two threads against two processes of one, turn by turn.

mod pace;
mod process;
mod program;
mod report;
mod request;
mod side;
mod twin;

use std::fs;

use anyhow::Context;

pub(crate) use request::{Wanted, parse};

use super::machine;
use super::parts::{Parts, beside_this_program, usual};
use crate::experiment::Ending;
use crate::interrupt::Interrupt;
use program::Program;
use report::{Measured, Report};
use side::{ONE, SIDES};
use twin::Twin;

/// The recipes that are measured.
const RECIPES: [&str; 4] = ["cgan", "dcgan", "wgan-gp", "r3gan"];
/// How long the middle of a turn takes, about; the whole turn is twice as long, and the start.
const SECONDS: f64 = 3.0;
/// How many single steps are timed, and for how long about.
const SINGLE_STEPS: std::ops::RangeInclusive<u64> = 48..=512;
const SINGLE_SECONDS: f64 = 10.0;

/// Measures, prints the report, and leaves it and the parts beside this program.
///
/// # Errors
/// There is no launcher or no program for it, a training fails, or a file cannot be written.
pub(crate) fn ranks(wanted: &Wanted) -> anyhow::Result<Ending> {
    let interrupt = Interrupt::watch()?;
    // Before this program makes a load itself.
    let load = machine::load();
    match measure(wanted, load) {
        Err(_) if interrupt.seen() => Ok(Ending::Interrupted),
        measured => measured.map(|()| Ending::Finished),
    }
}

fn measure(wanted: &Wanted, load: Option<f64>) -> anyhow::Result<()> {
    say!("==> the program and its launcher");
    let program = Program::find(wanted.gan.as_deref())?;
    let mut report = Report { machine: machine::description(), load, rows: Vec::new(), twin: None };
    let is_wanted =
        |recipe: &&str| wanted.only.is_empty() || wanted.only.iter().any(|o| o == recipe);
    for recipe in RECIPES.into_iter().filter(is_wanted) {
        report.rows.push(of_recipe(&program, recipe, wanted)?);
    }
    if let Some(python) = &wanted.python {
        say!("==> PyTorch");
        report.twin = Some(Twin::measure(python, wanted.rounds, SECONDS)?);
    }
    let (text, parts) = (beside_this_program("bench-ranks.md")?, usual()?);
    fs::write(&text, report.to_string())
        .with_context(|| format!("cannot write {}", text.display()))?;
    let recipe = report.rows.iter().filter_map(Measured::parts).collect();
    Parts { machine: report.machine.clone(), recipe }.write(&parts)?;
    say!("\n{report}\nThis report is in {}", text.display());
    say!("What `cargo xtask bench scaling` computes with is in {}", parts.display());
    Ok(())
}

/// All sides in turn; who begins changes with every round.
fn of_recipe(program: &Program, recipe: &'static str, wanted: &Wanted) -> anyhow::Result<Measured> {
    say!("==> {recipe}: how many steps a turn has");
    let steps: Vec<u64> = SIDES
        .iter()
        .map(|side| program.steps_in(recipe, side, SECONDS))
        .collect::<anyhow::Result<_>>()?;
    let mut measured = Measured::of(recipe);
    for round in 1..=wanted.rounds.get() {
        say!("    round {round} of {}", wanted.rounds);
        let mut turns: Vec<usize> = (0..SIDES.len()).collect();
        turns.rotate_left(round as usize % SIDES.len());
        for turn in turns {
            let seconds = program.seconds(recipe, &SIDES[turn], steps[turn])?;
            measured.sides[turn].push(Some(seconds));
        }
    }
    say!("    single steps");
    let per_step = 2.0 * SECONDS / steps[ONE] as f64;
    let singles = (SINGLE_SECONDS / per_step) as u64;
    let singles = singles.clamp(*SINGLE_STEPS.start(), *SINGLE_STEPS.end());
    let paces = program.run(recipe, &SIDES[ONE], singles, 1)?;
    measured.jitter = paces.first().context("there is a process")?.jitter(singles)?;
    Ok(measured)
}
