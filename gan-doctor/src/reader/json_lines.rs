//! One JSON object a line.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::table::{Cell, Row, Table, left_out, torn};
use crate::DoctorError;

/// Tokens that Python writes and JSON does not have.
const BARE: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// Parses lines.
pub(super) fn parse(bytes: &[u8]) -> Result<Table, DoctorError> {
    let mut columns = Columns::default();
    let (mut rows, mut damaged, mut nulls) = (Vec::new(), Vec::new(), 0_u64);
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim_ascii().is_empty())
    {
        let number = index as u64 + 1;
        match object(line) {
            Some(object) => {
                nulls += object.values().filter(|value| value.is_null()).count() as u64;
                rows.push(Row { line: number, cells: columns.cells(object) });
            }
            None => damaged.push(number),
        }
    }
    let torn_line = damaged.pop_if(|line| *line == lines.len() as u64);
    if rows.is_empty() {
        return Err(DoctorError::Empty { why: "no line is a JSON object".to_owned() });
    }
    let mut notes: Vec<String> = torn_line.map(torn).into_iter().collect();
    notes.extend(left_out(&damaged, "no JSON object"));
    if nulls > 0 {
        notes.push(format!("{nulls} values are null and were taken as not measured"));
    }
    Ok(Table { header: columns.header, rows, notes })
}

/// The object of a line, if it is one; Python's bare tokens are quoted first where it is not.
fn object(line: &[u8]) -> Option<Map<String, Value>> {
    let text = String::from_utf8_lossy(line);
    serde_json::from_str(&text).or_else(|_| serde_json::from_str(&quoted(&text))).ok()
}

/// The text with bare tokens in quotes, those inside of texts excepted.
fn quoted(text: &str) -> String {
    let (mut result, mut rest, mut is_text) = (String::with_capacity(text.len()), text, false);
    while let Some(next) = rest.chars().next() {
        let token = BARE.iter().find(|token| !is_text && rest.starts_with(**token));
        let n = match (token, next) {
            (Some(token), _) => {
                result += &format!("\"{token}\"");
                token.len()
            }
            (None, '\\') if is_text => {
                let n = rest.chars().take(2).map(char::len_utf8).sum();
                result += &rest[..n];
                n
            }
            (None, _) => {
                is_text ^= next == '"';
                result.push(next);
                next.len_utf8()
            }
        };
        rest = &rest[n..];
    }
    result
}

/// The keys of all lines, as columns.
#[derive(Default)]
struct Columns {
    header: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    fn cells(&mut self, object: Map<String, Value>) -> Vec<(usize, Cell)> {
        let cell = |value: Value| match value {
            Value::Number(number) => number.as_f64().map(Cell::Number),
            Value::String(text) => Some(Cell::of_text(&text)),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let cells =
            object.into_iter().filter_map(|(name, value)| Some((self.place(name), cell(value)?)));
        cells.collect()
    }

    fn place(&mut self, name: String) -> usize {
        let next = self.header.len();
        let place = *self.places.entry(name.clone()).or_insert(next);
        if place == next {
            self.header.push(name);
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_tokens_are_quoted_outside_of_texts_only() {
        let text = r#"{"a":NaN,"NaN \" NaN":-Infinity,"b":[Infinity]}"#;
        assert_eq!(quoted(text), r#"{"a":"NaN","NaN \" NaN":"-Infinity","b":["Infinity"]}"#);
        assert_eq!(quoted("\"ends with \\"), "\"ends with \\");
    }
}
