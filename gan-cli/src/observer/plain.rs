//! Progress where there is no terminal: a line every few seconds.

use std::time::{Duration, Instant};

use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::progress::Progress;

use super::bar::Shown;
use crate::streams;

const EVERY: Duration = Duration::from_secs(5);

/// Prints a line every few seconds, and one of the last step when it has been measured.
pub(crate) struct PlainLines {
    said: Instant,
    until: u64,
    shown: Shown,
    /// [`streams::say`], or [`streams::log`] beside a display that has the terminal.
    say: fn(&str),
}

impl PlainLines {
    /// Lines on standard error, and in the log.
    pub(crate) fn new(shown: Shown) -> Self {
        Self { said: Instant::now(), until: 0, shown, say: streams::say }
    }

    /// Lines in the log alone.
    pub(crate) fn of_log(shown: Shown) -> Self {
        Self { say: streams::log, ..Self::new(shown) }
    }

    fn say(&mut self, progress: Progress) {
        self.said = Instant::now();
        (self.say)(&format!(
            "epoch {} · step {}/{} · {}",
            progress.epochs(),
            progress.step,
            self.until,
            self.shown.line()
        ));
    }
}

impl<G, C> Observer<G, C> for PlainLines {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { until, .. } => self.until = *until,
            Event::Stepped(stepped) if stepped.progress.step == stepped.until => {
                self.shown.step(stepped);
            }
            Event::Stepped(stepped) if self.said.elapsed() >= EVERY => {
                self.shown.step(stepped);
                self.say(stepped.progress);
            }
            Event::Measured { progress, measurements } => {
                self.shown.measured(measurements);
                if progress.step == self.until {
                    self.say(*progress);
                }
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}
