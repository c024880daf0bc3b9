//! Numbers in a run's files: JSON has none for the infinite, so `"inf"`, `"-inf"` and `"nan"` stand for them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A number, finite or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number(pub(crate) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let number = match &value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => not_finite(text),
            _ => None,
        };
        let no_number =
            || D::Error::custom(format!("expected a number, inf, -inf or nan, found {value}"));
        number.map(Self).ok_or_else(no_number)
    }
}

fn not_finite(text: &str) -> Option<f64> {
    ["inf", "-inf", "nan"].contains(&text).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_names_are_read() {
        let numbers: Vec<Number> =
            serde_json::from_str(r#"[1, -2.5e-300, "inf", "-inf", "nan"]"#).unwrap();
        let [one, small, inf, minus_inf, nan] = numbers[..] else { panic!("five numbers") };
        assert_eq!((one.0, small.0), (1.0, -2.5e-300));
        assert_eq!((inf.0, minus_inf.0), (f64::INFINITY, f64::NEG_INFINITY));
        assert!(nan.0.is_nan());
        for other in ["null", "true", "\"1\"", "\"infinity\"", "[1]"] {
            assert!(serde_json::from_str::<Number>(other).is_err(), "{other}");
        }
    }
}
