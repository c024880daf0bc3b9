//! What was measured of one training: its summary and its series.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context;
use flate2::read::GzDecoder;
use serde_json::Value;

use super::Moment;
use crate::experiment::{DIVERGED, number, numbers};
use crate::nearest;

/// What was measured of one training.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Training {
    /// Its seed.
    pub(crate) seed: u32,
    /// Whether it ended in numbers that are not finite; it has no summary then.
    pub(crate) diverged: bool,
    /// The numbers of its summary.
    pub(crate) numbers: BTreeMap<String, f64>,
    /// Its measurements, in the order of their steps.
    pub(crate) series: Vec<Measurement>,
}

/// What was measured at one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Measurement {
    /// Updates of the generator.
    pub(crate) step: u64,
    /// Whole passes over the data.
    pub(crate) epoch: u64,
    /// The quantities by name.
    pub(crate) numbers: BTreeMap<String, f64>,
}

impl Training {
    /// Reads the folder of a training that has come to its end, a recorded one too.
    ///
    /// # Errors
    /// A file cannot be read or is not what it should be.
    pub(crate) fn read(folder: &Path, seed: u32) -> anyhow::Result<Self> {
        let diverged = folder.join(DIVERGED).exists();
        let numbers = if diverged { BTreeMap::new() } else { numbers(folder)? };
        let text = series_text(folder)?;
        let lines = text.lines().enumerate().map(|(idx, line)| {
            let at = || format!("line {} of the metrics in {}", idx + 1, folder.display());
            Measurement::of(line).with_context(at)
        });
        Ok(Self { seed, diverged, numbers, series: lines.collect::<anyhow::Result<_>>()? })
    }

    /// A quantity at a moment.
    ///
    /// # Errors
    /// Why there is none, to be said after the name of the run.
    pub(crate) fn value(&self, quantity: &str, at: Moment) -> Result<f64, String> {
        if at == Moment::End {
            return self.numbers.get(quantity).copied().ok_or_else(|| self.lacks(quantity));
        }
        let measured = self.measured(quantity);
        if measured.is_empty() {
            return Err(self.lacks(quantity));
        }
        let values = measured.iter().map(|(_, value)| *value);
        let last_step = match at {
            Moment::Lowest => return Ok(values.fold(f64::NAN, f64::min)),
            Moment::Highest => return Ok(values.fold(f64::NAN, f64::max)),
            Moment::Steps(n) => n,
            Moment::Epochs(n) => self.last_step_of(n)?,
            Moment::End => u64::MAX,
        };
        let end = self.series.last().map_or(0, |last| last.step);
        if end < last_step {
            return Err(format!("ends after {end} steps"));
        }
        let newest = measured.iter().rev().find(|(step, _)| *step <= last_step);
        newest.map(|(_, value)| *value).ok_or_else(|| {
            format!("measures `{quantity}` for the first time after step {last_step}")
        })
    }

    /// Pairs of two quantities: at each step of the second, with the newest of the first.
    ///
    /// # Errors
    /// Why there are none, to be said after the name of the run.
    pub(super) fn pairs(&self, one: &str, other: &str) -> Result<Vec<(f64, f64)>, String> {
        let (first, second) = (self.measured(one), self.measured(other));
        for (quantity, measured) in [(one, &first), (other, &second)] {
            if measured.is_empty() {
                return Err(self.lacks(quantity));
            }
        }
        let newest = |step: u64| first.iter().rev().find(|(at, _)| *at <= step);
        Ok(second.iter().filter_map(|(step, b)| Some((newest(*step)?.1, *b))).collect())
    }

    /// The steps at which a quantity was measured, with its values.
    pub(crate) fn measured(&self, quantity: &str) -> Vec<(u64, f64)> {
        let of_line = |line: &Measurement| Some((line.step, *line.numbers.get(quantity)?));
        self.series.iter().filter_map(of_line).collect()
    }

    /// The steps of one pass over the data; NaN where none was completed.
    ///
    /// A line with `e` passes is of a step from `e` passes on; the smallest quotient is the length of
    /// one, exactly where something was measured at the end of a pass.
    pub(crate) fn steps_per_epoch(&self) -> f64 {
        let whole = self.series.iter().filter(|line| line.epoch > 0);
        whole.map(|line| line.step as f64 / line.epoch as f64).fold(f64::NAN, f64::min)
    }

    /// The step at which `n` passes over the data are over.
    fn last_step_of(&self, n: u64) -> Result<u64, String> {
        let length = self.steps_per_epoch();
        let end = self.series.last().map_or(0, |last| last.epoch);
        if length.is_nan() || end < n {
            return Err(format!("ends after {end} epochs"));
        }
        Ok((n as f64 * length - 1e-6).ceil() as u64)
    }

    fn lacks(&self, quantity: &str) -> String {
        let known: Vec<&String> = if self.numbers.is_empty() {
            self.series.iter().flat_map(|line| line.numbers.keys()).collect()
        } else {
            self.numbers.keys().collect()
        };
        let near = nearest::nearest(quantity, &known);
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("does not measure `{quantity}`{hint}")
    }
}

