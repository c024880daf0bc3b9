//! The one error type of the crate.

/// Why a divergence could not be computed.
///
/// A value that is mathematically infinite is returned as `f64::INFINITY`, never as an error.
/// Errors are about input that has no divergence at all.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DivergenceError {
    /// There is nothing to compare.
    #[error("{what} is empty")]
    Empty {
        /// The argument.
        what: &'static str,
    },
    /// Two arguments must have the same length.
    #[error("{what} has {found} entries, expected {expected}")]
    LengthMismatch {
        /// The argument.
        what: &'static str,
        /// The length it should have.
        expected: usize,
        /// The length it has.
        found: usize,
    },
    /// Two sets of points live in different spaces.
    #[error("{what} has points of dimension {found}, expected {expected}")]
    DimensionMismatch {
        /// The argument.
        what: &'static str,
        /// The dimension it should have.
        expected: usize,
        /// The dimension it has.
        found: usize,
    },
    /// An entry is NaN or infinite.
    #[error("entry {index} of {what} is {value}, expected a finite number")]
    NotFinite {
        /// The argument.
        what: &'static str,
        /// The position in the flat slice.
        index: usize,
        /// The entry.
        value: f64,
    },
    /// A mass or weight is negative.
    #[error("entry {index} of {what} is {value}, expected no negative mass")]
    Negative {
        /// The argument.
        what: &'static str,
        /// The position.
        index: usize,
        /// The entry.
        value: f64,
    },
    /// Masses do not sum to one.
    #[error("the masses sum to {sum}, expected 1 within {tolerance}")]
    NotNormalized {
        /// The sum found.
        sum: f64,
        /// How far from 1 it may lie.
        tolerance: f64,
    },
    /// All masses are zero, or their sum overflows, so that they cannot be normalized.
    #[error("{what} sums to {total}, which cannot be normalized")]
    Total {
        /// The argument.
        what: &'static str,
        /// The sum found.
        total: f64,
    },
    /// A parameter lies outside its range.
    #[error("{parameter} is {found}, expected {expected}")]
    OutOfRange {
        /// The parameter.
        parameter: &'static str,
        /// Its range, in words.
        expected: &'static str,
        /// The value given.
        found: f64,
    },
    /// The median distance, which a bandwidth was to be taken from, is 0, as most points are the
    /// same: the bandwidth must be given.
    #[error("the median distance is 0")]
    NoBandwidth,
    /// Too few samples for the estimator.
    #[error("{what} has {found} samples, expected at least {minimum}")]
    TooFew {
        /// The argument.
        what: &'static str,
        /// The least number that works.
        minimum: usize,
        /// The number given.
        found: usize,
    },
    /// More samples than an exact solver accepts.
    #[error("{what} has {found} samples, expected at most {maximum}")]
    TooMany {
        /// The argument.
        what: &'static str,
        /// The greatest number accepted.
        maximum: usize,
        /// The number given.
        found: usize,
    },
    /// A covariance is not positive definite.
    #[error("{what} is not positive definite: pivot {index} is {value}")]
    NotPositiveDefinite {
        /// The argument.
        what: &'static str,
        /// The row of the failing pivot.
        index: usize,
        /// The pivot.
        value: f64,
    },
    /// A covariance is not symmetric.
    #[error("{what} differs from its transpose by {difference} at row {row}, column {column}")]
    NotSymmetric {
        /// The argument.
        what: &'static str,
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The absolute difference.
        difference: f64,
    },
    /// A name that the catalog does not hold.
    #[error("no divergence is called {name:?}")]
    UnknownName {
        /// The name given.
        name: String,
    },
    /// An option that the divergence does not have.
    #[error("unknown option {option:?}, expected one of: {known}")]
    UnknownOption {
        /// The key given.
        option: String,
        /// The keys there are, separated by commas.
        known: String,
    },
    /// An option whose value cannot be read.
    #[error("option {option} is {found:?}, expected {expected}")]
    OptionValue {
        /// The key.
        option: &'static str,
        /// What the value may be, in words.
        expected: &'static str,
        /// The value given.
        found: String,
    },
    /// Input of the wrong kind for the divergence.
    #[error("{name} compares {expected}, found {found}")]
    InputKind {
        /// The divergence.
        name: &'static str,
        /// The kind that it takes.
        expected: &'static str,
        /// The kind given.
        found: &'static str,
    },
}

/// Checks that every entry is a finite number.
pub(crate) fn ensure_finite(what: &'static str, values: &[f64]) -> Result<(), DivergenceError> {
    // Without an early exit the check runs in vector registers.
    if values.iter().fold(true, |all, v| all & v.is_finite()) {
        return Ok(());
    }
    match values.iter().position(|v| !v.is_finite()) {
        Some(index) => Err(DivergenceError::NotFinite { what, index, value: values[index] }),
        None => Ok(()),
    }
}

/// Checks that there is at least one entry.
pub(crate) fn ensure_some(what: &'static str, len: usize) -> Result<(), DivergenceError> {
    if len == 0 { Err(DivergenceError::Empty { what }) } else { Ok(()) }
}

/// Checks a length against the one expected.
pub(crate) fn ensure_len(
    what: &'static str,
    expected: usize,
    found: usize,
) -> Result<(), DivergenceError> {
    if expected == found {
        Ok(())
    } else {
        Err(DivergenceError::LengthMismatch { what, expected, found })
    }
}

/// Checks a number of samples against the least that works.
pub(crate) fn ensure_at_least(
    what: &'static str,
    minimum: usize,
    found: usize,
) -> Result<(), DivergenceError> {
    if found < minimum { Err(DivergenceError::TooFew { what, minimum, found }) } else { Ok(()) }
}

/// Checks a parameter against a condition that is spelled out in words.
pub(crate) fn ensure_range(
    holds: bool,
    parameter: &'static str,
    expected: &'static str,
    found: f64,
) -> Result<(), DivergenceError> {
    if holds { Ok(()) } else { Err(DivergenceError::OutOfRange { parameter, expected, found }) }
}
