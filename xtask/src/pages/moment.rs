//! What a cell reads of a training: a value at a moment, or the epoch in which something happened.

use anyhow::bail;

use crate::claim::{Moment, Training};

/// What a cell reads of a training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asked {
    /// The value at a moment.
    Value(Moment),
    /// The epoch in which something happened for the first time.
    Epoch(Happening),
}

/// What happens to a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Happening {
    /// It is as low as it gets.
    Lowest,
    /// It is so many times the lowest that it had been.
    Risen(f64),
    /// It is this or less.
    AtMost(f64),
    /// It is this or more.
    AtLeast(f64),
}

impl Asked {
    /// Reads `end`, `30 epochs` and the like, or `epoch of lowest`, `epoch of 3 times lowest`,
    /// `epoch of at most 0.01`, `epoch of at least 50`.
    ///
    /// # Errors
    /// It is none of them.
    pub(super) fn of(text: &str) -> anyhow::Result<Self> {
        let Some(what) = text.strip_prefix("epoch of ") else {
            return Moment::try_from(text.to_owned()).map(Self::Value);
        };
        let words: Vec<&str> = what.split(' ').collect();
        let happening = match words.as_slice() {
            ["lowest"] => Some(Happening::Lowest),
            [times, "times", "lowest"] => times.parse().ok().map(Happening::Risen),
            ["at", "most", bound] => bound.parse().ok().map(Happening::AtMost),
            ["at", "least", bound] => bound.parse().ok().map(Happening::AtLeast),
            _ => None,
        };
        match happening {
            Some(happening) => Ok(Self::Epoch(happening)),
            None => bail!(
                "`epoch of` is followed by `lowest`, `3 times lowest`, `at most 0.01` or `at least 50`, \
                 found `{what}`"
            ),
        }
    }

    /// What it is of a training; `None` where it does not come to that.
    ///
    /// # Errors
    /// The training does not measure the quantity, to be said after the name of the run.
    pub(super) fn read(self, training: &Training, quantity: &str) -> Result<Option<f64>, String> {
        let happening = match self {
            Self::Value(moment) => {
                let value = training.value(quantity, moment);
                let measures = training.numbers.contains_key(quantity)
                    || !training.measured(quantity).is_empty();
                return match value {
                    Err(why) if !measures => Err(why),
                    value => Ok(value.ok()),
                };
            }
            Self::Epoch(happening) => happening,
        };
        let measured = training.measured(quantity);
        if measured.is_empty() {
            // For its words.
            return training.value(quantity, Moment::Lowest).map(Some);
        }
        let step = happening.step(&measured);
        Ok(step.map(|step| step as f64 / training.steps_per_epoch()))
    }
}

impl Happening {
    fn step(self, measured: &[(u64, f64)]) -> Option<u64> {
        let first = |is: &dyn Fn(f64) -> bool| measured.iter().find(|(_, value)| is(*value));
        match self {
            Self::Lowest => {
                let lowest = measured.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
                first(&|value| value == lowest).map(|(step, _)| *step)
            }
            Self::AtMost(bound) => first(&|value| value <= bound).map(|(step, _)| *step),
            Self::AtLeast(bound) => first(&|value| value >= bound).map(|(step, _)| *step),
            Self::Risen(times) => {
                let mut lowest = f64::INFINITY;
                let risen = measured.iter().find(|(_, value)| {
                    let has_risen = *value >= times * lowest;
                    lowest = lowest.min(*value);
                    has_risen
                });
                risen.map(|(step, _)| *step)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Measurement;

    fn training() -> Training {
        let series = [9.0, 2.0, 3.0, 7.0, 1.0].iter().enumerate().map(|(idx, value)| {
            let epoch = idx as u64 + 1;
            let numbers = [("samples/frechet".to_owned(), *value)].into();
            Measurement { step: 10 * epoch, epoch, numbers }
        });
        Training { series: series.collect(), ..Training::default() }
    }

    fn read(text: &str) -> Option<f64> {
        Asked::of(text).unwrap().read(&training(), "samples/frechet").unwrap()
    }

    #[test]
    fn the_epoch_in_which_something_happens() {
        assert_eq!(read("epoch of lowest"), Some(5.0));
        assert_eq!(read("epoch of 3 times lowest"), Some(4.0));
        assert_eq!(read("epoch of at most 2.5"), Some(2.0));
        assert_eq!(read("epoch of at least 8"), Some(1.0));
        assert_eq!(read("epoch of at least 10"), None);
        assert_eq!(read("lowest"), Some(1.0));
        assert_eq!(read("2 epochs"), Some(2.0));
        assert_eq!(read("9 epochs"), None, "the training is over before");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let complaint = Asked::of("epoch of doom").unwrap_err().to_string();
        assert!(complaint.ends_with("found `doom`"), "{complaint}");
        assert!(Asked::of("best").is_err());
        for text in ["end", "epoch of lowest"] {
            let why = Asked::of(text).unwrap().read(&training(), "samples/frechat").unwrap_err();
            assert!(why.contains("did you mean `samples/frechet`?"), "{why}");
        }
    }
}
