//! The bare training step in plain Burn, and where a step's time goes, for `cargo xtask bench`.
//!
//! Without arguments it reads tasks, a line each, and answers each with a line:
//!
//! | Task | Answer |
//! |---|---|
//! | `facts RECIPE BATCH` | floating-point operations of a step, real samples in it, weights of the generator and of the critic |
//! | `time RECIPE BATCH SECONDS` | seconds of one step in plain Burn, the mean over `SECONDS` |
//! | `gemm` | GFLOP/s of Burn's matrix product on all cores, the best of several sizes |
//!
//! What cannot be done is answered with `error:` and the reason. `profile RECIPE [BATCH]` as
//! arguments prints where the time of a step goes, tab-separated.
//!
//! `twin.py` beside this file answers the same tasks in PyTorch.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and its set-up is its own"
)]

mod gemm;
mod layer;
mod learner;
mod penalty;
mod plain;
mod plan;
mod profile;
mod timer;

use std::io::{BufRead, Write};
use std::time::Duration;

use crate::plain::Plain;
use crate::plan::Plan;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => serve(),
        ["profile", rest @ ..] => match profile(rest) {
            Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
            Err(reason) => println!("error: {reason}"),
        },
        _ => println!("error: expected no arguments, or `profile RECIPE [BATCH]`"),
    }
}

/// Answers tasks until there are no more.
fn serve() {
    for task in std::io::stdin().lock().lines() {
        let task = task.expect("the input is text");
        let words: Vec<&str> = task.split_whitespace().collect();
        let answer = answer(&words).unwrap_or_else(|reason| format!("error: {reason}"));
        println!("{answer}");
        std::io::stdout().flush().expect("stdout is read");
    }
}

fn answer(words: &[&str]) -> Result<String, String> {
    match words {
        ["facts", recipe, batch] => facts(&Plan::of(recipe, Some(number(batch)?))?),
        ["time", recipe, batch, seconds] => {
            let mut game = Plain::new(Plan::of(recipe, Some(number(batch)?))?);
            let window = Duration::try_from_secs_f64(number(seconds)?);
            let window = window.map_err(|error| error.to_string())?;
            Ok(timer::mean_seconds(window, || game.step()).to_string())
        }
        ["gemm"] => Ok(gemm::peak().to_string()),
        _ => Err(format!("`{}` is no task", words.join(" "))),
    }
}

/// What is counted rather than measured. The networks must be those of the recipe.
fn facts(plan: &Plan) -> Result<String, String> {
    let [generator, critic] = Plain::new(plan.clone()).parameters();
    let of_recipe = learner::parameters(plan)?;
    if of_recipe != [generator, critic] {
        return Err(format!(
            "the recipe's players have {of_recipe:?} weights, those in plain Burn {:?}",
            [generator, critic]
        ));
    }
    let samples = plan.batch * plan.critic_steps();
    Ok(format!("{} {samples} {generator} {critic}", plan.flops()))
}

fn profile(words: &[&str]) -> Result<Vec<String>, String> {
    let plan = match words {
        [recipe] => Plan::of(recipe, None)?,
        [recipe, batch] => Plan::of(recipe, Some(number(batch)?))?,
        _ => return Err("expected a recipe and perhaps a batch".to_owned()),
    };
    profile::lines(&plan)
}

fn number<N: std::str::FromStr>(word: &str) -> Result<N, String> {
    word.parse().map_err(|_| format!("`{word}` is not such a number"))
}
