//! Reading a table of numbers from NumPy's array format, versions 1 to 3.

mod element;
mod header;
mod literal;
mod number_header;
mod placement;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use element::Record;
use header::Header;
pub use number_header::NpyHeader;
use placement::Placement;

use super::pick::Columns;
use super::{Account, Number, Reading, TableConfig, TableFault};
use crate::{DataError, TableLayout};

/// The array of a file.
pub(crate) fn read<T: Number>(path: &Path, config: &TableConfig) -> Result<Reading<T>, DataError> {
    let failed = |source| DataError::Read { path: path.into(), source };
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    read_from(BufReader::new(file), length, path, config)
}

/// The array of `length` bytes that a reader yields; no more is held than its header announces.
pub(super) fn read_from<T: Number>(
    mut reader: impl Read,
    length: u64,
    path: &Path,
    config: &TableConfig,
) -> Result<Reading<T>, DataError> {
    let failed = |source: io::Error| DataError::Read { path: path.into(), source };
    let at = |fault: TableFault| fault.at(path);
    let header = Header::read(&mut reader).map_err(failed)?;
    let (header, header_length) = header.ok_or_else(|| at(TableFault::NpyHeader))?;
    let record = Record::of(&header.descr).map_err(at)?;
    let expected = placement::length(&header, &record).map_err(at)?;
    let found = length.saturating_sub(header_length);
    if found != expected {
        return Err(at(TableFault::NpyLength { expected, found }));
    }
    if expected == 0 {
        let expected = "an array with at least one value";
        return Err(DataError::Empty { path: path.into(), expected });
    }
    let mut bytes = Vec::new();
    // A byte more than is expected: at its end, an archive checks what it has unpacked.
    reader.take(expected + 1).read_to_end(&mut bytes).map_err(failed)?;
    let found = bytes.len() as u64;
    if found != expected {
        return Err(at(TableFault::NpyLength { expected, found }));
    }
    decode(&bytes, &header, &record, config).map_err(at)
}

fn decode<T: Number>(
    bytes: &[u8],
    header: &Header,
    record: &Record,
    config: &TableConfig,
) -> Result<Reading<T>, TableFault> {
    let placement = Placement::of(header, record);
    let count = placement.columns.len();
    let columns = Columns { names: record.names.as_deref(), count };
    let picked = columns.pick(&config.columns)?;
    let mut values = Vec::with_capacity(placement.rows * picked.len());
    let mut rounded = 0_usize;
    for row in 0..placement.rows {
        for &column in &picked {
            let (offset, element) = placement.columns[column];
            let bytes = &bytes[row * placement.row_stride + offset..][..element.bytes];
            let (value, is_exact) = element.decode::<T>(bytes);
            if !value.is_finite_number() {
                let (found, precision) = (element.decode::<f64>(bytes).0, T::NAME);
                return Err(TableFault::NpyNotFinite { row, column, found, precision });
            }
            rounded += usize::from(!is_exact);
            values.push(value);
        }
    }
    let names = record.names.is_some() || !config.columns.is_empty();
    let names = picked.iter().filter(|_| names).map(|&column| columns.name(column)).collect();
    let mut remarks = Vec::from_iter(placement.flattened(header));
    if rounded > 0 {
        remarks.push(format!("{rounded} whole numbers rounded to {}", T::NAME));
    }
    let account = Account {
        layout: TableLayout { header: None, columns: names, delimiter: None },
        precision: record.precision(),
        axes: Some(header.shape.len()),
        passed_over: columns.passed_over(&picked),
        remarks,
    };
    Ok(Reading { columns: picked.len(), values, account })
}
