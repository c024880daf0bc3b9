//! `metrics.jsonl`: named series of numbers over the steps.

use std::collections::BTreeMap;

use gan_doctor::Trace;
use gan_run::{Measurements, MetricsLine};

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
        let Measurements { lines, damaged, back, torn } = Measurements::read(bytes);
        notes.extend(Note::of_lines(FILE, &damaged, torn.as_ref()));
        let back = back.first().map(|first| (back.len(), first.line));
        notes.extend(back.map(|(lines, first)| Note::GoesBack { file: FILE, lines, first }));
        let mut metrics = Self::default();
        for MetricsLine { step, epoch, numbers } in lines {
            metrics.epochs.push((step, epoch));
            for (name, value) in numbers {
                metrics.series.entry(name).or_default().push((step, value));
            }
        }
        metrics
    }

    /// The points of a series; none if it was not measured.
    pub(crate) fn series(&self, name: &str) -> &[(u64, f64)] {
        self.series.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names, in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.series.keys().map(String::as_str)
    }

    /// How many points each of the series has.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        self.series.values().map(Vec::len).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_read_and_the_rest_is_noted() {
        let text = b"{\"step\":1,\"epoch\":0,\"a/b\":0.5}\n{\"step\":2,\"epoch\":0,\"a/b\":\"inf\"}\nnoise\n\
                     {\"step\":2,\"epoch\":0,\"a/b\":7}\n{\"step\":5,\"epoch\":1,\"a/b\":1,\"a/b/of_real\":3}\n{\"step\":6,\"a";
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
