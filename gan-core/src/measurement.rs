//! Metrics, as named measurements of a game: what is measured, in which unit, and which direction is better.

use std::borrow::Cow;
use std::fmt;

/// Which values of a quantity are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smaller ones.
    Lower,
    /// Larger ones.
    Higher,
}

/// Something that can be measured of a game.
///
/// # Example
/// ```
/// use gan_core::measurement::{Direction, Quantity};
///
/// const FRECHET: Quantity = Quantity::new("samples/frechet", "1").better(Direction::Lower);
/// assert!(FRECHET.improves(3.0, Some(4.0)));
/// assert!(!FRECHET.improves(f64::NAN, Some(4.0)));
/// assert_eq!(FRECHET.measured(3.0).value, 3.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// A path: what it is about, a slash, what it is. `critic/loss`, `samples/sliced_w2`.
    pub name: &'static str,
    /// The unit, in words or as a symbol; `1` for a number without one.
    pub unit: &'static str,
    /// Which values are better; `None` if neither larger nor smaller ones are.
    pub better: Option<Direction>,
}

impl Quantity {
    /// A quantity of which neither direction is better.
    pub const fn new(name: &'static str, unit: &'static str) -> Self {
        Self { name, unit, better: None }
    }

    /// The same quantity, of which one direction is better.
    #[must_use]
    pub const fn better(self, direction: Direction) -> Self {
        Self { better: Some(direction), ..self }
    }

    /// Its value.
    pub const fn measured(self, value: f64) -> Measurement {
        Measurement { quantity: self, value, of_real: None, standard_error: None }
    }

    /// Whether `value` is better than the best so far. A value that is not a number never is, and
    /// neither is any of a quantity without a better direction.
    pub fn improves(self, value: f64, best: Option<f64>) -> bool {
        self.improves_by(0.0, value, best)
    }

    /// Whether `value` is better than the best so far by more than `least`, from 0 up.
    pub fn improves_by(self, least: f64, value: f64, best: Option<f64>) -> bool {
        let Some(direction) = self.better else { return false };
        let Some(best) = best else { return !value.is_nan() };
        match direction {
            Direction::Lower => value < best - least,
            Direction::Higher => value > best + least,
        }
    }
}

/// A value of a [`Quantity`].
#[doc(alias = "Metric")]
#[doc(alias = "Measures")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub quantity: Quantity,
    /// The value; it may be infinite or not a number.
    pub value: f64,
    /// The same of real samples, where that exists: what a perfect generator would score.
    pub of_real: Option<f64>,
    /// The standard error of the value, where it is known.
    pub standard_error: Option<f64>,
}

impl Measurement {
    /// The same measurement beside that of real samples.
    #[must_use]
    pub const fn of_real(self, value: f64) -> Self {
        Self { of_real: Some(value), ..self }
    }

    /// The same measurement with its standard error.
    #[must_use]
    pub const fn standard_error(self, error: Option<f64>) -> Self {
        Self { standard_error: error, ..self }
    }

    /// Its numbers by name: `NAME`, then `NAME/of_real` and `NAME/standard_error` where they are
    /// known. Files and tables have them under these.
    pub fn named(&self) -> impl Iterator<Item = (Cow<'static, str>, f64)> {
        let name = self.quantity.name;
        let beside = |part: &str, value: Option<f64>| {
            value.map(|value| (Cow::Owned(format!("{name}/{part}")), value))
        };
        let real = beside("of_real", self.of_real);
        let error = beside("standard_error", self.standard_error);
        std::iter::once((Cow::Borrowed(name), self.value)).chain(real).chain(error)
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.quantity.name, self.value)
    }
}
