//! `gan diff`: two runs side by side, what they were to be and what became of them.

use std::collections::BTreeMap;

use gan_run::{short, to_json};
use serde_json::{Map, Value, json};

use crate::args::DiffArguments;
use crate::config::{Difference, differences};
use crate::metrics;
use crate::overview::Overview;
use crate::run_folder::RunFolder;
use crate::streams;
use crate::table::table;

/// Both of something.
type Pair<T> = [T; 2];

pub(crate) fn run(arguments: &DiffArguments) -> anyhow::Result<()> {
    let DiffArguments { one, other, json } = arguments;
    let folders = [RunFolder::open(one)?, RunFolder::open(other)?];
    let changed = differences(&folders[0].config()?, &folders[1].config()?)?;
    let overviews = [Overview::of(&folders[0])?, Overview::of(&folders[1])?];
    let newest = newest([&folders[0], &folders[1]])?;
    if *json {
        let object = as_json(&changed, &overviews, &newest);
        return streams::print(&(serde_json::to_string_pretty(&object)? + "\n"));
    }
    let data = [folders[0].data()?.sha256, folders[1].data()?.sha256];
    let configuration = configuration(&changed, &overviews, &data);
    streams::print(&(configuration + &results(&overviews, &newest)))
}

/// The last value of every quantity that either run has measured, by name.
fn newest(folders: Pair<&RunFolder>) -> anyhow::Result<BTreeMap<String, Pair<Option<f64>>>> {
    let mut newest: BTreeMap<String, Pair<Option<f64>>> = BTreeMap::new();
    for (side, folder) in folders.into_iter().enumerate() {
        let path = folder.metrics();
        let lines = if path.exists() { metrics::read(&path)? } else { Vec::new() };
        for (name, value) in lines.into_iter().flat_map(|line| line.numbers) {
            newest.entry(name).or_default()[side] = Some(value);
        }
    }
    Ok(newest)
}

fn as_json(
    changed: &[Difference],
    overviews: &Pair<Overview>,
    newest: &BTreeMap<String, Pair<Option<f64>>>,
) -> Value {
    let of_key = |difference: &Difference| json!({ "key": difference.key, "one": difference.one, "other": difference.other });
    let of_quantity = |(name, values): (&String, &Pair<Option<f64>>)| {
        (name.clone(), json!(values.map(|value| value.map(to_json))))
    };
    json!({
        "runs": [overviews[0].to_json(), overviews[1].to_json()],
        "configuration": changed.iter().map(of_key).collect::<Vec<_>>(),
        "last": newest.iter().map(of_quantity).collect::<Map<_, _>>(),
    })
}

/// What a table begins with.
fn header(first: &str, runs: &Pair<Overview>) -> Vec<String> {
    let [one, other] = runs.each_ref().map(|run| run.folder.display().to_string());
    vec![first.to_owned(), one, other]
}

/// The keys that differ, and the data if they do.
fn configuration(changed: &[Difference], runs: &Pair<Overview>, data: &Pair<String>) -> String {
    let row = |each: &Difference| vec![each.key.clone(), each.one.clone(), each.other.clone()];
    let mut rows: Vec<_> = changed.iter().map(row).collect();
    if data[0] != data[1] {
        let begin = |digest: &String| digest.chars().take(12).collect();
        rows.push(vec!["SHA-256 of the data".to_owned(), begin(&data[0]), begin(&data[1])]);
    }
    if rows.is_empty() {
        return format!("Configuration: the same, of the recipe {}\n", runs[0].recipe);
    }
    rows.insert(0, header("key", runs));
    table("Configuration", &rows)
}

/// What became of both.
fn results(runs: &Pair<Overview>, newest: &BTreeMap<String, Pair<Option<f64>>>) -> String {
    let mut rows = vec![header("", runs)];
    rows.extend(of_overviews(runs));
    let mut quantities = vec![header("", runs)];
    quantities[0].push("ratio".to_owned());
    let shown = newest.iter().filter(|(name, _)| !is_beside_another(name));
    quantities.extend(shown.map(|(name, values)| row(name, values)));
    table("Results", &rows) + &table("Last values", &quantities)
}

/// What belongs to another quantity.
fn is_beside_another(name: &str) -> bool {
    name.ends_with("/of_real") || name.ends_with("/standard_error")
}

fn of_overviews(overviews: &Pair<Overview>) -> Vec<Vec<String>> {
    let of_both = |what: &str, of: fn(&Overview) -> String| {
        vec![what.to_owned(), of(&overviews[0]), of(&overviews[1])]
    };
    vec![
        of_both("state", |run| run.state.name().to_owned()),
        of_both("step", |run| run.step.to_string()),
        of_both("distance", |run| run.quantity.unwrap_or("–").to_owned()),
        of_both("best", |run| {
            run.best.map_or("–".to_owned(), |best| {
                format!("{} at step {}", short(best.value), best.step)
            })
        }),
        of_both("last", |run| run.last.map_or("–".to_owned(), |last| short(last.value))),
        of_both("steps/s", |run| run.steps_per_second.map_or("–".to_owned(), short)),
        of_both("doctor", |run| match run.findings.as_slice() {
            [] => "–".to_owned(),
            findings => findings.join(", "),
        }),
    ]
}

/// A quantity with its values and how many times as large the second is.
fn row(name: &str, values: &Pair<Option<f64>>) -> Vec<String> {
    let text = |value: Option<f64>| value.map_or("–".to_owned(), short);
    let ratio = match *values {
        [Some(one), Some(other)] if one != 0.0 && (other / one).is_finite() => short(other / one),
        _ => "–".to_owned(),
    };
    vec![name.to_owned(), text(values[0]), text(values[1]), ratio]
}
