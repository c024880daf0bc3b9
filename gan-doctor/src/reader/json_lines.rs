//! One JSON object a line.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::columns::{Columns, Places};
use super::note::{left_out, torn};
use super::recording::{Cell, Recording, Row};
use super::{Reading, text};
use crate::DoctorError;

/// Tokens that Python writes and JSON does not have.
const BARE: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// Reads lines, twice: any of them may bring a new key, and no more of them is kept than the trace.
pub(super) fn read(bytes: &[u8], columns: &Columns) -> Result<Reading, DoctorError> {
    let bytes = text::of_objects(bytes)?;
    let Keys { header, places, mut damaged, nulls, last } = Keys::of(bytes);
    // A last line that was finished is damaged, and not torn.
    let torn_line = damaged.pop_if(|line| *line == last && bytes.last() != Some(&b'\n'));
    if header.is_empty() {
        let why = "no line is a JSON object with a key; expected {\"step\":0,\"critic/loss\":1.4}";
        return Err(DoctorError::Empty { why: why.to_owned() });
    }
    let chosen = columns.resolve(&header)?;
    let mut recording = Recording::new(&chosen, &header);
    for (line, object) in objects(bytes) {
        let Some(object) = object else { continue };
        recording.take(&Row { line, cells: cells(object, &places, &chosen) })?;
    }
    let mut notes: Vec<String> = torn_line.map(torn).into_iter().collect();
    notes.extend(left_out(&damaged, "no JSON object"));
    if nulls > 0 {
        notes.push(format!("{nulls} values are null and were taken as not measured"));
    }
    notes.extend(chosen.notes.iter().cloned());
    Ok(Reading { trace: recording.trace, notes })
}

/// The lines that are not empty, with their numbers, and the objects that they hold.
fn objects(bytes: &[u8]) -> impl Iterator<Item = (u64, Option<Map<String, Value>>)> {
    let lines = (1_u64..).zip(bytes.split(|byte| *byte == b'\n'));
    let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.map(|(number, line)| (number, object(line)))
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
struct Keys {
    header: Vec<String>,
    places: HashMap<String, usize>,
    damaged: Vec<u64>,
    nulls: u64,
    last: u64,
}

impl Keys {
    fn of(bytes: &[u8]) -> Self {
        let mut keys = Self::default();
        for (line, object) in objects(bytes) {
            keys.last = line;
            match object {
                Some(object) => flat(object, &mut |name, value| keys.note(name, &value)),
                None => keys.damaged.push(line),
            }
        }
        keys
    }

    fn note(&mut self, name: String, value: &Value) {
        self.nulls += u64::from(value.is_null());
        let next = self.header.len();
        if !self.places.contains_key(&name) {
            self.header.push(name.clone());
            self.places.insert(name, next);
        }
    }
}

/// The values of an object; those of an object in it have both keys, with a slash between them.
fn flat(object: Map<String, Value>, each: &mut dyn FnMut(String, Value)) {
    for (name, value) in object {
        match value {
            Value::Object(inner) => {
                flat(inner, &mut |key, value| each(format!("{name}/{key}"), value));
            }
            value => each(name, value),
        }
    }
}

/// The cells of an object that are read.
fn cells(
    object: Map<String, Value>,
    places: &HashMap<String, usize>,
    chosen: &Places,
) -> Vec<(usize, Cell)> {
    let mut cells = Vec::new();
    flat(object, &mut |name, value| {
        let cell = match value {
            Value::Number(number) => number.as_f64().map(Cell::Number),
            Value::String(text) => Some(Cell::of_text(&text)),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let place = places.get(&name).copied().filter(|place| chosen.reads(*place));
        cells.extend(place.zip(cell));
    });
    cells
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
