//! Tables of numbers from files, in double precision.

pub(crate) mod csv_file;
pub(crate) mod npy_file;

use std::path::Path;
use std::str::FromStr;

pub(crate) use npy_file::Axes;

use crate::DataError;

/// Numbers in rows and columns, as a file has them: for statistics rather than for batches, which
/// are made of [`Points`](crate::Points).
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: usize,
    values: Vec<f64>,
}

impl Table {
    /// The numbers of a `.csv` or `.npy` file, by the end of its name.
    ///
    /// A CSV file may have a header line. A NumPy array has `float32` or `float64` values in C order
    /// and one or two axes; with one axis it is a single column.
    ///
    /// # Errors
    /// [`DataError::UnknownFormat`]; [`DataError::CsvCell`] and [`DataError::CsvRagged`] with the
    /// line; the `Npy…` variants; [`DataError::Empty`], [`DataError::Read`], [`DataError::Csv`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let (columns, values) = match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => csv_file::read(path)?,
            Some("npy") => npy_file::read(path, Axes::OneOrTwo)?,
            _ => return Err(DataError::UnknownFormat { path: path.into() }),
        };
        Ok(Self { columns, values })
    }

    /// Numbers in a row, at least 1.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The number of rows, at least 1.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// All numbers, row after row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// The precisions that a file can be read in.
pub(crate) trait Number: FromStr + Copy {
    /// The nearest number to a double; infinite where there is none.
    fn from_double(value: f64) -> Self;

    /// Whether it is neither infinite nor not a number.
    fn is_finite_number(self) -> bool;
}

impl Number for f32 {
    fn from_double(value: f64) -> Self {
        value as Self
    }

    fn is_finite_number(self) -> bool {
        self.is_finite()
    }
}

impl Number for f64 {
    fn from_double(value: f64) -> Self {
        value
    }

    fn is_finite_number(self) -> bool {
        self.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn doubles_keep_their_precision_and_a_list_is_one_column() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("table.csv");
        fs::write(&path, "p,q\n0.1,1e300\n2,3\n").unwrap();
        let table = Table::open(&path).unwrap();
        assert_eq!((table.rows(), table.columns()), (2, 2));
        assert_eq!(table.values(), [0.1, 1e300, 2.0, 3.0]);

        let path = dir.path().join("list.npy");
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
        let length = (header.len() as u16).to_le_bytes();
        let values = [0.25_f64, 0.75].map(f64::to_le_bytes).concat();
        let mark: &[u8] = b"\x93NUMPY\x01\x00";
        fs::write(&path, [mark, &length, header.as_bytes(), &values].concat()).unwrap();
        let list = Table::open(&path).unwrap();
        assert_eq!((list.columns(), list.values()), (1, &[0.25, 0.75][..]));
    }
}
