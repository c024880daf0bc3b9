//! Progress for another program: one JSON object for each event on standard output.

use std::io::Write as _;

use gan_core::{Control, Event, Observer, ObserverError, Span};
use serde_json::json;

use crate::inventory::InventoryRecord;
use crate::metrics::MetricsLine;

/// Prints what the data was read as, then every event; steps at the cadence of `metrics.jsonl`.
pub(crate) struct JsonLines {
    pub(crate) every: Span,
    pub(crate) data: InventoryRecord,
}

impl<G, C> Observer<G, C> for JsonLines {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let object = match event {
            Event::Started { clock, until, .. } => {
                let mut data = json!(self.data);
                data["event"] = json!("data");
                writeln!(std::io::stdout(), "{data}")?;
                json!({ "event": "started", "step": clock.step, "until": until,
                        "steps_per_epoch": clock.steps_per_epoch })
            }
            Event::Stepped(stepped) if self.every.falls_on(stepped.clock) => {
                let line = MetricsLine::new(stepped.clock, stepped.readings());
                let mut object = json!(line);
                object["event"] = json!("stepped");
                object["steps_per_second"] = json!(stepped.steps_per_second);
                object
            }
            Event::Stepped(_) => return Ok(Control::Continue),
            Event::Checkpointed { clock, path } => {
                json!({ "event": "checkpointed", "step": clock.step, "path": path })
            }
            Event::Finished { clock, stopped, .. } => {
                json!({ "event": "finished", "step": clock.step, "stopped": stopped })
            }
        };
        writeln!(std::io::stdout(), "{object}")?;
        Ok(Control::Continue)
    }
}
