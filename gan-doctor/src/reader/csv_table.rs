//! Tables with a header.

use super::table::{Cell, Row, Table, left_out, torn};
use crate::DoctorError;

/// What separates cells, if the header has more of it than of the others.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Parses a table.
pub(super) fn parse(bytes: &[u8]) -> Result<Table, DoctorError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
    let header = reader.byte_headers().map_err(|error| unreadable(&error))?.clone();
    let header: Vec<String> = header.iter().map(text).collect();
    let is_finished = bytes.last() == Some(&b'\n');
    let (mut rows, mut damaged) = (Vec::new(), Vec::new());
    for record in reader.byte_records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() == header.len() {
            let cells = record.iter().enumerate().filter(|(_, cell)| !cell.trim_ascii().is_empty());
            let cells = cells.map(|(index, cell)| (index, Cell::of_text(&text(cell)))).collect();
            rows.push(Row { line, cells });
        } else {
            damaged.push(line);
        }
    }
    let last = rows.last().map_or(0, |row| row.line);
    let torn_line = damaged.pop_if(|line| !is_finished && *line > last);
    let why = format!("the header has {} cells, they have another number", header.len());
    let notes = torn_line.map(torn).into_iter().chain(left_out(&damaged, &why)).collect();
    if rows.is_empty() {
        return Err(DoctorError::Empty {
            why: "the table has a header and no line below it".to_owned(),
        });
    }
    Ok(Table { header, rows, notes })
}

fn unreadable(error: &csv::Error) -> DoctorError {
    DoctorError::Empty { why: error.to_string() }
}

/// The one that the first line has most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| first.iter().filter(|byte| **byte == delimiter).count();
    let [comma, others @ ..] = DELIMITERS;
    others
        .into_iter()
        .fold(comma, |best, other| if count(other) > count(best) { other } else { best })
}
