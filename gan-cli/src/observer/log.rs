//! Writes `metrics.jsonl`.

use gan_core::Unrecorded;
use gan_core::event::{Control, Event, Observer, ObserverError};

use crate::metrics::{MetricsFile, line_of};

/// Appends a line for every step of which anything was measured.
pub(crate) struct MetricsLog {
    pub(crate) file: MetricsFile,
}

impl<G, C> Observer<G, C> for MetricsLog {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Measured { progress, measurements } => {
                let line = line_of(*progress, measurements);
                self.file.append(&line).map_err(Unrecorded::because)?;
            }
            Event::Saving { .. } | Event::Diverged { .. } => {
                self.file.sync().map_err(Unrecorded::because)?;
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}
