//! The inputs that a divergence takes when it is called by name.

use crate::error::DivergenceError;
use crate::points::Points;

/// Two parsed inputs of one kind.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Probability masses over the same outcomes.
    Masses {
        /// The first distribution.
        p: &'a [f64],
        /// The second distribution.
        q: &'a [f64],
    },
    /// Points in one space: `p` or real, then `q` or fake.
    Points {
        /// The first sample.
        p: Points<'a>,
        /// The second sample.
        q: Points<'a>,
    },
    /// A critic's scores, or log density ratios.
    Scores {
        /// On real samples.
        real: &'a [f64],
        /// On fake samples.
        fake: &'a [f64],
    },
    /// A classifier's logits, one row a sample.
    Logits {
        /// Of real samples.
        real: Points<'a>,
        /// Of fake samples.
        fake: Points<'a>,
    },
}

/// The kinds of [`Input`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Probability masses.
    Masses,
    /// Points in space.
    Points,
    /// A critic's scores.
    Scores,
    /// A classifier's logits.
    Logits,
}

impl InputKind {
    /// What the kind is called.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::catalog::InputKind::Masses.name(), "masses");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Masses => "masses",
            Self::Points => "points",
            Self::Scores => "scores",
            Self::Logits => "logits",
        }
    }
}

impl<'a> Input<'a> {
    /// The kind of this input.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::catalog::{Input, InputKind};
    /// let input = Input::Scores { real: &[1.0], fake: &[0.0] };
    /// assert_eq!(input.kind(), InputKind::Scores);
    /// ```
    #[must_use]
    pub fn kind(&self) -> InputKind {
        match self {
            Self::Masses { .. } => InputKind::Masses,
            Self::Points { .. } => InputKind::Points,
            Self::Scores { .. } => InputKind::Scores,
            Self::Logits { .. } => InputKind::Logits,
        }
    }

    /// Two sets of rows.
    pub(super) fn rows(&self) -> Result<(Points<'a>, Points<'a>), DivergenceError> {
        match self {
            Self::Points { p, q } | Self::Logits { real: p, fake: q } => Ok((*p, *q)),
            _ => Err(self.unexpected("points")),
        }
    }

    /// Two plain lists.
    pub(super) fn lists(&self) -> Result<(&'a [f64], &'a [f64]), DivergenceError> {
        match self {
            Self::Masses { p, q } | Self::Scores { real: p, fake: q } => Ok((p, q)),
            _ => Err(self.unexpected("lists")),
        }
    }

    fn unexpected(&self, expected: &'static str) -> DivergenceError {
        DivergenceError::InputKind { name: "this divergence", expected, found: self.kind().name() }
    }
}
