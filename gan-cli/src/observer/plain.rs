//! Progress where there is no terminal: a line every few seconds.

use std::time::{Duration, Instant};

use gan_core::{Control, Event, Observer, ObserverError};

use super::bar::Shown;
use crate::streams;

const EVERY: Duration = Duration::from_secs(5);

/// Says a line every few seconds.
pub(crate) struct PlainLines {
    said: Instant,
    shown: Shown,
    /// [`streams::say`], or [`streams::log`] beside a display that has the terminal.
    say: fn(&str),
}

impl PlainLines {
    /// Lines on standard error, and in the log.
    pub(crate) fn new(shown: Shown) -> Self {
        Self { said: Instant::now(), shown, say: streams::say }
    }

    /// Lines in the log alone.
    pub(crate) fn of_log(shown: Shown) -> Self {
        Self { said: Instant::now(), shown, say: streams::log }
    }
}

impl<G, C> Observer<G, C> for PlainLines {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Measured { measurements, .. } = event {
            self.shown.note(measurements);
        }
        if let Event::Stepped(stepped) = event
            && (self.said.elapsed() >= EVERY || stepped.progress.step == stepped.until)
        {
            self.said = Instant::now();
            let (progress, until) = (stepped.progress, stepped.until);
            let numbers = self.shown.describe(stepped);
            (self.say)(&format!(
                "epoch {} · step {}/{until} · {numbers}",
                progress.epochs(),
                progress.step
            ));
        }
        Ok(Control::Continue)
    }
}
