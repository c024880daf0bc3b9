//! Writes `metrics.jsonl`.

use gan_core::{Control, Event, Observer, ObserverError, Span};

use crate::metrics::{MetricsFile, MetricsLine};

/// Appends a line for every step that the cadence falls on.
pub(crate) struct MetricsLog {
    pub(crate) file: MetricsFile,
    pub(crate) every: Span,
}

impl<G, C> Observer<G, C> for MetricsLog {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Stepped(stepped) = event
            && self.every.falls_on(stepped.clock)
            // The learner ends a run that has diverged, with an error that says all of it.
            && stepped.readings().first_non_finite().is_none()
        {
            self.file.append(&MetricsLine::new(stepped.clock, stepped.readings()))?;
        }
        Ok(Control::Continue)
    }
}
