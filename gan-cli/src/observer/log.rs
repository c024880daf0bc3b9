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
        {
            self.file.append(&MetricsLine::new(stepped.clock, stepped.readings()))?;
        }
        Ok(Control::Continue)
    }
}
