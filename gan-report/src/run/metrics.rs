//! `metrics.jsonl`: named series of numbers over the steps.

use std::collections::BTreeMap;

use gan_doctor::Trace;
use serde_json::{Map, Value};

use super::lines::{Lines, objects};
use crate::note::Note;

/// The name of the file.
pub(crate) const FILE: &str = "metrics.jsonl";

/// Everything that a run has measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics {
    series: BTreeMap<String, Vec<(u64, f64)>>,
    /// Steps at which an epoch was reported, with it.
    epochs: Vec<(u64, u64)>,
}

impl Metrics {
    /// Reads all lines that can be read, and notes the others.
    pub(crate) fn read(bytes: &[u8], notes: &mut Vec<Note>) -> Self {
        let Lines { objects, damaged, torn } = objects(bytes);
        notes.extend(torn.map(|line| Note::Torn { file: FILE, line }));
        let (mut metrics, mut damaged) = (Self::default(), damaged);
        let (mut newest, mut back) = (None, Vec::new());
        for (line, object) in objects {
            let Some(step) = object.get("step").and_then(Value::as_u64) else {
                damaged.push(line);
                continue;
            };
            if newest.is_some_and(|newest| step <= newest) {
                back.push(line);
                continue;
            }
            newest = Some(step);
            metrics.take(step, &object);
        }
        damaged.sort_unstable();
        if !damaged.is_empty() {
            notes.push(Note::Damaged { file: FILE, lines: damaged });
        }
        if let Some(&first) = back.first() {
            notes.push(Note::GoesBack { file: FILE, lines: back.len(), first });
        }
        metrics
    }

    fn take(&mut self, step: u64, object: &Map<String, Value>) {
        let epoch = object.get("epoch").and_then(Value::as_u64);
        self.epochs.extend(epoch.map(|epoch| (step, epoch)));
        for (name, value) in
            object.iter().filter(|(name, _)| !["step", "epoch"].contains(&&***name))
        {
            let Some(value) = number(value) else { continue };
            match self.series.get_mut(name) {
                Some(points) => points.push((step, value)),
                None => {
                    self.series.insert(name.clone(), vec![(step, value)]);
                }
            }
        }
    }

    /// The points of a series; none if it was not measured.
    pub(crate) fn series(&self, name: &str) -> &[(u64, f64)] {
        self.series.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names, in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.series.keys().map(String::as_str)
    }

    /// The newest value of a series.
    pub(crate) fn last(&self, name: &str) -> Option<f64> {
        self.series(name).last().map(|(_, value)| *value)
    }

    /// The same of real samples, at the end.
    pub(crate) fn of_real(&self, name: &str) -> Option<f64> {
        self.last(&format!("{name}/of_real"))
    }

    /// The last epoch that was reported at a step or before it.
    pub(crate) fn epoch(&self, step: u64) -> Option<u64> {
        let after = self.epochs.partition_point(|(at, _)| *at <= step);
        after.checked_sub(1).map(|index| self.epochs[index].1)
    }

    /// The first and the last step.
    pub(crate) fn steps(&self) -> Option<(u64, u64)> {
        let ends =
            self.series.values().filter_map(|points| Some((points.first()?.0, points.last()?.0)));
        ends.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)))
    }

    /// What the doctor looks at.
    pub(crate) fn trace(&self) -> Trace {
        let mut trace = Trace::new();
        for (name, points) in &self.series {
            for (step, value) in points {
                // The steps of a series go up, which is all that is asked of them.
                let _ = trace.push(name, *step, *value);
            }
        }
        trace
    }
}

/// A number, or the word for one that is not finite.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => {
            ["nan", "inf", "-inf"].contains(&text.as_str()).then(|| text.parse().ok())?
        }
        value => value.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_read_and_the_rest_is_noted() {
        let text = b"{\"step\":1,\"epoch\":0,\"a/b\":0.5}\n{\"step\":2,\"a/b\":\"inf\"}\nnoise\n\
                     {\"step\":2,\"a/b\":7}\n{\"step\":5,\"epoch\":1,\"a/b\":1,\"a/b/of_real\":3}\n{\"step\":6,\"a";
        let mut notes = Vec::new();
        let metrics = Metrics::read(text, &mut notes);
        assert_eq!(metrics.series("a/b"), [(1, 0.5), (2, f64::INFINITY), (5, 1.0)]);
        assert_eq!(
            (metrics.of_real("a/b"), metrics.epoch(4), metrics.epoch(9)),
            (Some(3.0), Some(0), Some(1))
        );
        assert_eq!(metrics.steps(), Some((1, 5)));
        let expected = [
            Note::Torn { file: FILE, line: 6 },
            Note::Damaged { file: FILE, lines: vec![3] },
            Note::GoesBack { file: FILE, lines: 1, first: 4 },
        ];
        assert_eq!(notes, expected);
    }
}
