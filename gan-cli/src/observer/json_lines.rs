//! Progress for another program: one JSON object for each event on standard output.

use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use gan_core::event::{Control, Event, Observer, ObserverError};
use serde_json::{Value, json};

use crate::inventory::InventoryRecord;
use crate::metrics::line_of;
use crate::observer::doctor::{Outbox, lock};
use crate::observer::interrupt::Asked;
use crate::streams::{self, ReaderGone};

/// The reason for a stop whose reader has gone.
pub(crate) const READER_GONE: &str = "standard output is closed";

/// Objects that may wait for the reader; then the training waits for it.
const WAITING: usize = 64;

/// A training that waits for its reader looks this often for Ctrl-C.
const LOOK: Duration = Duration::from_millis(5);

/// Prints what the data was read as, then every event; `measured` has the numbers of a line of `metrics.jsonl`.
///
/// A thread writes, so that Ctrl-C is handled while the output is not read.
pub(crate) struct JsonLines {
    steps_per_second: f64,
    data: InventoryRecord,
    asked: Asked,
    /// What other observers have to tell.
    outbox: Outbox,
    /// Until the reader is gone.
    lines: Option<SyncSender<String>>,
    writer: Option<JoinHandle<anyhow::Result<()>>>,
}

impl JsonLines {
    pub(crate) fn new(data: InventoryRecord, asked: Asked, outbox: Outbox) -> anyhow::Result<Self> {
        let (lines, waiting) = mpsc::sync_channel(WAITING);
        let writer = thread::Builder::new().name("json".into()).spawn(move || write(&waiting));
        let writer = writer.context("cannot start a thread that writes to standard output")?;
        let (lines, writer) = (Some(lines), Some(writer));
        Ok(Self { steps_per_second: 0.0, data, asked, outbox, lines, writer })
    }

    fn print(&mut self, object: &Value) -> Result<Control, ObserverError> {
        let mut line = format!("{object}\n");
        while let Some(lines) = &self.lines {
            match lines.try_send(line) {
                Ok(()) => return Ok(Control::Continue),
                Err(TrySendError::Disconnected(_)) => return self.why_closed(),
                Err(TrySendError::Full(_)) if self.asked.reason().is_some() => {
                    return Ok(Control::Continue);
                }
                Err(TrySendError::Full(same)) => line = same,
            }
            thread::sleep(LOOK);
        }
        // Returned again, because not every event can end the game.
        Ok(Control::Stop(READER_GONE.to_owned()))
    }

    /// The writer has ended: because its reader has gone, or for an error.
    fn why_closed(&mut self) -> Result<Control, ObserverError> {
        self.lines = None;
        let ended = self.writer.take().map(JoinHandle::join);
        match ended {
            Some(Ok(Err(error))) if error.downcast_ref::<ReaderGone>().is_some() => {
                Ok(Control::Stop(READER_GONE.to_owned()))
            }
            Some(Ok(Err(error))) => Err(error.into()),
            _ => Ok(Control::Continue),
        }
    }

    /// Let the last objects be read, unless Ctrl-C does not want to wait for that.
    fn finish(&mut self) -> Result<Control, ObserverError> {
        self.lines = None;
        while let Some(writer) = &self.writer {
            if writer.is_finished() {
                return self.why_closed();
            }
            if self.asked.reason().is_some() {
                thread::sleep(20 * LOOK);
                self.writer = None;
            }
            thread::sleep(LOOK);
        }
        Ok(Control::Continue)
    }
}

/// Write lines until there are no more, or the reader is gone.
fn write(lines: &Receiver<String>) -> anyhow::Result<()> {
    lines.iter().try_for_each(|line| streams::print(&line))
}

impl<G, C> Observer<G, C> for JsonLines {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        let told = std::mem::take(&mut *lock(&self.outbox));
        for object in told {
            self.print(&object)?;
        }
        match event {
            Event::Started { progress, until, .. } => {
                let mut data = json!(self.data);
                data["event"] = json!("data");
                self.print(&data)?;
                self.print(&json!({ "event": "started", "step": progress.step, "until": until,
                                    "steps_per_epoch": progress.steps_per_epoch }))
            }
            Event::Stepped(stepped) => {
                self.steps_per_second = stepped.steps_per_second;
                Ok(Control::Continue)
            }
            Event::Measured { progress, measurements } => {
                let mut object = line_of(*progress, measurements).to_json();
                object.insert("event".to_owned(), json!("measured"));
                object.insert("steps_per_second".to_owned(), json!(self.steps_per_second));
                self.print(&Value::Object(object))
            }
            Event::Saving { .. } => Ok(Control::Continue),
            Event::Diverged { progress, error } => self.print(
                &json!({ "event": "diverged", "step": progress.step, "error": error.to_string() }),
            ),
            Event::Checkpointed { progress, path } => {
                self.print(&json!({ "event": "checkpointed", "step": progress.step, "path": path }))
            }
            Event::Finished { progress, ending, .. } => {
                self.print(
                    &json!({ "event": "finished", "step": progress.step, "stopped": ending.reason() }),
                )?;
                self.finish()
            }
        }
    }
}
