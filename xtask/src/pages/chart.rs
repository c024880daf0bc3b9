//! Curves on a page: a table that `gan plot` draws.

use std::collections::BTreeMap;

use anyhow::{anyhow, bail};

use super::kept::{Kept, Shown};
use super::language::{Language, Word};
use crate::claim::{Moment, Training};
use crate::experiment::{csv_cell, short};

/// A chart: what it is made of, to be drawn by `gan plot`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chart {
    /// Its file without an extension.
    pub(super) name: String,
    /// Its headline.
    pub(super) title: String,
    /// Whether its vertical axis is logarithmic.
    pub(super) scale: Scale,
    /// The table: places on the horizontal axis, and a column for each curve.
    pub(super) table: String,
}

/// The vertical axis of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// Equal steps are equal differences.
    Linear,
    /// Equal steps are equal ratios.
    Log,
}

/// What stands at the horizontal axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Horizontal {
    /// Updates of the generator.
    Steps,
    /// Passes over the data.
    Epochs,
}

/// Places and values, in ascending order.
type Curve = Vec<(f64, f64)>;

impl Scale {
    /// # Errors
    /// There is no such axis.
    pub(super) fn of(word: &str) -> anyhow::Result<Self> {
        match word {
            "linear" => Ok(Self::Linear),
            "log" => Ok(Self::Log),
            _ => bail!("the vertical axis is `linear` or `log`, found `{word}`"),
        }
    }
}

impl Horizontal {
    /// # Errors
    /// There is no such axis.
    pub(super) fn of(word: &str) -> anyhow::Result<Self> {
        match word {
            "step" => Ok(Self::Steps),
            "epoch" => Ok(Self::Epochs),
            _ => bail!("the horizontal axis is `step` or `epoch`, found `{word}`"),
        }
    }

    fn name(self, language: Language) -> &'static str {
        language.word(match self {
            Self::Steps => Word::Step,
            Self::Epochs => Word::Epoch,
        })
    }

    fn curve(self, training: &Training, quantity: &str) -> Curve {
        let unit = match self {
            Self::Steps => 1.0,
            Self::Epochs => training.steps_per_epoch(),
        };
        let measured = training.measured(quantity).into_iter();
        // A hundredth of an epoch, so that the seeds' places agree.
        measured
            .map(|(step, value)| ((step as f64 / unit * 100.0).round() / 100.0, value))
            .collect()
    }
}

/// The table of a chart: a curve for every seed of the one run, or the median over the seeds of each of
/// several, `[label, EXPERIMENT/RUN]`. The experiments of which nothing is kept are returned in its place.
///
/// # Errors
/// There is no such run, or a run does not measure the quantity.
pub(super) fn table(
    kept: &mut Kept,
    language: Language,
    runs: &[Vec<String>],
    (quantity, horizontal): (&str, Horizontal),
) -> anyhow::Result<Result<String, String>> {
    let mut curves: Vec<(String, Curve)> = Vec::new();
    let mut missing = None;
    for run in runs {
        let [label, path] = run.as_slice() else {
            bail!("a curve is a label and a run, found {run:?}");
        };
        let found = kept.run(path)?;
        let Some(first) = found.trainings.iter().find(|shown| !shown.training.diverged) else {
            missing = Some(found.experiment.to_owned());
            continue;
        };
        first.training.value(quantity, Moment::Lowest).map_err(|why| anyhow!("`{path}` {why}"))?;
        let own = |shown: &Shown| horizontal.curve(&shown.training, quantity);
        if runs.len() == 1 {
            let seed = language.word(Word::Seed);
            let named = |shown: &Shown| (format!("{seed} {}", shown.training.seed), own(shown));
            curves.extend(found.trainings.iter().map(named));
        } else {
            let of_seeds: Vec<Curve> = found.trainings.iter().map(own).collect();
            curves.push((label.clone(), median(&of_seeds)));
        }
    }
    match missing {
        Some(experiment) if curves.is_empty() => Ok(Err(experiment)),
        _ => Ok(Ok(written(horizontal.name(language), &curves))),
    }
}

/// The median of curves at the places that all of them have.
fn median(curves: &[Curve]) -> Curve {
    let mut at: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for (x, y) in curves.iter().flatten() {
        at.entry((x * 100.0).round() as u64).or_default().push(*y);
    }
    at.retain(|_, values| values.len() == curves.len());
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let half = values.len() / 2;
        if values.len() % 2 == 1 {
            values[half]
        } else {
            f64::midpoint(values[half - 1], values[half])
        }
    };
    at.into_iter().map(|(x, values)| (x as f64 / 100.0, middle(values))).collect()
}

fn written(horizontal: &str, curves: &[(String, Curve)]) -> String {
    let mut rows: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (idx, (_, curve)) in curves.iter().enumerate() {
        for (x, y) in curve {
            let row = rows.entry((x * 100.0).round() as u64);
            row.or_insert_with(|| vec![String::new(); curves.len()])[idx] = short(*y);
        }
    }
    let names: String = curves.iter().map(|(name, _)| format!(",{}", csv_cell(name))).collect();
    let mut text = format!("{}{names}\n", csv_cell(horizontal));
    for (x, values) in rows {
        text += &format!("{},{}\n", short(x as f64 / 100.0), values.join(","));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_where_every_seed_was_measured() {
        let seeds = [vec![(1.0, 4.0), (2.0, 2.0)], vec![(1.0, 1.0), (2.0, 3.0), (3.0, 9.0)]];
        assert_eq!(median(&seeds), [(1.0, 2.5), (2.0, 2.5)]);
        let three = [vec![(1.5, 4.0)], vec![(1.5, 1.0)], vec![(1.5, 2.0)]];
        assert_eq!(median(&three), [(1.5, 2.0)]);
    }

    #[test]
    fn curves_of_different_places_leave_cells_empty() {
        let curves = [
            ("a".to_owned(), vec![(1.0, 0.5), (2.0, 0.25)]),
            ("b, c".to_owned(), vec![(2.0, 7.0)]),
        ];
        assert_eq!(written("epoch", &curves), "epoch,a,\"b, c\"\n1,0.5,\n2,0.25,7\n");
    }
}
