//! Numbers of several trainings side by side.

use std::collections::{BTreeMap, BTreeSet};

/// The numbers of one training.
pub(crate) struct Row {
    /// The run that it belongs to.
    pub(crate) run: String,
    /// Its seed.
    pub(crate) seed: u32,
    /// What was measured, by name.
    pub(crate) numbers: BTreeMap<String, f64>,
}

/// The numbers of all trainings of an experiment.
pub(crate) struct Table {
    rows: Vec<Row>,
    columns: BTreeSet<String>,
}

impl Table {
    /// Puts the trainings together; a column for every name that any of them has.
    pub(crate) fn new(rows: Vec<Row>) -> Self {
        let columns = rows.iter().flat_map(|row| row.numbers.keys().cloned()).collect();
        Self { rows, columns }
    }

    /// A line per training, an empty cell where a training lacks a number.
    pub(crate) fn csv(&self) -> String {
        let mut text = String::from("run,seed");
        for column in &self.columns {
            text += &format!(",{}", csv_cell(column));
        }
        text.push('\n');
        for row in &self.rows {
            text += &format!("{},{}", csv_cell(&row.run), row.seed);
            for column in &self.columns {
                let cell = row.numbers.get(column).map(f64::to_string).unwrap_or_default();
                text += &format!(",{cell}");
            }
            text.push('\n');
        }
        text
    }

    /// A line per number, a column per run: `mean (min … max)` over the run's seeds.
    pub(crate) fn markdown(&self) -> String {
        let runs = self.runs();
        let header: String = runs.iter().map(|(run, _)| format!(" {run} |")).collect();
        let rule = "---|".repeat(runs.len());
        let seeds: String = runs.iter().map(|(_, n_seeds)| format!(" {n_seeds} |")).collect();
        let mut text = format!("| mean (min … max) |{header}\n|---|{rule}\n| seeds |{seeds}\n");
        for column in &self.columns {
            let cells: String =
                runs.iter().map(|(run, _)| format!(" {} |", self.cell(run, column))).collect();
            text += &format!("| {column} |{cells}\n");
        }
        text
    }

    /// A line per run, a column for each of `measures`, in the same form.
    pub(crate) fn markdown_by_run(&self, measures: &[String]) -> String {
        let header: String = measures.iter().map(|name| format!(" {name} |")).collect();
        let rule = "---|".repeat(measures.len());
        let mut text = format!("| mean (min … max) | seeds |{header}\n|---|---|{rule}\n");
        for (run, n_seeds) in self.runs() {
            let cells: String =
                measures.iter().map(|name| format!(" {} |", self.cell(run, name))).collect();
            text += &format!("| {run} | {n_seeds} |{cells}\n");
        }
        text
    }

    /// The runs in the order of their first training, with the number of their seeds.
    fn runs(&self) -> Vec<(&str, usize)> {
        let mut runs: Vec<(&str, usize)> = Vec::new();
        for row in &self.rows {
            match runs.iter_mut().find(|(run, _)| *run == row.run) {
                Some((_, n_seeds)) => *n_seeds += 1,
                None => runs.push((&row.run, 1)),
            }
        }
        runs
    }

    fn cell(&self, run: &str, column: &str) -> String {
        let of_run = || self.rows.iter().filter(|row| row.run == run);
        let values: Vec<f64> =
            of_run().filter_map(|row| row.numbers.get(column).copied()).collect();
        let n_seeds = of_run().count();
        let text = match values.as_slice() {
            [] => return "–".to_owned(),
            [value] => short(*value),
            values => {
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                let min = values.iter().copied().fold(f64::INFINITY, f64::min);
                let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                format!("{} ({} … {})", short(mean), short(min), short(max))
            }
        };
        // A mean over the seeds that did well would mislead.
        if values.len() < n_seeds {
            return format!("{text}, {} of {n_seeds}", values.len());
        }
        text
    }
}

/// Four significant digits, whole numbers in full, without trailing zeros.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() || value.fract() == 0.0 && value.abs() < 1e15 {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor();
    if !(-4.0..6.0).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    let n_decimals = (3.0 - magnitude).max(0.0) as usize;
    let text = format!("{value:.n_decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A cell of a table in text, quoted where it has to be.
pub(crate) fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(run: &str, seed: u32, numbers: &[(&str, f64)]) -> Row {
        let numbers = numbers.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        Row { run: run.to_owned(), seed, numbers }
    }

    fn table() -> Table {
        Table::new(vec![
            row("a", 0, &[("loss", 1.0), ("steps", 100.0)]),
            row("a", 1, &[("loss", 2.5), ("steps", 100.0)]),
            row("b", 0, &[("loss", 0.25)]),
        ])
    }

    #[test]
    fn csv_has_a_line_per_training_and_gaps_stay_empty() {
        assert_eq!(table().csv(), "run,seed,loss,steps\na,0,1,100\na,1,2.5,100\nb,0,0.25,\n");
    }

    #[test]
    fn markdown_has_mean_and_spread_per_run() {
        let expected = "| mean (min … max) | a | b |\n\
                        |---|---|---|\n\
                        | seeds | 2 | 1 |\n\
                        | loss | 1.75 (1 … 2.5) | 0.25 |\n\
                        | steps | 100 (100 … 100) | – |\n";
        assert_eq!(table().markdown(), expected);
    }

    #[test]
    fn a_number_that_some_seeds_lack_says_so() {
        let rows = vec![row("a", 0, &[("kl", 0.5)]), row("a", 1, &[]), row("b", 0, &[])];
        let expected = "| mean (min … max) | seeds | kl | js |\n\
                        |---|---|---|---|\n\
                        | a | 2 | 0.5, 1 of 2 | – |\n\
                        | b | 1 | – | – |\n";
        assert_eq!(Table::new(rows).markdown_by_run(&["kl".into(), "js".into()]), expected);
    }

    #[test]
    fn the_worst_seed_does_not_vanish_from_a_mean() {
        let rows = |worst| vec![row("a", 0, &[("kl", 0.5)]), row("a", 1, &[("kl", worst)])];
        let shown = |worst| Table::new(rows(worst)).markdown_by_run(&["kl".into()]);
        assert!(shown(f64::INFINITY).contains("| inf (0.5 … inf) |"), "{}", shown(f64::INFINITY));
        assert!(shown(f64::NAN).contains("| NaN (0.5 … 0.5) |"), "{}", shown(f64::NAN));
    }

    #[test]
    fn numbers_are_short_and_not_misleading() {
        for (value, text) in [
            (0.0, "0"),
            (70_000.0, "70000"),
            (0.123_456, "0.1235"),
            (-12.345_6, "-12.35"),
            (123_456.7, "123457"),
            (0.000_003, "3.000e-6"),
            (0.5, "0.5"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn csv_cells_are_quoted_where_needed() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
