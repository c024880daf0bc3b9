//! Ctrl-C: the step in progress is finished, a checkpoint is saved, then the run ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use gan_core::{Control, Event, Observer, ObserverError};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The reason that [`Interrupt`] gives for a stop.
pub(crate) const INTERRUPTED: &str = "interrupted";

/// The exit code of a program that Ctrl-C ended.
const EXIT_CODE: i32 = 130;

/// Stops the run after the step in which a signal came. A second signal ends the program at once.
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Watch for Ctrl-C and for a polite kill.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the first action finds the flag as the signal before left it.
            flag::register_conditional_shutdown(signal, EXIT_CODE, Arc::clone(&asked))
                .and_then(|_| flag::register(signal, Arc::clone(&asked)))
                .context("cannot listen for Ctrl-C")?;
        }
        Ok(Self { asked })
    }
}

impl<G, C> Observer<G, C> for Interrupt {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let asked = self.asked.load(Ordering::Relaxed);
        // Only after a step does the learner save a checkpoint before it stops.
        if asked && matches!(event, Event::Stepped(_)) {
            return Ok(Control::Stop(INTERRUPTED.to_owned()));
        }
        Ok(Control::Continue)
    }
}
