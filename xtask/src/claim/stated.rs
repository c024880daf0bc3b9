//! A claim, checked to be complete.

use std::fmt;
use std::num::NonZeroU32;

use super::Moment;

/// What is said of an experiment's results.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    /// What pages call it.
    pub(crate) id: Option<String>,
    /// One sentence.
    pub(crate) says: String,
    /// What is read, and of which run.
    pub(crate) reading: Reading,
    /// What has to be true of it.
    pub(crate) condition: Condition,
    /// On how many seeds at least; on all of the run's if there is no number.
    pub(crate) seeds: Option<NonZeroU32>,
    /// What was claimed before the claim was rewritten after a run.
    pub(crate) first: Option<First>,
}

/// A quantity of a run, at a moment of its training.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// The run; none where the quantity is a figure of the whole experiment.
    pub(crate) run: Option<String>,
    /// A key of its numbers.
    pub(crate) quantity: String,
    /// When.
    pub(crate) at: Moment,
}

/// What has to be true.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// Of every seed.
    Bound(Bound),
    /// Of every seed, against what the same seed has elsewhere.
    Beside {
        /// On which side of it.
        side: Side,
        /// Of what.
        other: Other,
    },
    /// Of all seeds together, against those of another run, by the exact rank-sum test.
    Test {
        /// On which side of the other run.
        side: Side,
        /// Of what.
        other: Other,
        /// The largest p at which it is taken as shown.
        level: f64,
    },
    /// Of all seeds together: not told apart from another run, two-sided.
    Like {
        /// From what.
        other: Other,
        /// A p at most that large tells them apart.
        level: f64,
    },
    /// Of every seed: the rank correlation with another quantity over its measurements.
    Correlation {
        /// The other quantity.
        quantity: String,
        /// Of the correlation.
        bound: Bound,
    },
}

/// A limit of one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    /// It is this or more.
    AtLeast(f64),
    /// It is this or less.
    AtMost(f64),
}

/// A direction of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Side {
    /// More than the other.
    Higher,
    /// Less than the other.
    Lower,
}

/// What a reading is compared with: the same one, but for what is named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Other {
    /// Its run, quantity and moment.
    pub(crate) reading: Reading,
    /// What it is multiplied by before the comparison.
    pub(crate) times: f64,
}

/// A claim as it was first made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct First {
    /// Its sentence.
    pub(crate) says: String,
    /// Why it was rewritten.
    pub(crate) why: String,
    /// Its condition, where it had one.
    pub(crate) claim: Option<Box<Claim>>,
}

impl Claim {
    /// The claim, and its first version where that can be checked.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &Self> {
        let first = self.first.as_ref().and_then(|first| first.claim.as_deref());
        [self].into_iter().chain(first)
    }

    /// Everything that it reads of runs.
    pub(crate) fn runs(&self) -> impl Iterator<Item = &str> {
        let other = match &self.condition {
            Condition::Beside { other, .. }
            | Condition::Test { other, .. }
            | Condition::Like { other, .. } => other.reading.run.as_deref(),
            Condition::Bound(_) | Condition::Correlation { .. } => None,
        };
        self.reading.run.as_deref().into_iter().chain(other)
    }
}

impl Bound {
    /// Whether a number is within it; NaN is not.
    pub(crate) fn admits(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }
}

impl Side {
    /// Whether `value` lies on this side of `other`; NaN lies on none.
    pub(crate) fn holds(self, value: f64, other: f64) -> bool {
        match self {
            Self::Higher => value > other,
            Self::Lower => value < other,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "at least {bound}"),
            Self::AtMost(bound) => write!(f, "at most {bound}"),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
        })
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(run) = &self.run else { return f.write_str(&self.quantity) };
        write!(f, "{} of {run} {}", self.quantity, self.at)
    }
}
