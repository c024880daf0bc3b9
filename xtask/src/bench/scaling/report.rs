//! What follows from the parts, as a text that can be pasted into a README.

use std::fmt;

use super::messages::{Algorithm, Game, Phase, bytes_of_a_round};
use super::model::{Computation, Link, Model, NETWORKS, Network, Scaling};
use super::simulation::{Draws, seconds};
use crate::bench::parts::OfRecipe;
use crate::bench::spread::short;

/// Ranks in the tables.
const WEAK: [u64; 5] = [2, 8, 32, 128, 1024];
const STRONG: [u64; 5] = [2, 4, 8, 16, 32];
const EXCHANGED: [u64; 4] = [2, 8, 64, 1024];
/// The most that is simulated, and the most that the formula is asked for.
const SIMULATED: u64 = 1024;
const FORMULATED: u64 = 1 << 20;
/// Steps of a simulation.
const STEPS: u32 = 60;
/// An efficiency below which more ranks do not pay.
const LEAST: f64 = 0.5;

/// A recipe as it was measured.
pub(super) struct Recipe<'a> {
    pub(super) game: Game,
    pub(super) parts: &'a OfRecipe,
    pub(super) computation: Computation,
    /// Seconds of a byte on the machine itself, by this recipe alone.
    pub(super) host: f64,
}

/// Everything that is computed.
pub(super) struct Report<'a> {
    pub(super) machine: &'a str,
    pub(super) recipes: Vec<Recipe<'a>>,
    /// Seconds of a byte on the machine itself.
    pub(super) host: f64,
    pub(super) seed: u64,
    pub(super) faster: f64,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Computed from parts measured on {}", self.machine)?;
        match self.faster == 1.0 {
            true => writeln!(f, ".")?,
            false => writeln!(f, ", with ranks that compute {} times as fast.", self.faster)?,
        }
        self.write_parts(f)?;
        for scaling in [Scaling::Weak, Scaling::Strong] {
            for network in NETWORKS {
                self.write_efficiency(f, scaling, network)?;
            }
        }
        self.write_algorithms(f)?;
        self.write_overlap(f)
    }
}

impl Report<'_> {
    fn model<'a>(&self, recipe: &Recipe<'a>, scaling: Scaling, network: Network) -> Model<'a> {
        let Recipe { game, parts, computation, .. } = *recipe;
        let link = Link { network, host: self.host };
        Model { game, parts, computation, link, scaling, algorithm: Algorithm::Halving }
    }

    fn write_parts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n| recipe | update, ms | micro-batch, ms | sample, ms | MB a round | exchanges a step \
             | host, ns a byte |\n|---|---|---|---|---|---|---|"
        )?;
        for Recipe { game, parts, computation, host } in &self.recipes {
            let Computation { update, micro_batch, sample } = *computation;
            let times = [update, micro_batch, sample].map(|seconds| short(1e3 * seconds));
            let step = game.step(u64::from(parts.batch), 1);
            let megabytes = short(bytes_of_a_round(&step) / 1e6);
            let (exchanges, host) = (count(&step), short(1e9 * host));
            let times = times.join(" | ");
            writeln!(f, "| {} | {times} | {megabytes} | {exchanges} | {host} |", game.name)?;
        }
        writeln!(
            f,
            "\nA machine itself takes {} ns for a byte of a swap, the median over the recipes.",
            short(1e9 * self.host)
        )
    }

    /// Efficiency by the formula without waiting and with it, and by the simulation.
    fn write_efficiency(
        &self,
        f: &mut fmt::Formatter<'_>,
        scaling: Scaling,
        network: Network,
    ) -> fmt::Result {
        let (title, ranks) = match scaling {
            Scaling::Weak => ("Weak scaling, a batch for each rank", WEAK),
            Scaling::Strong => ("Strong scaling, one batch for all ranks", STRONG),
        };
        let heading = ranks.map(|ranks| format!("{ranks} ranks")).join(" | ");
        writeln!(
            f,
            "\n{title}, {}: efficiency by the formula / with waiting / simulated\n\n\
             | recipe | {heading} | {:.0} % up to, formula / simulated |\n|---|---|---|---|---|---|---|",
            network.name,
            100.0 * LEAST
        )?;
        for recipe in &self.recipes {
            let model = self.model(recipe, scaling, network);
            let limit = scaling.limit(model.parts.batch);
            let formula = |ranks| model.efficiency(ranks, model.seconds(ranks));
            let simulated = |ranks| {
                let mut draws = Draws::of(self.seed ^ ranks);
                model.efficiency(ranks, seconds(&model, ranks, STEPS, &mut draws))
            };
            let waiting = |ranks| model.efficiency(ranks, model.seconds_with_waiting(ranks));
            let each = |ranks| [formula(ranks), waiting(ranks), simulated(ranks)].map(percent);
            let all = |ranks| each(ranks).join(" / ");
            let cells = ranks.map(all).join(" | ");
            let by_formula = end(formula, limit, FORMULATED);
            let by_simulation = end(simulated, limit, SIMULATED);
            let name = recipe.game.name;
            writeln!(f, "| {name} | {cells} | {by_formula} / {by_simulation} |")?;
        }
        Ok(())
    }

    /// The exchange as it is, by halves of a sum, against one that sends all of it in every round.
    fn write_algorithms(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = EXCHANGED.map(|ranks| format!("{ranks} ranks")).join(" | ");
        writeln!(
            f,
            "\nMilliseconds of a step's exchanges in weak scaling, by doubling / as they are (halving)\n\n\
             | recipe | network | {heading} | {:.0} % up to |\n|---|---|---|---|---|---|---|",
            100.0 * LEAST
        )?;
        for network in NETWORKS {
            for recipe in &self.recipes {
                let halving = self.model(recipe, Scaling::Weak, network);
                let doubling = Model { algorithm: Algorithm::Doubling, ..halving };
                let both = EXCHANGED.map(|ranks| {
                    [doubling, halving].map(|m| short(1e3 * m.exchange(ranks))).join(" / ")
                });
                let ends = [doubling, halving].map(|model| {
                    end(|ranks| model.efficiency(ranks, model.seconds(ranks)), None, FORMULATED)
                });
                let (name, cells, ends) = (recipe.game.name, both.join(" | "), ends.join(" / "));
                writeln!(f, "| {name} | {} | {cells} | {ends} |", network.name)?;
            }
        }
        Ok(())
    }

    /// What overlap could gain at the most.
    fn write_overlap(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = EXCHANGED.map(|ranks| format!("{ranks} ranks")).join(" | ");
        writeln!(
            f,
            "\nShare of the exchanges in a step, weak scaling / what a step could be shorter by at the most if \
             gradients were sent during the backward pass\n\n\
             | recipe | network | {heading} |\n|---|---|---|---|---|---|"
        )?;
        for network in NETWORKS {
            for recipe in &self.recipes {
                let model = self.model(recipe, Scaling::Weak, network);
                let both = EXCHANGED.map(|ranks| {
                    let whole = model.seconds(ranks);
                    let share = percent(model.exchange(ranks) / whole);
                    let gain = percent(1.0 - model.seconds_with_overlap(ranks) / whole);
                    format!("{share} / {gain}")
                });
                writeln!(f, "| {} | {} | {} |", recipe.game.name, network.name, both.join(" | "))?;
            }
        }
        Ok(())
    }
}

