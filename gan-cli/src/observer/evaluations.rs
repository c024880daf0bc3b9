//! Writes `evaluation.jsonl`: how close the generator has come to the known density.

use std::rc::Rc;

use gan_core::{Clock, Control, Event, Generator, Observer, ObserverError, Span, Unrecorded};
use serde_json::{Map, Value, json};

use crate::evaluation::Evaluator;
use crate::metrics::MetricsFile;

/// Appends a line at its cadence.
pub(crate) struct Evaluations<const D: usize> {
    pub(crate) evaluator: Rc<Evaluator>,
    pub(crate) every: Span,
    pub(crate) file: MetricsFile,
}

impl<const D: usize> Evaluations<D> {
    fn append(&mut self, clock: Clock, generator: &impl Generator<D>) -> anyhow::Result<()> {
        let mut line = Map::new();
        line.insert("step".to_owned(), json!(clock.step));
        line.insert("epoch".to_owned(), json!(clock.epochs()));
        for (name, value) in self.evaluator.evaluate(generator)?.named() {
            line.insert(name.to_owned(), json!(value));
        }
        self.file.append(&Value::Object(line))
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Evaluations<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped) if self.every.falls_on(stepped.clock) => {
                let appended = self.append(stepped.clock, &stepped.players.sampler());
                appended.map_err(Unrecorded::because)?;
            }
            Event::Saving { .. } => self.file.sync().map_err(Unrecorded::because)?,
            _ => {}
        }
        Ok(Control::Continue)
    }
}
