//! The files of `gan duality`: numbers, a table, a picture and a summary.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, json};

use crate::duality::{Comparison, Family, Training};
use crate::run_folder::replace_file;
use gan_plot::{Series, YScale, curves, stacked};

/// Writes `duality.csv`, `table.md`, `duality.svg`, and last of all `summary.json`.
pub(super) fn write(
    folder: &Path,
    comparisons: &[Comparison],
    training: Training,
    took: Duration,
) -> anyhow::Result<()> {
    replace_file(&folder.join("duality.csv"), csv(comparisons)?.as_slice())?;
    replace_file(&folder.join("table.md"), markdown(comparisons).as_bytes())?;
    replace_file(&folder.join("duality.svg"), picture(comparisons).as_bytes())?;
    let summary = serde_json::to_string_pretty(&summary(comparisons, training, took))? + "\n";
    replace_file(&folder.join("summary.json"), summary.as_bytes())
}

/// A line for each seed at each shift.
fn csv(comparisons: &[Comparison]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["family", "shift", "seed", "js_exact", "js", "standard_error", "w1"])?;
    for comparison in comparisons {
        for one in &comparison.estimates {
            writer.write_record([
                comparison.family.name().to_owned(),
                comparison.shift.to_string(),
                one.seed.to_string(),
                comparison.exact_js.to_string(),
                one.js.to_string(),
                one.standard_error.to_string(),
                comparison.shift.to_string(),
            ])?;
        }
    }
    Ok(writer.into_inner()?)
}

/// A line for each shift.
fn markdown(comparisons: &[Comparison]) -> String {
    let seeds = comparisons.first().map_or(0, |first| first.estimates.len());
    let mut text = format!(
        "| densities | moved by, W₁ | JS, exact | JS, estimated by {seeds} discriminators: mean (min … max) |\n\
         |---|---|---|---|\n"
    );
    for comparison in comparisons {
        let (low, high) = comparison.range();
        text += &format!(
            "| {} | {:.2} | {:.4} | {:.4} ({low:.4} … {high:.4}) |\n",
            comparison.family.name(),
            comparison.shift,
            comparison.exact_js,
            comparison.mean()
        );
    }
    text
}

/// A chart for each family, one below the other.
fn picture(comparisons: &[Comparison]) -> String {
    let charts = Family::ALL.map(|family| {
        let of_family: Vec<&Comparison> =
            comparisons.iter().filter(|one| one.family == family).collect();
        let series = |name: &str, value: fn(&Comparison) -> f64| Series {
            name: name.to_owned(),
            points: of_family.iter().map(|one| (one.shift, value(one))).collect(),
        };
        // A gap after every estimate makes each a dot.
        let dots = |one: &&Comparison| {
            let shift = one.shift;
            let of_seed = move |js| [(shift, js), (shift, f64::NAN)];
            one.estimates.iter().flat_map(move |one| of_seed(one.js)).collect::<Vec<_>>()
        };
        let seeds = of_family.first().map_or(0, |one| one.estimates.len());
        let curves_of_family = [
            series("JS, exact (nats)", |one| one.exact_js),
            Series {
                name: format!("JS, from the losses of {seeds} discriminators"),
                points: of_family.iter().flat_map(dots).collect(),
            },
            series("W₁, exact", |one| one.shift),
        ];
        curves(&family.title(), "moved by", YScale::Linear, &curves_of_family)
    });
    stacked(&charts)
}

fn summary(comparisons: &[Comparison], training: Training, took: Duration) -> serde_json::Value {
    let mut summary = Map::new();
    for family in Family::ALL {
        let of_family = || comparisons.iter().filter(|one| one.family == family);
        let largest = of_family().map(Comparison::largest_error).fold(0.0, f64::max);
        let signed: Vec<f64> = of_family().map(|one| one.mean() - one.exact_js).collect();
        let mean = signed.iter().sum::<f64>() / signed.len() as f64;
        summary.insert(format!("{}_js_largest_error", family.name()), json!(largest));
        summary.insert(format!("{}_js_mean_error", family.name()), json!(mean));
    }
    let seeds = comparisons.first().map_or(0, |first| first.estimates.len());
    summary.insert("seeds".to_owned(), json!(seeds));
    summary.insert("steps".to_owned(), json!(training.steps));
    summary.insert("batch".to_owned(), json!(training.batch));
    summary.insert("held_out".to_owned(), json!(training.held_out));
    summary.insert("wall_seconds".to_owned(), json!(took.as_secs_f64()));
    summary.into()
}
