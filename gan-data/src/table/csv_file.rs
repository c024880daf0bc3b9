//! Reading a table of numbers from text: CSV and its relatives.

mod body;
mod dialect;
mod head;
mod text;

use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use body::Body;
use dialect::Dialect;
use head::{FirstRow, Head};

use super::{Number, Reading, TableConfig, TableFault};
use crate::DataError;
use crate::text::shortened;

/// The table of a file, which may be compressed.
pub(crate) fn read<T: Number>(
    path: &Path,
    is_compressed: bool,
    config: &TableConfig,
) -> Result<Reading<T>, DataError> {
    let text = text::of(path, is_compressed)?;
    let reading: Reading<T> = read_text(&text, config).map_err(|fault| fault.at(path))?;
    if reading.values.is_empty() {
        let expected = "a line of numbers for each point";
        return Err(DataError::Empty { path: path.into(), expected });
    }
    Ok(reading)
}

fn read_text<T: Number>(text: &str, config: &TableConfig) -> Result<Reading<T>, TableFault> {
    let dialect = Dialect::of(text, config)?;
    let spaced;
    let text = if dialect.is_blank() {
        spaced = text.replace('\t', " ");
        spaced.as_str()
    } else {
        text
    };
    let mut rows = Rows::new(text, &dialect);
    if !rows.advance()? {
        return Ok(Reading::of_nothing());
    }
    let first: Vec<String> = rows.row().cells().map(str::to_owned).collect();
    let head = Head::of(&first, dialect.comment(text), config);
    let mut body = Body::new(&head, first, dialect, config)?;
    let mut has_row = head.first_row != FirstRow::Names || rows.advance()?;
    while has_row {
        body.push(&rows.row())?;
        has_row = rows.advance()?;
    }
    Ok(body.into_reading(head))
}

/// The rows of a text, one at a time.
struct Rows<'a> {
    text: &'a str,
    records: csv::Reader<&'a [u8]>,
    record: StringRecord,
    is_blank: bool,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, dialect: &Dialect) -> Self {
        let records = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .delimiter(dialect.byte())
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        Self { text, records, record: StringRecord::new(), is_blank: dialect.is_blank() }
    }

    /// Advance to the next row that is not blank; whether there is one.
    fn advance(&mut self) -> Result<bool, TableFault> {
        let failed = |error: csv::Error| TableFault::Csv { cause: shortened(&error.to_string()) };
        while self.records.read_record(&mut self.record).map_err(failed)? {
            let row = self.row();
            if row.cells().any(|cell| !cell.is_empty()) || row.count() > 1 || row.is_quoted() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn row(&self) -> Row<'_> {
        Row { text: self.text, record: &self.record, is_blank: self.is_blank }
    }
}

/// A row with what its errors must name.
struct Row<'a> {
    text: &'a str,
    record: &'a StringRecord,
    is_blank: bool,
}

impl Row<'_> {
    fn cells(&self) -> impl Iterator<Item = &str> {
        self.record.iter().filter(|cell| !(self.is_blank && cell.is_empty()))
    }

    fn count(&self) -> usize {
        if self.is_blank { self.cells().count() } else { self.record.len() }
    }

    /// Whether the row begins with a quote: an empty cell in quotes is a missing value, a line of
    /// blanks is nothing.
    fn is_quoted(&self) -> bool {
        !self.is_blank && self.text[self.start()..].trim_start_matches([' ', '\t']).starts_with('"')
    }

    /// The byte that the row begins at. The reader's position may be before empty lines and
    /// comments.
    fn start(&self) -> usize {
        let mut at = self.record.position().map_or(0, |position| position.byte() as usize);
        while let Some(line) = text::line_at(self.text, at) {
            if !line.trim_end_matches(['\n', '\r']).is_empty() && !line.starts_with('#') {
                break;
            }
            at += line.len();
        }
        at.min(self.text.len())
    }

    /// The line of the file that this row begins on, from 1: for an error, as it goes through the
    /// text from its beginning.
    fn line(&self) -> u64 {
        #[cfg(test)]
        tests::LINES_COUNTED.set(tests::LINES_COUNTED.get() + 1);
        text::line_number(self.text.as_bytes(), self.start())
    }
}

#[cfg(test)]
mod tests;
