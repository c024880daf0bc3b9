//! Plots `plots/`: every quantity over the steps, those of a unit in one chart.

use std::path::PathBuf;

use anyhow::Context as _;
use gan_core::{Control, Event, Observer, ObserverError, Quantity};

use crate::metrics::{self, MetricsLine};
use crate::picture::{Series, YScale, curves};
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

/// A chart of all quantities of one unit.
struct Chart {
    file: String,
    title: String,
    scale: YScale,
}

impl Chart {
    /// Losses, D(x) and D(G(z)), and gradient norms have the names that they have in the literature.
    fn of_unit(unit: &str) -> Self {
        let (file, title, scale) = match unit {
            "loss" => ("losses", "Losses", YScale::Linear),
            "probability" => ("scores", "Mean probability of being real", YScale::Unit),
            "norm" => ("gradients", "Gradient norms", YScale::Log),
            "share" => ("share", "share", YScale::Unit),
            other => (other, other, YScale::Linear),
        };
        let slug = |one: char| if one.is_alphanumeric() { one } else { '-' };
        let file = file.chars().map(slug).collect::<String>() + ".svg";
        Self { file, title: title.to_owned(), scale }
    }
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
        let mut units: Vec<&str> = Vec::new();
        for quantity in &self.quantities {
            if !units.contains(&quantity.unit) {
                units.push(quantity.unit);
            }
        }
        for unit in units {
            let Chart { file, title, scale } = Chart::of_unit(unit);
            let of_unit = self.quantities.iter().filter(|quantity| quantity.unit == unit);
            let series: Vec<Series> = of_unit.flat_map(|each| series(&lines, each)).collect();
            let svg = curves(&title, "step", scale, &series);
            replace_file(&self.folder.join(file), svg.as_bytes())
                .with_context(|| format!("cannot plot {title}"))?;
        }
        Ok(())
    }
}

/// The curve of a quantity, and that of real samples where there is one.
fn series(lines: &[MetricsLine], quantity: &Quantity) -> Vec<Series> {
    let points = |name: &str| -> Vec<(f64, f64)> {
        lines.iter().filter_map(|line| Some((line.step as f64, line.get(name)?))).collect()
    };
    let name = quantity.name;
    let of_real = points(&format!("{name}/of_real"));
    let mut all = vec![Series { name: legend(name), points: points(name) }];
    if !of_real.is_empty() {
        all.push(Series { name: format!("{name}, real samples"), points: of_real });
    }
    all
}
