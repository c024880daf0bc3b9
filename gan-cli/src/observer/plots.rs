//! Draws `plots/`: how losses, scores and gradients went.

use std::path::PathBuf;

use anyhow::Context as _;
use gan_core::{Control, Event, Observer, ObserverError};

use crate::metrics::{self, MetricsLine};
use crate::picture::{Series, YScale, curves};
use crate::run_folder::replace_file;

/// Draws the curves anew, from `metrics.jsonl`, with every checkpoint and at the end.
pub(crate) struct Plots {
    pub(crate) metrics: PathBuf,
    pub(crate) folder: PathBuf,
}

impl<G, C> Observer<G, C> for Plots {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if matches!(event, Event::Checkpointed { .. } | Event::Finished { .. }) {
            self.draw()?;
        }
        Ok(Control::Continue)
    }
}

impl Plots {
    fn draw(&self) -> anyhow::Result<()> {
        let lines = metrics::read(&self.metrics)?;
        let series = |name: &str, value: fn(&MetricsLine) -> f64| Series {
            name: name.to_owned(),
            points: lines.iter().map(|line| (line.step as f64, value(line))).collect(),
        };
        let losses = [
            series("critic", |line| line.critic_loss),
            series("generator", |line| line.generator_loss),
        ];
        let scores = [
            series("D(x), real", |line| line.real_probability),
            series("D(G(z)), generated", |line| line.fake_probability),
        ];
        let gradients = [
            series("critic", |line| line.critic_gradient_norm),
            series("generator", |line| line.generator_gradient_norm),
        ];
        let plots = [
            ("losses.svg", "Losses", &losses, YScale::Linear),
            ("scores.svg", "Mean probability of being real", &scores, YScale::Unit),
            ("gradients.svg", "Gradient norms", &gradients, YScale::Log),
        ];
        for (name, title, series, scale) in plots {
            let svg = curves(title, "step", scale, series);
            replace_file(&self.folder.join(name), svg.as_bytes())
                .with_context(|| format!("cannot draw {title}"))?;
        }
        Ok(())
    }
}
