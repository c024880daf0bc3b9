//! The bare training step in plain Burn, and where a step's time goes, for `cargo xtask bench`.
//!
//! Without arguments it reads tasks, a line each, and answers each with a line:
//!
//! | Task | Answer |
//! |---|---|
//! | `facts GAME BATCH` | floating-point operations of a step, real samples in it, weights of the generator and of the critic |
//! | `time GAME BATCH SECONDS` | seconds of one step in plain Burn, the mean over `SECONDS` |
//! | `gemm` | GFLOP/s of Burn's matrix product on all cores, the best of several sizes |
//! | `kernels` | the instructions that this workspace's kernels use here: `avx512`, `avx2`, `neon`, or `none` |
//! | `pictures COUNT FOLDER` | `done`: so many colored JPEG files are in the folder, always the same |
//!
//! A `GAME` is a recipe, such as `dcgan`, or a recipe and the shape of its images, such as
//! `dcgan-classic:3x64x64`. What cannot be done is answered with `error:` and the reason.
//! `profile GAME [BATCH]` as arguments prints where the time of a step goes, tab-separated.
//!
//! `twin.py` beside this file answers the same tasks in PyTorch, `jax_twin.py` in JAX.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and its set-up is its own"
)]

mod architecture;
mod built;
mod class;
mod game;
mod gemm;
mod layer;
mod learner;
mod objective;
mod penalty;
mod pictures;
mod plain;
mod plan;
mod profile;
mod residual;
mod spectral;
mod timer;
mod update;

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Duration;

use burn::tensor::Device;
use gan_core::kernels::KernelSet;

use crate::plain::Plain;
use crate::plan::Plan;

fn main() {
    // As `gan` does: otherwise what is timed is the system handing out fresh memory.
    gan_core::kernels::keep_freed_memory();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => serve(),
        ["profile", rest @ ..] => match profile(rest) {
            Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
            Err(reason) => println!("error: {reason}"),
        },
        _ => println!("error: expected no arguments, or `profile GAME [BATCH]`"),
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
        ["facts", game, batch] => facts(&Plan::of(game.parse()?, Some(number(batch)?))?),
        ["time", game, batch, seconds] => {
            let mut game = Plain::new(Plan::of(game.parse()?, Some(number(batch)?))?);
            let window = Duration::try_from_secs_f64(number(seconds)?);
            let window = window.map_err(|error| error.to_string())?;
            Ok(timer::mean_seconds(window, || game.step()).to_string())
        }
        ["gemm"] => Ok(gemm::peak().to_string()),
        ["kernels"] => Ok(kernels().to_owned()),
        ["pictures", count, folder @ ..] => {
            pictures::write(number(count)?, Path::new(&folder.join(" ")))?;
            Ok("done".to_owned())
        }
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

/// By the name of the instructions.
fn kernels() -> &'static str {
    match KernelSet::on(&Device::flex()) {
        Some(KernelSet::Avx512) => "avx512",
        Some(KernelSet::Avx2) => "avx2",
        Some(KernelSet::Neon) => "neon",
        _ => "none",
    }
}

fn profile(words: &[&str]) -> Result<Vec<String>, String> {
    let plan = match words {
        [game] => Plan::of(game.parse()?, None)?,
        [game, batch] => Plan::of(game.parse()?, Some(number(batch)?))?,
        _ => return Err("expected a recipe and perhaps a batch".to_owned()),
    };
    profile::lines(&plan)
}

fn number<N: std::str::FromStr>(word: &str) -> Result<N, String> {
    word.parse().map_err(|_| format!("`{word}` is not such a number"))
}

#[cfg(test)]
mod tests {
    use gan_models::RecipeKind;

    use super::*;
    use crate::game::GameName;

    #[test]
    fn every_recipe_has_as_many_weights_in_plain_burn() {
        let games = RecipeKind::ALL.map(|recipe| GameName { recipe, image: None });
        let larger = "dcgan-classic:3x64x64".parse().unwrap();
        for game in games.into_iter().chain([larger]) {
            let plan = Plan::of(game, Some(2)).unwrap();
            facts(&plan).unwrap_or_else(|reason| panic!("{game}: {reason}"));
        }
    }

    #[test]
    fn tasks_that_cannot_be_done_say_why() {
        let answer = |task: &str| answer(&task.split(' ').collect::<Vec<_>>()).unwrap_err();
        assert_eq!(answer("time gan x 1"), "`x` is not such a number");
        assert_eq!(answer("times gan 1 1"), "`times gan 1 1` is no task");
    }
}
