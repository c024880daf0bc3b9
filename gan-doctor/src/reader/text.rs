//! What a file is, before it is read: a table, objects, or something else.

use crate::DoctorError;

/// The bytes of a table without their byte order mark.
pub(super) fn of_table(bytes: &[u8]) -> Result<&[u8], DoctorError> {
    let bytes = of_text(bytes)?;
    match bytes.trim_ascii_start().first() {
        Some(b'{' | b'[') => Err(other("a table with a header", "JSON", "read it as JSON lines")),
        _ => Ok(bytes),
    }
}

/// The bytes of lines of objects without their byte order mark.
pub(super) fn of_objects(bytes: &[u8]) -> Result<&[u8], DoctorError> {
    let bytes = of_text(bytes)?;
    match bytes.trim_ascii_start().first() {
        Some(b'[') => Err(other(
            "one JSON object a line",
            "a JSON array",
            "write each of its objects on a line of its own",
        )),
        Some(b'{') | None => Ok(bytes),
        Some(_) => Err(other("one JSON object a line", "other text", "read it as a table (CSV)")),
    }
}

/// Text in UTF-8, or in whatever has ASCII in it: what is not read need not be.
fn of_text(bytes: &[u8]) -> Result<&[u8], DoctorError> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(other("text in UTF-8", "UTF-16", "save it as UTF-8"));
    }
    if bytes.trim_ascii().is_empty() {
        let why = "the file is empty; expected a line for each step".to_owned();
        return Err(DoctorError::Empty { why });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().take(4096).any(|byte| *byte == 0) {
        return Err(other("text", "a binary file", "export the numbers as CSV or JSON lines"));
    }
    Ok(bytes)
}

fn other(expected: &'static str, found: &'static str, mend: &'static str) -> DoctorError {
    DoctorError::Format { expected, found, mend }
}
