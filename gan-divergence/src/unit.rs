//! The unit of an information quantity.

use std::f64::consts::{LN_2, LN_10};

/// The unit of a logarithm. Every function of this crate returns nats.
///
/// # Example
/// ```
/// use gan_divergence::LogBase;
/// assert!((LogBase::Bits.convert(std::f64::consts::LN_2) - 1.0).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogBase {
    /// Natural logarithms.
    #[default]
    Nats,
    /// Base 2, the unit of `dit` and of most texts on coding.
    Bits,
    /// Base 10, also called bans or dits.
    Hartleys,
}

impl LogBase {
    /// All units, in the order of the enum.
    pub const ALL: [Self; 3] = [Self::Nats, Self::Bits, Self::Hartleys];

    /// Converts a value in nats to this unit.
    ///
    /// `value / ln b`. The square root of a divergence in nats, such as
    /// [`js_distance`](crate::discrete::js_distance), is divided by `√(ln b)` instead: convert before the
    /// root is taken.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::LogBase;
    /// assert!((LogBase::Hartleys.convert(10f64.ln()) - 1.0).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn convert(self, nats: f64) -> f64 {
        match self {
            Self::Nats => nats,
            Self::Bits => nats / LN_2,
            Self::Hartleys => nats / LN_10,
        }
    }

    /// The name of the unit: `nats`, `bits` or `hartleys`.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::LogBase::Bits.name(), "bits");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nats => "nats",
            Self::Bits => "bits",
            Self::Hartleys => "hartleys",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_is_ln_2_nats_and_a_third_of_a_hartley_or_so() {
        assert_eq!(LogBase::Nats.convert(LN_2), LN_2);
        assert!((LogBase::Bits.convert(LN_2) - 1.0).abs() < 1e-15);
        assert!((LogBase::Hartleys.convert(LN_2) - std::f64::consts::LOG10_2).abs() < 1e-15);
    }

    #[test]
    fn names_are_distinct() {
        let names = LogBase::ALL.map(LogBase::name);
        assert_eq!(names, ["nats", "bits", "hartleys"]);
    }
}
