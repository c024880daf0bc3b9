//! Writes `evaluation.jsonl`: how close the generator has come to the known density.

use std::rc::Rc;

use gan_core::{Control, Event, Generator, Observer, ObserverError, Progress, Span, Unrecorded};
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
    fn append(&mut self, progress: Progress, generator: &impl Generator<D>) -> anyhow::Result<()> {
        let mut line = Map::new();
        line.insert("step".to_owned(), json!(progress.step));
        line.insert("epoch".to_owned(), json!(progress.epochs()));
        for (name, value) in self.evaluator.evaluate(generator)?.named() {
            line.insert(name.to_owned(), json!(value));
        }
        self.file.append(&Value::Object(line))
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Evaluations<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped) if self.every.falls_on(stepped.progress) => {
                let appended = self.append(stepped.progress, &stepped.players.for_sampling());
                appended.map_err(Unrecorded::because)?;
            }
            Event::Saving { .. } => self.file.sync().map_err(Unrecorded::because)?,
            _ => {}
        }
        Ok(Control::Continue)
    }
}
