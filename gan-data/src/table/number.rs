//! Precisions: those that files have, and those that they are read in.

use std::str::FromStr;

/// The precision in which a file holds its numbers, for tolerances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Whole numbers or booleans, which are exact.
    Integer,
    /// Half precision, `float16`.
    Half,
    /// Single precision, `float32`.
    Single,
    /// Double precision, `float64`.
    Double,
    /// Text, which as a rule was printed from single precision.
    #[default]
    Text,
}

impl Precision {
    /// The distance from 1 to the next number of this precision; 0 for whole numbers.
    pub fn epsilon(self) -> f64 {
        match self {
            Self::Integer => 0.0,
            Self::Half => 1.0 / 1024.0,
            Self::Single | Self::Text => f32::EPSILON.into(),
            Self::Double => f64::EPSILON,
        }
    }
}

/// The precisions that a file can be read in.
pub(crate) trait Number: FromStr + Copy {
    /// What the precision is called.
    const NAME: &'static str;

    /// The nearest number to a double; infinite where there is none.
    fn from_double(value: f64) -> Self;

    /// The nearest number to a whole one.
    fn from_integer(value: i128) -> Self;

    /// The number as a double, exactly.
    fn to_double(self) -> f64;

    /// Whether it is neither infinite nor not a number.
    fn is_finite_number(self) -> bool {
        self.to_double().is_finite()
    }
}

impl Number for f32 {
    const NAME: &'static str = "f32";

    fn from_double(value: f64) -> Self {
        value as Self
    }

    fn from_integer(value: i128) -> Self {
        value as Self
    }

    fn to_double(self) -> f64 {
        self.into()
    }
}

impl Number for f64 {
    const NAME: &'static str = "f64";

    fn from_double(value: f64) -> Self {
        value
    }

    fn from_integer(value: i128) -> Self {
        value as Self
    }

    fn to_double(self) -> f64 {
        self
    }
}
