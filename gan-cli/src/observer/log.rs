//! Writes `metrics.jsonl`.

use gan_core::{Control, Event, Observer, ObserverError, Unrecorded};

use crate::metrics::{Cadence, MetricsFile, MetricsLine};

/// Appends a line for the first step, for every step that the cadence falls on, and for the last.
pub(crate) struct MetricsLog {
    pub(crate) file: MetricsFile,
    pub(crate) cadence: Cadence,
}

impl<G, C> Observer<G, C> for MetricsLog {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped)
                if self.cadence.falls_on(stepped.progress.step)
                    // The learner ends a run that has diverged, with an error that says all of it.
                    && stepped.readings().first_non_finite().is_none() =>
            {
                let line = MetricsLine::new(stepped.progress, stepped.readings());
                self.file.append(&line).map_err(Unrecorded::because)?;
            }
            Event::Saving { .. } => self.file.sync().map_err(Unrecorded::because)?,
            _ => {}
        }
        Ok(Control::Continue)
    }
}
