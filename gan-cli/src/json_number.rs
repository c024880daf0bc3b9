//! Numbers in JSON, which has none for the infinite: `"inf"`, `"-inf"` and `"nan"` stand for them,
//! as Python's `float()` and Rust's `parse` read them. No number ever becomes `null`.

use serde_json::{Value, json};

/// The number as JSON.
pub(crate) fn to_json(number: f64) -> Value {
    if number.is_finite() {
        json!(number)
    } else if number.is_nan() {
        json!("nan")
    } else {
        json!(if number > 0.0 { "inf" } else { "-inf" })
    }
}

/// The number that JSON stands for, if it is one.
pub(crate) fn of_json(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if ["inf", "-inf", "nan"].contains(&text.as_str()) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives() {
        for number in [0.0, -1.5, 1e308, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(of_json(&to_json(number)), Some(number));
        }
        assert!(of_json(&to_json(f64::NAN)).unwrap().is_nan());
        for other in [json!(null), json!("infinite"), json!([1.0]), json!(true)] {
            assert_eq!(of_json(&other), None);
        }
    }
}