fn count(step: &[Phase]) -> usize {
    step.iter().map(|phase| phase.exchanges.len()).sum()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// The most ranks, a power of two, up to which the efficiency is not below [`LEAST`].
fn end(efficiency: impl Fn(u64) -> f64, limit: Option<u64>, searched: u64) -> String {
    let most = limit.unwrap_or(searched).min(searched);
    let enough = |ranks: &u64| *ranks <= most && (*ranks == 1 || efficiency(*ranks) >= LEAST);
    let last = (0..64).map(|bit| 1 << bit).take_while(enough).last().unwrap_or(1);
    match limit {
        Some(limit) if last == limit => format!("all {limit}"),
        None if last == searched => format!("over {searched}"),
        _ => last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::parts::tests::parts;

    fn report(parts: &[OfRecipe]) -> String {
        let recipe = |parts| super::super::recipe(parts, 1.0).unwrap();
        let recipes = parts.iter().map(recipe).collect();
        Report { machine: "two cores", recipes, host: 1e-9, seed: 0, faster: 1.0 }.to_string()
    }

    #[test]
    fn the_end_is_the_last_power_of_two_that_is_efficient_enough() {
        let falling = |ranks: u64| 4.0 / ranks as f64;
        assert_eq!(end(falling, None, 1024), "8");
        assert_eq!(end(falling, Some(4), 1024), "all 4");
        assert_eq!(end(|_| 1.0, None, 1024), "over 1024");
        assert_eq!(end(|_| 0.1, None, 1024), "1");
    }

    #[test]
    fn without_jitter_formula_and_simulation_are_the_same_in_every_cell() {
        let text = report(&[parts("dcgan"), parts("r3gan")]);
        let tables = text.split("Milliseconds of a step's").next().unwrap();
        let cells = tables.split('|').filter(|cell| cell.matches('%').count() == 3);
        let cells: Vec<Vec<&str>> = cells.map(|cell| cell.trim().split(" / ").collect()).collect();
        assert_eq!(cells.len(), 2 * 2 * 2 * 5);
        assert!(cells.iter().all(|cell| cell[0] == cell[1] && cell[1] == cell[2]), "{cells:?}");
    }

    #[test]
    fn jitter_lowers_what_is_simulated_and_the_text_is_the_same_again() {
        let jittery = OfRecipe { jitter: vec![0.5, 1.0, 1.5], ..parts("dcgan") };
        let text = report(std::slice::from_ref(&jittery));
        let line = text.lines().find(|line| line.contains("% /") && line.starts_with("| dcgan"));
        let cell = line.unwrap().split('|').nth(6).unwrap();
        let share = |text: &str| text.trim().trim_end_matches(" %").parse::<f64>().unwrap();
        let each: Vec<f64> = cell.split('/').map(share).collect();
        assert!(each[0] > 1.2 * each[2], "{cell}");
        assert!((each[1] - each[2]).abs() <= 1.0, "{cell}");
        assert_eq!(text, report(&[jittery]));
    }
}
