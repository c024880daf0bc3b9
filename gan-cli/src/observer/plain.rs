//! Progress where there is no terminal: a line every few seconds.

use std::time::{Duration, Instant};

use gan_core::{Control, Event, Observer, ObserverError};

use super::bar::describe;

const EVERY: Duration = Duration::from_secs(5);

/// Prints a line to standard error every few seconds.
pub(crate) struct PlainLines {
    printed: Instant,
}

impl PlainLines {
    pub(crate) fn new() -> Self {
        Self { printed: Instant::now() }
    }
}

impl<G, C> Observer<G, C> for PlainLines {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Stepped(stepped) = event
            && (self.printed.elapsed() >= EVERY || stepped.clock.step == stepped.until)
        {
            self.printed = Instant::now();
            let (clock, until) = (stepped.clock, stepped.until);
            let numbers = describe(stepped.readings(), stepped.steps_per_second);
            eprintln!("epoch {} · step {}/{until} · {numbers}", clock.epochs(), clock.step);
        }
        Ok(Control::Continue)
    }
}
