//! Progress on a terminal: one bar with the numbers of the game behind it.

use std::time::{Duration, Instant};

use gan_core::{Control, Event, Observer, ObserverError, Readings};
use indicatif::{ProgressBar, ProgressStyle};

use crate::streams;

/// The numbers are read from the device this often, the bar moves with every step.
const REFRESH: Duration = Duration::from_millis(250);

/// A bar with epoch, step, steps a second, time left, both losses, D(x) and D(G(z)).
pub(crate) struct Bar {
    bar: ProgressBar,
    refreshed: Option<Instant>,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template(
            "{prefix} [{bar:24}] step {pos}/{len} · {msg} · {eta} left",
        );
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
        Self {
            bar: ProgressBar::with_draw_target(None, streams::bar_target()).with_style(style),
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
                    let speed = stepped.steps_per_second;
                    self.bar.set_message(describe(stepped.readings(), speed));
                }
            }
            Event::Finished { stopped: Some(_), .. } => self.bar.abandon(),
            Event::Finished { .. } => self.bar.finish(),
            Event::Saving { .. } | Event::Checkpointed { .. } => {}
        }
        Ok(Control::Continue)
    }
}

/// The numbers of a step in a line.
pub(super) fn describe(readings: &Readings, steps_per_second: f64) -> String {
    format!(
        "{steps_per_second:.1} steps/s · loss D {:.3} G {:.3} · D(x) {:.3} D(G(z)) {:.3}",
        readings.critic_loss,
        readings.generator_loss,
        readings.real_probability,
        readings.fake_probability,
    )
}
