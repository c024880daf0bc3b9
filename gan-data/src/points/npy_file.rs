//! Reading a table of numbers from NumPy's array format.

use std::io;
use std::path::Path;

use npyz::{DType, NpyFile, NpyHeader, Order};

use crate::DataError;

/// The number of columns and all values, row by row.
pub(super) fn read(path: &Path) -> Result<(usize, Vec<f32>), DataError> {
    let bytes =
        std::fs::read(path).map_err(|source| DataError::Read { path: path.into(), source })?;
    let mut values = bytes.as_slice();
    let header = NpyHeader::from_reader(&mut values)
        .map_err(|source| DataError::NpyHeader { path: path.into(), source })?;
    let precision = Precision::of(&header.dtype())
        .ok_or_else(|| DataError::NpyType { path: path.into(), found: header.dtype().descr() })?;
    let dim = check_layout(path, &header, precision, values.len() as u64)?;
    let values = precision
        .decode(header, values)
        .map_err(|source| DataError::Read { path: path.into(), source })?;
    Ok((dim, to_finite(path, dim, &values)?))
}

#[derive(Clone, Copy)]
enum Precision {
    Single,
    Double,
}

impl Precision {
    fn of(dtype: &DType) -> Option<Self> {
        match dtype.descr().trim_matches('\'') {
            "<f4" | ">f4" => Some(Self::Single),
            "<f8" | ">f8" => Some(Self::Double),
            _ => None,
        }
    }

    fn bytes(self) -> u64 {
        match self {
            Self::Single => 4,
            Self::Double => 8,
        }
    }

    fn decode(self, header: NpyHeader, values: &[u8]) -> io::Result<Vec<f64>> {
        let file = NpyFile::with_header(header, values);
        match self {
            Self::Single => Ok(file.into_vec::<f32>()?.into_iter().map(f64::from).collect()),
            Self::Double => file.into_vec(),
        }
    }
}

/// The number of columns, if this is a table in C order with as many bytes as it should have.
fn check_layout(
    path: &Path,
    header: &NpyHeader,
    precision: Precision,
    found: u64,
) -> Result<usize, DataError> {
    let &[rows, columns] = header.shape() else {
        return Err(DataError::NpyShape { path: path.into(), found: header.shape().to_vec() });
    };
    if header.order() != Order::C {
        return Err(DataError::NpyOrder { path: path.into() });
    }
    let expected = rows.saturating_mul(columns).saturating_mul(precision.bytes());
    if found != expected {
        return Err(DataError::NpyLength { path: path.into(), expected, found });
    }
    Ok(columns as usize)
}

fn to_finite(path: &Path, dim: usize, values: &[f64]) -> Result<Vec<f32>, DataError> {
    let to_finite = |(i, &found): (usize, &f64)| {
        let value = found as f32;
        let (row, column) = (i / dim, i % dim);
        let error = || DataError::NpyNotFinite { path: path.into(), row, column, found };
        if value.is_finite() { Ok(value) } else { Err(error()) }
    };
    values.iter().enumerate().map(to_finite).collect()
}