impl Measurement {
    fn of(line: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(line).context("is not JSON")?;
        let fields = value.as_object().context("is no JSON object")?;
        let count = |key: &str| fields.get(key).and_then(Value::as_u64);
        Ok(Self {
            step: count("step").context("has no step")?,
            epoch: count("epoch").unwrap_or(0),
            numbers: fields.iter().filter_map(|(k, v)| Some((k.clone(), number(v)?))).collect(),
        })
    }
}

/// The text of `metrics.jsonl`, or of a recorded one; nothing where a command measures no series.
fn series_text(folder: &Path) -> anyhow::Result<String> {
    let plain = folder.join("metrics.jsonl");
    if plain.exists() {
        return fs::read_to_string(&plain)
            .with_context(|| format!("cannot read {}", plain.display()));
    }
    let packed = folder.join("metrics.jsonl.gz");
    if !packed.exists() {
        return Ok(String::new());
    }
    let cannot_read = || format!("cannot read {}", packed.display());
    let mut text = String::new();
    let file = fs::File::open(&packed).with_context(cannot_read)?;
    GzDecoder::new(file).read_to_string(&mut text).with_context(cannot_read)?;
    Ok(text)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A training of 4 epochs of 10 steps, measured at the end of each, with a loss every 4 steps.
    pub(in super::super) fn training(seed: u32, frechet: [f64; 4]) -> Training {
        let mut lines = String::new();
        for step in 1..=40_u64 {
            let (epoch, loss) = (step / 10, format!("\"critic/loss\":{}", 40 - step));
            if step % 10 == 0 {
                let value = frechet[epoch as usize - 1];
                lines +=
                    &format!("{{\"step\":{step},\"epoch\":{epoch},\"samples/frechet\":{value}}}\n");
            } else if step % 4 == 0 {
                lines += &format!("{{\"step\":{step},\"epoch\":{epoch},{loss}}}\n");
            }
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("metrics.jsonl"), lines).unwrap();
        let summary = format!("{{\"samples/frechet\":{},\"steps\":40}}", frechet[3]);
        fs::write(folder.path().join("summary.json"), summary).unwrap();
        Training::read(folder.path(), seed).unwrap()
    }

    fn value(at: Moment) -> Result<f64, String> {
        training(0, [9.0, 2.0, 3.0, 5.0]).value("samples/frechet", at)
    }

    #[test]
    fn the_end_is_the_summary_and_other_moments_are_of_the_series() {
        assert_eq!(value(Moment::End), Ok(5.0));
        assert_eq!(value(Moment::Lowest), Ok(2.0));
        assert_eq!(value(Moment::Highest), Ok(9.0));
        assert_eq!(value(Moment::Steps(29)), Ok(2.0));
        assert_eq!(value(Moment::Steps(30)), Ok(3.0));
        assert_eq!(value(Moment::Epochs(1)), Ok(9.0));
        assert_eq!(value(Moment::Epochs(3)), Ok(3.0));
    }

    #[test]
    fn what_is_not_there_says_why() {
        assert_eq!(value(Moment::Epochs(5)), Err("ends after 4 epochs".into()));
        assert_eq!(value(Moment::Steps(41)), Err("ends after 40 steps".into()));
        let early = value(Moment::Steps(5)).unwrap_err();
        assert_eq!(early, "measures `samples/frechet` for the first time after step 5");
        let near = training(0, [1.0; 4]).value("samples/frechat", Moment::End).unwrap_err();
        let expected = "does not measure `samples/frechat`; did you mean `samples/frechet`?";
        assert_eq!(near, expected);
        let loss = training(0, [1.0; 4]).value("generator/loss", Moment::Lowest).unwrap_err();
        assert!(loss.starts_with("does not measure `generator/loss`"), "{loss}");
    }

    #[test]
    fn an_epoch_may_be_no_whole_number_of_steps() {
        let line = |step, epoch| Measurement { step, epoch, ..Measurement::default() };
        let series = vec![line(187, 0), line(188, 1), line(375, 2), line(563, 3), line(750, 4)];
        let training = Training { series, ..Training::default() };
        assert_eq!(training.last_step_of(1), Ok(188));
        assert_eq!(training.last_step_of(2), Ok(375));
        assert_eq!(training.last_step_of(4), Ok(750));
    }

    #[test]
    fn pairs_are_made_at_the_steps_of_the_second() {
        let pairs = training(0, [9.0, 2.0, 3.0, 5.0]).pairs("critic/loss", "samples/frechet");
        assert_eq!(pairs.unwrap(), [(32.0, 9.0), (24.0, 2.0), (12.0, 3.0), (4.0, 5.0)]);
    }

    #[test]
    fn a_training_that_diverged_has_no_summary() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("diverged.txt"), "error\n").unwrap();
        let training = Training::read(folder.path(), 3).unwrap();
        assert!(training.diverged && training.numbers.is_empty() && training.seed == 3);
        fs::write(folder.path().join("metrics.jsonl"), "{\"step\":1}\n{}\n").unwrap();
        let complaint = format!("{:#}", Training::read(folder.path(), 3).unwrap_err());
        assert!(complaint.starts_with("line 2 of the metrics in"), "{complaint}");
    }
}
