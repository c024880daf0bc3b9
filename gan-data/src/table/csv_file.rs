//! Reading a table of numbers from CSV.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::Number;
use crate::DataError;

/// The number of columns and all values, row by row.
pub(crate) fn read<T: Number>(path: &Path) -> Result<(usize, Vec<T>), DataError> {
    let text =
        std::fs::read(path).map_err(|source| DataError::Read { path: path.into(), source })?;
    let mut records = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_slice());
    let (mut dim, mut values) = (None, Vec::new());
    for (i, record) in records.records().enumerate() {
        let record = record.map_err(|source| DataError::Csv { path: path.into(), source })?;
        let expected = *dim.get_or_insert(record.len());
        if i == 0 && is_header(&record) {
            continue;
        }
        let row = Row { path, text: &text, record: &record };
        row.check_columns(expected)?;
        for column in 0..expected {
            values.push(row.number(column)?);
        }
    }
    if values.is_empty() {
        let expected = "a line of numbers for each point";
        return Err(DataError::Empty { path: path.into(), expected });
    }
    Ok((dim.unwrap_or(0), values))
}

fn is_header(record: &StringRecord) -> bool {
    record.iter().all(|cell| cell.parse::<f64>().is_err())
}

/// A row with what its errors must name.
struct Row<'a> {
    path: &'a Path,
    text: &'a [u8],
    record: &'a StringRecord,
}

impl Row<'_> {
    fn check_columns(&self, expected: usize) -> Result<(), DataError> {
        let (path, line, found) = (self.path.into(), self.line(), self.record.len());
        if found == expected {
            return Ok(());
        }
        Err(DataError::CsvRagged { path, line, expected, found })
    }

    fn number<T: Number>(&self, column: usize) -> Result<T, DataError> {
        let cell = &self.record[column];
        let number = cell.parse().ok().filter(|number: &T| number.is_finite_number());
        number.ok_or_else(|| DataError::CsvCell {
            path: self.path.into(),
            line: self.line(),
            column: column + 1,
            found: cell.into(),
        })
    }

    /// The line of the file that this row begins on, from 1. The reader's own count is the line
    /// that the row before it ended on, which is another where there are blank lines.
    fn line(&self) -> u64 {
        let offset = self.record.position().map_or(0, |position| position.byte() as usize);
        let is_break = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let n_blank = self.text[offset..].iter().take_while(is_break).count();
        let before = &self.text[..offset + n_blank];
        let n_pairs = before.windows(2).filter(|pair| pair == b"\r\n").count();
        (before.iter().filter(is_break).count() - n_pairs) as u64 + 1
    }
}
