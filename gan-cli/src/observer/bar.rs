//! Progress on a terminal: a progress bar with the metrics of the game behind it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gan_core::event::{Control, Event, Observer, ObserverError, Stepped};
use gan_core::measurement::Measurement;
use gan_core::step_metrics::{CRITIC_LOSS, FAKE_PROBABILITY, GENERATOR_LOSS, REAL_PROBABILITY};
use indicatif::{ProgressBar, ProgressStyle};

use crate::streams;

/// The numbers are read from the device this often, the bar moves with every step.
const REFRESH: Duration = Duration::from_millis(250);

/// A bar with epoch, step, time left, steps a second, both losses, D(x) and D(G(z)), as far as the line has room.
pub(crate) struct Bar {
    bar: ProgressBar,
    shown: Shown,
    refreshed: Option<Instant>,
}

impl Bar {
    pub(crate) fn new(shown: Shown) -> Self {
        let style = ProgressStyle::with_template(
            "{prefix} [{bar:24}] step {pos}/{len} · {eta} left · {wide_msg}",
        );
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
        Self {
            bar: ProgressBar::with_draw_target(None, streams::bar_target()).with_style(style),
            shown,
            refreshed: None,
        }
    }
}

impl<G, C> Observer<G, C> for Bar {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, until, .. } => {
                self.bar.set_length(*until);
                self.bar.set_position(progress.step);
                self.bar.reset_eta();
            }
            Event::Stepped(stepped) => {
                self.bar.set_position(stepped.progress.step);
                let ends = stepped.progress.step == stepped.until;
                if ends || self.refreshed.is_none_or(|refreshed| refreshed.elapsed() >= REFRESH) {
                    self.refreshed = Some(Instant::now());
                    self.bar.set_prefix(format!("epoch {}", stepped.progress.epochs()));
                    self.shown.step(stepped);
                    self.bar.set_message(self.shown.line());
                }
            }
            Event::Measured { measurements, .. } => {
                self.shown.measured(measurements);
                self.bar.set_message(self.shown.line());
            }
            Event::Diverged { .. } => self.bar.abandon(),
            Event::Finished { ending, .. } if ending.is_stopped() => self.bar.abandon(),
            Event::Finished { .. } => self.bar.finish(),
            Event::Saving { .. } | Event::Checkpointed { .. } => {}
        }
        Ok(Control::Continue)
    }
}

/// The numbers that a line of progress shows: both losses, D(x) and D(G(z)), and what was asked for
/// by `--show`.
#[derive(Clone, Default)]
pub(crate) struct Shown {
    /// Names of quantities.
    names: Vec<String>,
    /// Their newest values.
    values: BTreeMap<&'static str, f64>,
    /// What every line shows, of the step that was taken note of last.
    step: String,
}

impl Shown {
    /// Lines with these quantities beside the usual ones.
    pub(crate) fn of(names: Vec<String>) -> Self {
        Self { names, ..Self::default() }
    }

    /// Take note of a step.
    pub(super) fn step<G, C>(&mut self, stepped: &Stepped<'_, G, C>) {
        self.measured(stepped.metrics());
        let [critic, generator, real, fake] =
            [CRITIC_LOSS, GENERATOR_LOSS, REAL_PROBABILITY, FAKE_PROBABILITY]
                .map(|quantity| stepped.metric(quantity));
        let speed = stepped.steps_per_second;
        self.step = format!(
            "{speed:.1} steps/s · loss D {critic:.3} G {generator:.3} · D(x) {real:.3} D(G(z)) {fake:.3}"
        );
    }

    /// Take note of measurements.
    pub(super) fn measured(&mut self, measurements: &[Measurement]) {
        self.values.extend(measurements.iter().map(|each| (each.quantity.name, each.value)));
    }

    /// The numbers in a line.
    pub(super) fn line(&self) -> String {
        let shown = self.names.iter().map(|name| match self.values.get(name.as_str()) {
            Some(value) => format!(" · {name} {value:.4}"),
            None => format!(" · {name} –"),
        });
        self.step.clone() + &shown.collect::<String>()
    }
}
