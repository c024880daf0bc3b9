//! `metrics.jsonl`: every measurement of a run, one line for each step with any.
//!
//! A line is an object: `step`, `epoch`, then numbers by their names (`critic/loss`,
//! `samples/js/of_real`).

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::lines::{LeftOut, Lines};
use crate::number::{Number, to_json};

/// What was measured at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsLine {
    /// The step.
    pub step: u64,
    /// How many times the data had been seen.
    pub epoch: u64,
    /// By name, in the order in which they were measured.
    pub numbers: Vec<(String, f64)>,
}

impl MetricsLine {
    /// The number called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.numbers.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    }

    /// The line as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        self.entries().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The line, if these bytes are a whole one.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Value)> {
        let place = [("step", json!(self.step)), ("epoch", json!(self.epoch))];
        let numbers = self.numbers.iter().map(|(name, value)| (name.as_str(), to_json(*value)));
        place.into_iter().chain(numbers)
    }
}

impl Serialize for MetricsLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

impl<'de> Deserialize<'de> for MetricsLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads a line and keeps the order of its numbers.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = MetricsLine;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a step, an epoch and numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MetricsLine, A::Error> {
        let (mut step, mut epoch, mut numbers) = (None, None, Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "step" => step = Some(map.next_value()?),
                "epoch" => epoch = Some(map.next_value()?),
                _ => {
                    let Number(number) = map.next_value()?;
                    numbers.push((name, number));
                }
            }
        }
        let step = step.ok_or_else(|| A::Error::missing_field("step"))?;
        let epoch = epoch.ok_or_else(|| A::Error::missing_field("epoch"))?;
        Ok(MetricsLine { step, epoch, numbers })
    }
}

/// The whole file: the lines whose steps go up, and what was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurements {
    /// In the order of their steps.
    pub lines: Vec<MetricsLine>,
    /// Lines that are no measurements.
    pub damaged: Vec<LeftOut>,
    /// Lines whose step is not above that of the line before.
    pub back: Vec<LeftOut>,
    /// The last line, if the file ends within it.
    pub torn: Option<LeftOut>,
}

impl Measurements {
    /// Reads every line that can be read.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Lines { values, damaged, torn } = Lines::<MetricsLine>::read(bytes);
        let (mut lines, mut back) = (Vec::<MetricsLine>::new(), Vec::new());
        for (number, line) in values {
            match lines.last().filter(|before| before.step >= line.step) {
                Some(before) => back.push(LeftOut {
                    line: number,
                    why: format!(
                        "its step is {} after {}, expected steps that go up",
                        line.step, before.step
                    ),
                }),
                None => lines.push(line),
            }
        }
        Self { lines, damaged, back, torn }
    }

    /// Everything that was left out, in the order of the file.
    #[must_use]
    pub fn left_out(&self) -> Vec<&LeftOut> {
        let mut all: Vec<_> = self.damaged.iter().chain(&self.back).chain(&self.torn).collect();
        all.sort_by_key(|left_out| left_out.line);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_order_and_what_is_not_finite() {
        let text = "{\"step\":2,\"epoch\":0,\"z\":1.5,\"a\":\"-inf\"}";
        let numbers = vec![("z".to_owned(), 1.5), ("a".to_owned(), f64::NEG_INFINITY)];
        let line = MetricsLine { step: 2, epoch: 0, numbers };
        assert_eq!(MetricsLine::parse(text.as_bytes()).as_ref(), Some(&line));
        assert_eq!(serde_json::to_string(&line).unwrap(), text);
        assert_eq!((line.get("z"), line.get("y")), (Some(1.5), None));
        assert_eq!(Value::Object(line.to_json()), serde_json::from_str::<Value>(text).unwrap());
        for damaged in
            ["{\"step\":1}", "{\"epoch\":0}", "{\"step\":1,\"epoch\":0,\"a\":null}", "[1]"]
        {
            assert_eq!(MetricsLine::parse(damaged.as_bytes()), None, "{damaged}");
        }
    }

    #[test]
    fn what_is_left_out_is_named_and_the_rest_is_read() {
        let text = "{\"step\":1,\"epoch\":0}\n{\"step\":1,\"epoch\":0}\n{\"epoch\":0}\n\
                    {\"step\":4,\"epoch\":1,\"a\":null}\n{\"step\":5,\"epoch\":1}\n{\"step\":6,\"ep";
        let read = Measurements::read(text.as_bytes());
        assert_eq!(read.lines.iter().map(|line| line.step).collect::<Vec<_>>(), [1, 5]);
        let left_out = read.left_out();
        assert_eq!(left_out.iter().map(|each| each.line).collect::<Vec<_>>(), [2, 3, 4, 6]);
        assert!(left_out[0].why.ends_with("its step is 1 after 1, expected steps that go up"));
        assert_eq!((read.damaged.len(), read.torn.map(|each| each.line)), (2, Some(6)));
    }
}
