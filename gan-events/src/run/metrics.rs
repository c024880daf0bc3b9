//! The lines of `metrics.jsonl`.

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::number::Number;

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

/// The lines that are whole and whose steps go up; a remark for each other one.
pub(super) fn lines_of(text: &str, remarks: &mut Vec<String>) -> Vec<MetricsLine> {
    let mut lines: Vec<MetricsLine> = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        let mut leave_out = |why: String| {
            remarks.push(format!("metrics.jsonl, line {}, is left out: {why}", idx + 1));
        };
        match serde_json::from_str::<MetricsLine>(line) {
            Err(error) => leave_out(error.to_string()),
            Ok(line) => match lines.last().filter(|before| before.step >= line.step) {
                Some(before) => leave_out(format!(
                    "its step is {} after {}, expected steps that go up",
                    line.step, before.step
                )),
                None => lines.push(line),
            },
        }
    }
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_order_and_what_is_not_finite() {
        let mut remarks = Vec::new();
        let text = "{\"step\":2,\"epoch\":0,\"z\":1.5,\"a\":\"inf\"}\n";
        let lines = lines_of(text, &mut remarks);
        let numbers = vec![("z".to_owned(), 1.5), ("a".to_owned(), f64::INFINITY)];
        assert_eq!(lines, [MetricsLine { step: 2, epoch: 0, numbers }]);
        assert!(remarks.is_empty());
    }

    #[test]
    fn what_is_damaged_is_named_and_the_rest_is_read() {
        let text = "{\"step\":1,\"epoch\":0}\n{\"step\":1,\"epoch\":0}\n{\"epoch\":0}\n\
                    {\"step\":4,\"epoch\":1,\"a\":null}\n{\"step\":5,\"epoch\":1}\n{\"step\":6,\"ep";
        let mut remarks = Vec::new();
        let steps: Vec<u64> = lines_of(text, &mut remarks).iter().map(|line| line.step).collect();
        assert_eq!(steps, [1, 5]);
        let expected = ["line 2", "line 3", "line 4", "line 6"];
        assert_eq!(remarks.len(), expected.len());
        for (remark, line) in remarks.iter().zip(expected) {
            assert!(remark.contains(line), "{remark}");
        }
        assert!(remarks[0].ends_with("its step is 1 after 1, expected steps that go up"));
    }
}
