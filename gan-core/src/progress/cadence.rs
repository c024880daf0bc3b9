//! Cadences: every N steps, every N epochs, or never.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::progress::{Progress, Span, SpanError};

/// How often something is done: every N steps, every N epochs, or never. Written `"50 steps"`,
/// `"1 epoch"`, `"never"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Cadence {
    /// Not at all, or only where it is always done, such as at the end.
    #[default]
    Never,
    /// At every multiple of the span.
    Every(Span),
}

impl Cadence {
    /// Whether it falls on the step.
    pub fn falls_on(self, progress: Progress) -> bool {
        match self {
            Self::Never => false,
            Self::Every(span) => span.falls_on(progress),
        }
    }
}

impl From<Span> for Cadence {
    fn from(span: Span) -> Self {
        Self::Every(span)
    }
}

impl FromStr for Cadence {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        match text.trim() {
            "never" => Ok(Self::Never),
            other => other.parse().map(Self::Every),
        }
    }
}

impl TryFrom<String> for Cadence {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Cadence> for String {
    fn from(cadence: Cadence) -> Self {
        cadence.to_string()
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Every(span) => span.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_is_a_cadence_and_falls_on_no_step() {
        assert_eq!("never".parse(), Ok(Cadence::Never));
        assert_eq!("2 epochs".parse(), Ok(Cadence::Every(Span::Epochs(2))));
        assert_eq!(Cadence::Never.to_string(), "never");
        assert!(!Cadence::Never.falls_on(Progress { step: 10, steps_per_epoch: 5 }));
        let refused = "sometimes".parse::<Cadence>().unwrap_err().to_string();
        assert!(refused.contains("sometimes"), "{refused}");
    }
}
