//! The table for readers.

use std::fmt::Write as _;

use super::{Collected, Collection};
use crate::interval::Spread;

impl Collection {
    /// A table of settings for each quantity, then what is not finished.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "# Results over seeds\n\n\
             `±` is half the width of the 95 % t interval of the mean; `n` is how many of the planned seeds \
             are in it. Nothing here depends on the clock or the machine's speed.\n",
        );
        for name in self.shown() {
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "\n## {name}\n\n| run | n | mean | min | max |\n|---|---|---|---|---|\n"
            );
            for run in &self.runs {
                let _ = writeln!(text, "{}", row(run, &name));
            }
        }
        let all: Vec<(&str, Vec<&String>)> = vec![
            ("Failed", self.runs.iter().flat_map(|run| &run.failed).collect()),
            ("Not finished", self.runs.iter().flat_map(|run| &run.missing).collect()),
        ];
        for (title, names) in all.into_iter().filter(|(_, names)| !names.is_empty()) {
            let _ = write!(text, "\n## {title}\n\n");
            names.iter().for_each(|name| text += &format!("- {name}\n"));
        }
        text
    }
}

fn row(run: &Collected, name: &str) -> String {
    let quantity = run.quantities.get(name);
    let n = quantity.map_or(0, |quantity| quantity.values.len());
    let spread = quantity.and_then(|quantity| quantity.spread);
    let count = format!("{n} of {}", run.seeds.len());
    let [mean, min, max] = match spread {
        Some(spread) => [mean(&spread), short(spread.min), short(spread.max)],
        None if n > 0 => ["not a number", "", ""].map(str::to_owned),
        None => ["", "", ""].map(str::to_owned),
    };
    format!("| {} | {count} | {mean} | {min} | {max} |", run.run)
}

fn mean(spread: &Spread) -> String {
    match (spread.mean, spread.half_width) {
        (Some(mean), Some(half)) => format!("{} ± {}", short(mean), short(half)),
        (Some(mean), None) => short(mean),
        (None, _) => "not finite".to_owned(),
    }
}

/// Five digits, which is more than seeds agree in.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let rounded: f64 = format!("{value:.4e}").parse().unwrap_or(value);
    match rounded.abs() {
        size if (1e-4..1e7).contains(&size) => format!("{rounded}"),
        _ => format!("{rounded:e}"),
    }
}
