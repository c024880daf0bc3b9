//! Tables with a header.

use super::columns::Columns;
use super::note::{left_out, torn};
use super::recording::{Cell, Recording, Row};
use super::{Reading, text};
use crate::DoctorError;

/// What separates cells, if the header has more of it than of the others.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a table, row by row: no more of it is kept than the trace.
pub(super) fn read(bytes: &[u8], columns: &Columns) -> Result<Reading, DoctorError> {
    let bytes = text::of_table(bytes)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let cell = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
    let header = reader.byte_headers().map_err(|error| unreadable(&error))?.clone();
    let header: Vec<String> = header.iter().map(cell).collect();
    let places = columns.resolve(&header)?;
    let (mut recording, mut broken) = (Recording::new(&places, &header), Broken::default());
    let (mut record, mut rows) = (csv::ByteRecord::new(), 0_u64);
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        let is_last = ends_the_file(&reader, bytes);
        if record.len() != header.len() {
            broken.width(line, is_last);
            continue;
        }
        if record.iter().any(|cell| cell.contains(&b'\n')) {
            broken.quoted.push(line);
            continue;
        }
        let used = |(index, cell): (usize, &[u8])| {
            (places.reads(index) && !cell.trim_ascii().is_empty())
                .then(|| (index, Cell::of_text(&String::from_utf8_lossy(cell))))
        };
        let cells = record.iter().enumerate().filter_map(used).collect();
        match recording.take(&Row { line, cells }) {
            Err(_) if is_last => broken.torn = Some(line),
            taken => taken?,
        }
        rows += 1;
    }
    let notes = broken.notes(header.len());
    if rows == 0 {
        let why = "the table has a header and no line of as many cells below it";
        return Err(DoctorError::Empty { why: why.to_owned() });
    }
    Ok(Reading { trace: recording.trace, notes: [notes, places.notes.clone()].concat() })
}

/// Whether the record that was read is the last of a file that does not end with its line.
fn ends_the_file(reader: &csv::Reader<&[u8]>, bytes: &[u8]) -> bool {
    bytes.last() != Some(&b'\n') && reader.position().byte() >= bytes.len() as u64
}

/// Lines that were left out.
#[derive(Default)]
struct Broken {
    width: Vec<u64>,
    quoted: Vec<u64>,
    torn: Option<u64>,
}

impl Broken {
    fn width(&mut self, line: u64, is_torn: bool) {
        if is_torn {
            self.torn = Some(line);
        } else {
            self.width.push(line);
        }
    }

    fn notes(&self, cells: usize) -> Vec<String> {
        let width = format!("the header has {cells} cells, they have another number");
        let quoted = "a quotation mark that opens there is closed on a later line";
        let notes =
            [self.torn.map(torn), left_out(&self.width, &width), left_out(&self.quoted, quoted)];
        notes.into_iter().flatten().collect()
    }
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
