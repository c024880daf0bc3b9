//! Numbers as text: the spellings of what is not finite, read and written.

use serde::Serializer;
use serde_json::{Value, json};

/// The number that a text stands for, in the spellings of Python, C, R and Rust: `nan`, `NaN`,
/// `-nan`, `inf`, `+Inf`, `-Infinity`.
pub(crate) fn parse(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

/// Writes a number; JSON has none that are not finite, so that `"inf"`, `"-inf"` and `"nan"` stand
/// for them, as in `metrics.jsonl`.
pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    match spelled(*number) {
        Some(text) => serializer.serialize_str(text),
        None => serializer.serialize_f64(*number),
    }
}

/// The number as JSON, spelled as by [`serialize`].
pub(crate) fn to_json(number: f64) -> Value {
    spelled(number).map_or_else(|| json!(number), |text| json!(text))
}

/// The number that JSON stands for, if it is one.
pub(crate) fn of_json(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) if ["nan", "inf", "-inf"].contains(&text.as_str()) => parse(text),
        number => number.as_f64(),
    }
}

/// A number for people: four significant digits, and an exponent where it is far from 1.
pub(crate) fn short(number: f64) -> String {
    if let Some(text) = spelled(number) {
        return text.to_owned();
    }
    let size = number.abs();
    if number.fract() == 0.0 && size < 1e6 {
        return format!("{number:.0}");
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{number:.2e}");
    }
    let decimals = 3 - (size.log10().floor() as i32).clamp(0, 3) + i32::from(size < 0.1);
    format!("{number:.*}", usize::try_from(decimals).unwrap_or(0))
}

/// A share for people, in percent.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent.abs() < 1e3 { format!("{percent:.0} %") } else { format!("{} %", short(percent)) }
}

/// The word for a number that is not finite.
fn spelled(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("nan")
    } else if number == f64::INFINITY {
        Some("inf")
    } else {
        (number == f64::NEG_INFINITY).then_some("-inf")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_of_what_is_not_finite_are_read() {
        for text in ["NaN", "nan", " -nan ", "NAN"] {
            assert!(parse(text).unwrap().is_nan(), "{text}");
        }
        for text in ["inf", "+Inf", "Infinity", "INFINITY", " infinity"] {
            assert_eq!(parse(text), Some(f64::INFINITY), "{text}");
        }
        assert_eq!(parse("-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(parse("1e-3"), Some(0.001));
        for text in ["", "n/a", "1,5", "--"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_for_people_are_short() {
        let texts = [0.0, 938.0, 0.000_3, 0.051_23, 0.5, 34.56, 1234.5, 2.5e9, f64::NEG_INFINITY];
        let short = texts.map(short);
        assert_eq!(
            short,
            ["0", "938", "3.00e-4", "0.0512", "0.500", "34.56", "1234", "2.50e9", "-inf"]
        );
    }
}
