//! Memory order: where the numbers of a table are among the bytes of an array.

use super::element::{Element, Record};
use super::header::Header;
use crate::table::TableFault;

/// The place of each column in the first row, and the way from a row to the next.
#[derive(Debug)]
pub(super) struct Placement {
    pub(super) rows: usize,
    /// Each column's byte in the first row, and its type.
    pub(super) columns: Vec<(usize, Element)>,
    pub(super) row_stride: usize,
}

/// The length of all values that a header announces.
pub(super) fn length(header: &Header, record: &Record) -> Result<u64, TableFault> {
    let fault = |expected| TableFault::NpyShape { found: header.shape_text(), expected };
    if header.shape.is_empty() {
        return Err(fault("at least one axis: samples, coordinates"));
    }
    if record.names.is_some() && header.shape.len() > 1 {
        return Err(fault("one axis where the values are records"));
    }
    if header.shape.contains(&0) {
        return Ok(0);
    }
    let values = header.shape.iter().copied().try_fold(1, u64::checked_mul);
    let bytes = values.and_then(|values| values.checked_mul(record.stride as u64));
    let bytes = bytes.filter(|bytes| isize::try_from(*bytes).is_ok());
    bytes.ok_or_else(|| fault("one that fits into memory"))
}

impl Placement {
    /// Rows along the first axis; the others are flattened with the last one fastest, in whatever
    /// order they are stored. The bytes are there: [`length`] was compared with the file's.
    pub(super) fn of(header: &Header, record: &Record) -> Self {
        let axes: Vec<usize> = header.shape.iter().map(|&size| size as usize).collect();
        let (rows, axes) = axes.split_first().map_or((0, &[][..]), |(rows, axes)| (*rows, axes));
        let places: usize = axes.iter().product();
        let row_stride = if header.fortran_order { record.stride } else { places * record.stride };
        Self { rows, columns: columns(header, record, rows, axes), row_stride }
    }

    /// A phrase on the axes that were made one.
    pub(super) fn flattened(&self, header: &Header) -> Option<String> {
        let [_, axes @ ..] = header.shape.as_slice() else { return None };
        let names: Vec<String> = axes.iter().take(8).map(u64::to_string).collect();
        let more = if axes.len() > 8 { "×…" } else { "" };
        let (names, count) = (names.join("×"), self.columns.len());
        (axes.len() > 1).then(|| format!("axes {names}{more} flattened to {count} columns"))
    }
}

fn columns(header: &Header, record: &Record, rows: usize, axes: &[usize]) -> Vec<(usize, Element)> {
    let place = |column: usize| match header.fortran_order {
        true => rows * transposed(column, axes),
        false => column,
    };
    let places: usize = axes.iter().product();
    let fields = |place: usize| {
        record
            .fields
            .iter()
            .map(move |(offset, element)| (place * record.stride + offset, *element))
    };
    (0..places).map(place).flat_map(fields).collect()
}

/// The position with the first axis fastest of the place that has this one with the last fastest.
fn transposed(mut position: usize, axes: &[usize]) -> usize {
    let mut found = 0;
    for (axis, &size) in axes.iter().enumerate().rev() {
        let stride: usize = axes[..axis].iter().product();
        found += position % size * stride;
        position /= size;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_flattened_column_is_that_of_its_axes() {
        let axes = [2, 3];
        // [i, j] is 3·i + j with the last axis fastest, i + 2·j with the first.
        let places: Vec<usize> = (0..6).map(|column| transposed(column, &axes)).collect();
        assert_eq!(places, [0, 2, 4, 1, 3, 5]);
        assert_eq!(transposed(4, &[7]), 4);
    }
}
