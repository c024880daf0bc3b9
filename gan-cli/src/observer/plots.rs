//! Plots `plots/`: every quantity over the steps. Those that real samples have too have a chart each,
//! the others share one where they are of one kind.

use std::path::PathBuf;

use anyhow::Context as _;
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::measurement::Quantity;
use gan_plot::{Series, YScale, curves};
use gan_run::MetricsLine;

use crate::metrics;
use crate::run_folder::replace_file;

/// Plots the curves anew, from `metrics.jsonl`, with every checkpoint and at the end.
pub(crate) struct Plots {
    metrics: PathBuf,
    folder: PathBuf,
    /// Known when the run begins.
    quantities: Vec<Quantity>,
}

impl<G, C> Observer<G, C> for Plots {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { quantities, .. } => self.quantities = quantities.to_vec(),
            Event::Checkpointed { .. } | Event::Finished { .. } | Event::Diverged { .. } => {
                self.plot()?;
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}

/// What is plotted in one file.
struct Chart {
    file: String,
    title: String,
    scale: YScale,
    quantities: Vec<Quantity>,
}

impl Chart {
    /// Losses, D(x) and D(G(z)), and gradient norms have the names that they have in the literature.
    fn of_kind(kind: &'static str, unit: &str) -> Self {
        let (file, title) = match kind {
            "loss" => ("losses", "Losses"),
            "probability" => ("scores", "Mean probability of being real"),
            "gradient_norm" => ("gradients", "Gradient norms"),
            "weight_norm" => ("weights", "Norms of weights"),
            other => (other, other),
        };
        let (file, scale) = (file_name(file), scale(unit));
        Self { file, title: title.to_owned(), scale, quantities: Vec::new() }
    }

    /// A quantity that real samples have too is plotted beside theirs, alone.
    fn of_samples(quantity: Quantity) -> Self {
        let Quantity { name, unit, .. } = quantity;
        let (file, title) = (file_name(name), format!("{name} ({unit})"));
        Self { file, title, scale: scale(unit), quantities: vec![quantity] }
    }

    fn all(quantities: &[Quantity], lines: &[MetricsLine]) -> Vec<Self> {
        let is_measured = |name: &str| lines.iter().any(|line| line.get(name).is_some());
        let mut charts: Vec<(&str, Self)> = Vec::new();
        for quantity in quantities.iter().filter(|quantity| is_measured(quantity.name)) {
            if is_measured(&format!("{}/of_real", quantity.name)) {
                charts.push((quantity.name, Self::of_samples(*quantity)));
                continue;
            }
            let kind = kind(quantity);
            match charts.iter_mut().find(|(key, _)| *key == kind) {
                Some((_, chart)) => chart.quantities.push(*quantity),
                None => {
                    let chart = Self::of_kind(kind, quantity.unit);
                    charts.push((kind, Self { quantities: vec![*quantity], ..chart }));
                }
            }
        }
        charts.into_iter().map(|(_, chart)| chart).collect()
    }

    fn svg(&self, lines: &[MetricsLine]) -> String {
        let series: Vec<Series> =
            self.quantities.iter().flat_map(|quantity| series(lines, quantity)).collect();
        curves(&self.title, "step", self.scale, &series)
    }
}

/// What quantities of one chart have in common: their unit where it says what they are, or the name that one of each
/// player has.
fn kind(quantity: &Quantity) -> &'static str {
    match quantity.unit {
        unit @ ("loss" | "probability" | "game value") => unit,
        _ => quantity.name.rsplit('/').next().unwrap_or(quantity.name),
    }
}

fn scale(unit: &str) -> YScale {
    match unit {
        "probability" | "share" => YScale::Unit,
        "norm" => YScale::Log,
        _ => YScale::Linear,
    }
}

fn file_name(name: &str) -> String {
    let slug = |one: char| if one.is_alphanumeric() || one == '_' { one } else { '-' };
    name.chars().map(slug).collect::<String>() + ".svg"
}

/// The legend of a curve: D(x) and D(G(z)) as papers write them, any other quantity by its name.
fn legend(name: &str) -> String {
    match name {
        "critic/real_probability" => "D(x), real".to_owned(),
        "critic/fake_probability" => "D(G(z)), generated".to_owned(),
        other => other.to_owned(),
    }
}

impl Plots {
    /// Plot what is in the file `metrics` into `folder`.
    pub(crate) fn new(metrics: PathBuf, folder: PathBuf) -> Self {
        Self { metrics, folder, quantities: Vec::new() }
    }

    fn plot(&self) -> anyhow::Result<()> {
        let lines = metrics::read(&self.metrics)?;
        for chart in Chart::all(&self.quantities, &lines) {
            replace_file(&self.folder.join(&chart.file), chart.svg(&lines).as_bytes())
                .with_context(|| format!("cannot plot {}", chart.title))?;
        }
        Ok(())
    }
}

/// The curve of a quantity, and that of real samples where there is one.
fn series(lines: &[MetricsLine], quantity: &Quantity) -> Vec<Series> {
    let points = |name: &str| -> Vec<(f64, f64)> {
        lines.iter().filter_map(|line| Some((line.step as f64, line.get(name)?))).collect()
    };
    let of_real = points(&format!("{}/of_real", quantity.name));
    let mut all = vec![Series { name: legend(quantity.name), points: points(quantity.name) }];
    if !of_real.is_empty() {
        all.push(Series { name: "real samples".to_owned(), points: of_real });
    }
    all
}
