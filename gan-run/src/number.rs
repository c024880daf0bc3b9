//! Numbers in the files of a run, and for its readers.
//!
//! JSON has no number for the infinite: `"inf"`, `"-inf"` and `"nan"` stand for them, as Python's
//! `float()` and Rust's `parse` read them. No number ever becomes `null`.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

/// A number, finite or not, as files have it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match word(self.0) {
            Some(word) => serializer.serialize_str(word),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let no_number =
            || D::Error::custom(format!("expected a number, inf, -inf or nan, found {value}"));
        of_json(&value).map(Self).ok_or_else(no_number)
    }
}

/// The number as JSON.
#[must_use]
pub fn to_json(number: f64) -> Value {
    word(number).map_or_else(|| json!(number), |word| json!(word))
}

/// The number that JSON stands for, if it is one.
#[must_use]
pub fn of_json(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if ["inf", "-inf", "nan"].contains(&text.as_str()) => text.parse().ok(),
        _ => None,
    }
}

/// The word for a number that is not finite.
fn word(number: f64) -> Option<&'static str> {
    match number {
        _ if number.is_finite() => None,
        _ if number.is_nan() => Some("nan"),
        _ => Some(if number > 0.0 { "inf" } else { "-inf" }),
    }
}

/// A number with four digits that count, and an exponent where it is far from 1.
///
/// # Example
/// ```
/// use gan_run::short;
///
/// assert_eq!([0.337_12, 28.667, 12_345.6].map(short), ["0.3371", "28.67", "12346"]);
/// assert_eq!([0.0, 2.5e-7, f64::INFINITY].map(short), ["0", "2.500e-7", "inf"]);
/// ```
#[must_use]
pub fn short(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if !number.is_finite() {
        return number.to_string();
    }
    if !(1e-3..1e5).contains(&size) {
        return format!("{number:.3e}");
    }
    let decimals = (3.0 - size.log10().floor()).max(0.0) as usize;
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives() {
        for number in [0.0, -1.5, 1e308, -2.5e-300, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(of_json(&to_json(number)), Some(number));
            let text = serde_json::to_string(&Number(number)).unwrap();
            assert_eq!(serde_json::from_str::<Number>(&text).unwrap(), Number(number));
        }
        assert!(of_json(&to_json(f64::NAN)).unwrap().is_nan());
        for other in ["null", "true", "\"1\"", "\"infinity\"", "[1]"] {
            assert!(serde_json::from_str::<Number>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn numbers_have_four_digits() {
        let cases = [
            (-0.0, "0"),
            (10.621_766, "10.62"),
            (-0.012_34, "-0.01234"),
            (99_999.0, "99999"),
            (123_456.0, "1.235e5"),
            (1.714e-13, "1.714e-13"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "NaN"),
        ];
        for (number, text) in cases {
            assert_eq!(short(number), text);
        }
    }
}
