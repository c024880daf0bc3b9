//! Lengths of training, in steps or in epochs, and the progress that they are read on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A length of training: "2000 steps" or "30 epochs".
///
/// A step is one generator update with the critic updates before it. An epoch is as many steps
/// as it takes to see the data once.
///
/// # Example
/// ```
/// use gan_core::progress::Span;
/// assert_eq!("30 epochs".parse::<Span>().unwrap(), Span::Epochs(30));
/// assert_eq!("1 step".parse::<Span>().unwrap().to_string(), "1 step");
/// assert!("fortnight".parse::<Span>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Generator updates.
    Steps(u64),
    /// Passes over the data.
    Epochs(u64),
}

/// A text that is not a [`Span`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a length such as \"2000 steps\" or \"30 epochs\", found {found:?}")]
pub struct SpanError {
    /// The text.
    pub found: String,
}

impl Span {
    /// The length in steps, at most `u64::MAX`.
    pub fn steps(self, steps_per_epoch: u64) -> u64 {
        match self {
            Self::Steps(steps) => steps,
            Self::Epochs(epochs) => epochs.saturating_mul(steps_per_epoch),
        }
    }

    /// Whether a cadence of this length falls on `progress`. A length of 0 never does.
    pub fn falls_on(self, progress: Progress) -> bool {
        let every = self.steps(progress.steps_per_epoch);
        every > 0 && progress.step.is_multiple_of(every)
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let error = || SpanError { found: text.to_owned() };
        let (count, unit) = text.trim().split_once(' ').ok_or_else(error)?;
        let count = count.replace('_', "").parse().map_err(|_| error())?;
        match unit.trim() {
            "step" | "steps" => Ok(Self::Steps(count)),
            "epoch" | "epochs" => Ok(Self::Epochs(count)),
            _ => Err(error()),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::Steps(count) => (count, "step"),
            Self::Epochs(count) => (count, "epoch"),
        };
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

/// How far a game has come.
#[doc(alias = "Clock")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Generator updates made.
    pub step: u64,
    /// Generator updates in one pass over the data, at least 1.
    pub steps_per_epoch: u64,
}

impl Progress {
    /// Passes over the data that have been completed.
    pub fn epochs(self) -> u64 {
        self.step / self.steps_per_epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_survive_a_round_trip_through_text() {
        for span in [Span::Steps(0), Span::Steps(1), Span::Steps(2_000), Span::Epochs(30)] {
            assert_eq!(span.to_string().parse::<Span>(), Ok(span));
        }
        assert_eq!("10_000 steps".parse::<Span>(), Ok(Span::Steps(10_000)));
    }

    #[test]
    fn texts_that_are_no_span_say_what_was_found() {
        for text in ["", "30", "epochs", "-1 steps", "2.5 epochs", "3 days"] {
            let error = text.parse::<Span>().unwrap_err().to_string();
            assert!(error.ends_with(&format!("found {text:?}")), "{error}");
        }
    }

    #[test]
    fn a_cadence_falls_on_its_multiples_and_a_zero_one_never() {
        let at = |step| Progress { step, steps_per_epoch: 7 };
        assert!(Span::Steps(5).falls_on(at(10)) && !Span::Steps(5).falls_on(at(11)));
        assert!(Span::Epochs(2).falls_on(at(28)) && !Span::Epochs(2).falls_on(at(21)));
        assert!(!Span::Steps(0).falls_on(at(0)));
    }
}
