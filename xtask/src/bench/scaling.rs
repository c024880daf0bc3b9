//! `cargo xtask bench scaling`: where more ranks stop to pay, by a formula and by a simulation from measured parts.

mod messages;
mod model;
mod report;
mod request;
mod simulation;

use anyhow::Context;

pub(crate) use request::{Wanted, parse};

use super::parts::{OfRecipe, Parts, usual};
use super::spread::Spread;
use messages::{Game, bytes_of_a_round};
use model::{Computation, slowest};
use report::{Recipe, Report};

/// Prints the report.
///
/// # Errors
/// The parts cannot be read, or are of a recipe whose exchanges are not known.
pub(crate) fn scaling(wanted: &Wanted) -> anyhow::Result<()> {
    let path = wanted.parts.clone().map_or_else(usual, Ok)?;
    let parts = Parts::read(&path)?;
    let recipes = parts.recipe.iter().map(|each| recipe(each, wanted.faster));
    let recipes: Vec<Recipe<'_>> = recipes.collect::<anyhow::Result<_>>()?;
    let host = Spread::of(recipes.iter().map(|recipe| recipe.host)).context("there is a recipe")?;
    say!(
        "{}",
        Report {
            machine: &parts.machine,
            recipes,
            host: host.median,
            seed: wanted.seed,
            faster: wanted.faster,
        }
    );
    Ok(())
}

fn recipe(parts: &OfRecipe, faster: f64) -> anyhow::Result<Recipe<'_>> {
    let game = Game::of(&parts.name).with_context(|| {
        let known = messages::GAMES.map(|game| game.name).join(", ");
        format!("the exchanges of `{}` are not known; known: {known}", parts.name)
    })?;
    let Computation { update, micro_batch, sample } = Computation::of(parts);
    let [update, micro_batch, sample] = [update, micro_batch, sample].map(|part| part / faster);
    let computation = Computation { update, micro_batch, sample };
    Ok(Recipe { game, parts, computation, host: host(game, parts) })
}

/// Seconds of a byte on the machine itself: what two ranks take longer than two processes that exchange
/// nothing and do not wait for each other, over the bytes that they swap.
fn host(game: Game, parts: &OfRecipe) -> f64 {
    let waiting = parts.beside * (slowest(&parts.jitter, 2) - 1.0);
    let bytes = bytes_of_a_round(&game.step(u64::from(parts.batch) / 2, 1));
    (parts.ranks - parts.beside - waiting).max(0.0) / bytes
}

#[cfg(test)]
mod tests {
    use super::super::parts::tests::parts;
    use super::*;

    #[test]
    fn what_a_byte_costs_here_is_what_ranks_take_longer() {
        let parts = parts("dcgan");
        let recipe = recipe(&parts, 1.0).unwrap();
        let bytes = 9.0 + 2.0 * 3328.0 + 620_292.0 + 3_135_748.0 + 8.0 + 256.0;
        assert!((recipe.host / (0.010 / bytes) - 1.0).abs() < 1e-9, "{}", recipe.host);
        let jittery = OfRecipe { jitter: vec![0.5, 1.5], ..parts.clone() };
        let waiting = 0.25 * 0.035;
        assert!((host(recipe.game, &jittery) / ((0.010 - waiting) / bytes) - 1.0).abs() < 1e-9);
        let faster = OfRecipe { ranks: 0.03, ..parts.clone() };
        assert_eq!(host(recipe.game, &faster), 0.0, "noise");
    }

    #[test]
    fn another_recipe_is_refused_by_name() {
        let error = recipe(&parts("sngan"), 1.0).err().unwrap().to_string();
        assert!(error.contains("`sngan` are not known; known: cgan, dcgan"), "{error}");
    }

    #[test]
    fn a_faster_machine_computes_in_less_time() {
        let parts = parts("cgan");
        let [slow, fast] = [1.0, 10.0].map(|faster| recipe(&parts, faster).unwrap().computation);
        assert!((slow.seconds(64.0, 1.0) / fast.seconds(64.0, 1.0) - 10.0).abs() < 1e-9);
    }
}
