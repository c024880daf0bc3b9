//! `cargo xtask bench profile RECIPE`: where the time of a training step goes.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::process::Command;

use anyhow::{Context, bail};

use super::spread::{Spread, short};
use super::train::plain_program;
use super::training::Training;
use crate::experiment::{Ending, Gan};
use crate::interrupt::Interrupt;
use crate::step;

/// Turns of the whole loop, with and without what is left behind for people to see.
const ROUNDS: usize = 3;
/// How long a turn takes, about.
const SECONDS: f64 = 3.0;
/// Cadences that no training reaches.
const SILENT: [&str; 3] = [
    "log.every=\"1000000000 steps\"",
    "pictures.every=\"1000000000 steps\"",
    "checkpoint.every=\"1000000000 steps\"",
];

/// Measures the parts of a step and the whole, and prints a table.
///
/// # Errors
/// A build or a training fails; the recipe has networks or rules that are not measured.
pub(crate) fn profile(recipe: &str, batch: Option<NonZeroU32>) -> anyhow::Result<Ending> {
    let interrupt = Interrupt::watch()?;
    match measure(recipe, batch) {
        Err(_) if interrupt.seen() => Ok(Ending::Interrupted),
        measured => {
            say!("{}", measured?);
            Ok(Ending::Finished)
        }
    }
}

fn measure(recipe: &str, batch: Option<NonZeroU32>) -> anyhow::Result<String> {
    say!("==> building");
    let gan = Gan::build(None)?;
    let mut program = Command::new(plain_program()?);
    program.args(["profile", recipe]).args(batch.map(|batch| batch.to_string()));
    say!("==> layers, optimizers and the step");
    let parts = Parts::read(&step::output(&mut program)?)?;
    say!("==> the whole loop");
    let of = |quiet: &[&str]| {
        let mut set: Vec<String> = quiet.iter().map(|&setting| setting.to_owned()).collect();
        set.extend(batch.map(|batch| format!("train.batch={batch}")));
        Training { gan: &gan, recipe, device: "flex", set }
    };
    let (whole, silent) = (of(&[]), of(&SILENT));
    let steps = whole.steps_in(SECONDS)?;
    let mut turns = Vec::new();
    for _ in 0..ROUNDS {
        let turn = [&whole, &silent].map(|one| one.run(steps).and_then(|r| r.seconds_per_step()));
        let [whole, silent] = turn;
        turns.push([whole?, silent?]);
    }
    let middle = |which: usize| Spread::of(turns.iter().map(|turn| turn[which]));
    let loop_seconds = middle(0).zip(middle(1)).context("there is a round")?;
    Ok(parts.table(loop_seconds.0.median, loop_seconds.1.median))
}

/// Seconds in one step.
#[derive(Debug, Default, PartialEq)]
struct Parts {
    layers: Vec<Layer>,
    /// What is no layer, by name.
    others: Vec<(String, f64)>,
    /// The step as a whole.
    step: f64,
}

#[derive(Debug, PartialEq)]
struct Layer {
    name: String,
    forward: f64,
    input_gradient: f64,
    weight_gradient: f64,
}

impl Parts {
    /// From the tab-separated lines of the program.
    fn read(text: &str) -> anyhow::Result<Self> {
        let mut parts = Self::default();
        for line in text.lines() {
            let seconds =
                |word: &str| word.parse().with_context(|| format!("no seconds in `{line}`"));
            match line.split('\t').collect::<Vec<_>>().as_slice() {
                ["layer", player, layer, forward, input, weights] => parts.layers.push(Layer {
                    name: format!("{player}: {layer}"),
                    forward: seconds(forward)?,
                    input_gradient: seconds(input)?,
                    weight_gradient: seconds(weights)?,
                }),
                ["part", name, took] => parts.others.push(((*name).to_owned(), seconds(took)?)),
                ["step", took] => parts.step = seconds(took)?,
                _ => bail!("{}", line.strip_prefix("error: ").unwrap_or(line)),
            }
        }
        Ok(parts)
    }

    /// The table. The loop took `whole` seconds a step, `silent` of them without logging, pictures
    /// and checkpoints.
    fn table(&self, whole: f64, silent: f64) -> String {
        let mut text = String::from(
            "\nMilliseconds in one step, and shares of the whole loop.\n\n\
             | part | forward | input gradient | weight gradient | together | share |\n\
             |---|---|---|---|---|---|\n",
        );
        let mut line = |name: &str, passes: [Option<f64>; 3], together: f64| {
            let [forward, input, weights] = passes.map(|seconds| match seconds {
                Some(seconds) => short(1e3 * seconds),
                None => String::new(),
            });
            let (milliseconds, share) = (short(1e3 * together), 100.0 * together / whole);
            let _ = writeln!(
                text,
                "| {name} | {forward} | {input} | {weights} | {milliseconds} | {share:.1} % |"
            );
        };
        let mut sum = 0.0;
        for Layer { name, forward, input_gradient, weight_gradient } in &self.layers {
            let passes = [*forward, *input_gradient, *weight_gradient];
            let together = passes.iter().sum();
            line(name, passes.map(Some), together);
            sum += together;
        }
        for (name, seconds) in &self.others {
            line(name, [None; 3], *seconds);
            sum += seconds;
        }
        line("rest of the step", [None; 3], self.step - sum);
        line("**the step**", [None; 3], self.step);
        line("data", [None; 3], silent - self.step);
        line("logging, pictures, checkpoints", [None; 3], whole - silent);
        line("**the whole loop**", [None; 3], whole);
        text + EXPLANATION
    }
}

const EXPLANATION: &str = "
A layer is timed alone, with the activation behind it, and counted as often as a step goes through it. \
The rest of the step is what it takes beyond its parts: losses, readings, the graph's bookkeeping, \
colder memory; it is less than nothing where parts overlap in a step. Data and logging are differences \
of whole trainings, so that noise can make them negative.";

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "layer\tcritic\tlinear 2 to 1\t0.001\t0.002\t0.003\n\
                         part\tlatents\t0.001\nstep\t0.008\n";

    #[test]
    fn the_parts_are_read_and_add_up_to_the_loop() {
        let parts = Parts::read(LINES).unwrap();
        let table = parts.table(0.010, 0.009);
        for line in [
            "| critic: linear 2 to 1 | 1.00 | 2.00 | 3.00 | 6.00 | 60.0 % |",
            "| latents |  |  |  | 1.00 | 10.0 % |",
            "| rest of the step |  |  |  | 1.00 | 10.0 % |",
            "| **the step** |  |  |  | 8.00 | 80.0 % |",
            "| data |  |  |  | 1.00 | 10.0 % |",
            "| logging, pictures, checkpoints |  |  |  | 1.00 | 10.0 % |",
            "| **the whole loop** |  |  |  | 10.0 | 100.0 % |",
        ] {
            assert!(table.contains(line), "{line}\n{table}");
        }
    }

    #[test]
    fn what_is_not_measured_is_said_with_its_reason() {
        let refused = Parts::read("error: residual networks are not measured\n").unwrap_err();
        assert_eq!(refused.to_string(), "residual networks are not measured");
        assert!(Parts::read("step\tsoon\n").is_err());
    }
}
