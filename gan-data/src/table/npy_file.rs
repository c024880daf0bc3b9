//! Reading a table of numbers from NumPy's array format, versions 1 to 3.

use std::path::Path;

use super::Number;
use crate::DataError;

/// The axes that a table has; a list is a table of one column.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Axes {
    Two,
    OneOrTwo,
}

/// The number of columns and all values, row by row.
pub(crate) fn read<T: Number>(path: &Path, axes: Axes) -> Result<(usize, Vec<T>), DataError> {
    let bytes =
        std::fs::read(path).map_err(|source| DataError::Read { path: path.into(), source })?;
    let (header, values) =
        Header::split(&bytes).ok_or_else(|| DataError::NpyHeader { path: path.into() })?;
    let Some((value_bytes, decode)) = decoder(&header.descr) else {
        return Err(DataError::NpyType { path: path.into(), found: header.descr });
    };
    let dim = header.check_layout(path, axes, value_bytes, values.len() as u64)?;
    if values.is_empty() {
        let expected = "an array with at least one value";
        return Err(DataError::Empty { path: path.into(), expected });
    }
    Ok((dim, to_finite(path, dim, &decode(values))?))
}

/// What stands before the values.
#[derive(Debug, PartialEq)]
struct Header {
    /// NumPy's description of the type of the values, such as `<f4`.
    descr: String,
    fortran_order: bool,
    shape: Vec<u64>,
}

impl Header {
    /// The header, and the bytes that follow it.
    fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let rest = bytes.strip_prefix(b"\x93NUMPY")?;
        let (&[major, _minor], rest) = rest.split_first_chunk()?;
        let (length, rest) = match major {
            1 => {
                let (length, rest) = rest.split_first_chunk()?;
                (u16::from_le_bytes(*length).into(), rest)
            }
            2 | 3 => {
                let (length, rest) = rest.split_first_chunk()?;
                (u32::from_le_bytes(*length) as usize, rest)
            }
            _ => return None,
        };
        let (dictionary, values) = rest.split_at_checked(length)?;
        Some((Self::parse(&std::str::from_utf8(dictionary).ok()?.replace('"', "'"))?, values))
    }

    /// Read the three entries of a Python dictionary whose form the format prescribes.
    fn parse(dictionary: &str) -> Option<Self> {
        let entry = |key: &str| {
            let (_, rest) = dictionary.split_once(&format!("'{key}'"))?;
            rest.trim_start().strip_prefix(':').map(str::trim_start)
        };
        let descr = entry("descr")?;
        let descr = match descr.strip_prefix('\'') {
            Some(name) => name.split_once('\'')?.0,
            // The fields of a record; only a message shows them.
            None => descr.split_inclusive(']').next()?,
        };
        let fortran_order = entry("fortran_order")?;
        if !fortran_order.starts_with("True") && !fortran_order.starts_with("False") {
            return None;
        }
        let (axes, _) = entry("shape")?.strip_prefix('(')?.split_once(')')?;
        let axes = axes.split(',').map(str::trim).filter(|axis| !axis.is_empty());
        Some(Self {
            descr: descr.into(),
            fortran_order: fortran_order.starts_with("True"),
            shape: axes.map(|axis| axis.parse().ok()).collect::<Option<_>>()?,
        })
    }

    /// The number of columns, if this is a table in C order with as many bytes as it should have.
    fn check_layout(
        &self,
        path: &Path,
        axes: Axes,
        value_bytes: u64,
        found: u64,
    ) -> Result<usize, DataError> {
        let (rows, columns) = match *self.shape.as_slice() {
            [rows, columns] => (rows, columns),
            [rows] if axes == Axes::OneOrTwo => (rows, 1),
            _ => return Err(DataError::NpyShape { path: path.into(), found: self.shape.clone() }),
        };
        if self.fortran_order {
            return Err(DataError::NpyOrder { path: path.into() });
        }
        let expected = rows.saturating_mul(columns).saturating_mul(value_bytes);
        if found != expected {
            return Err(DataError::NpyLength { path: path.into(), expected, found });
        }
        Ok(columns as usize)
    }
}

type Decode = fn(&[u8]) -> Vec<f64>;

/// The bytes of a value and the function that decodes them, for the types that are read.
fn decoder(descr: &str) -> Option<(u64, Decode)> {
    Some(match descr {
        "<f4" => (4, |bytes| decode_each(bytes, |value| f32::from_le_bytes(value).into())),
        ">f4" => (4, |bytes| decode_each(bytes, |value| f32::from_be_bytes(value).into())),
        "<f8" => (8, |bytes| decode_each(bytes, f64::from_le_bytes)),
        ">f8" => (8, |bytes| decode_each(bytes, f64::from_be_bytes)),
        _ => return None,
    })
}

fn decode_each<const N: usize>(bytes: &[u8], decode: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|value| decode(*value)).collect()
}

fn to_finite<T: Number>(path: &Path, dim: usize, values: &[f64]) -> Result<Vec<T>, DataError> {
    let to_finite = |(i, &found): (usize, &f64)| {
        let value = T::from_double(found);
        let (row, column) = (i / dim, i % dim);
        let error = || DataError::NpyNotFinite { path: path.into(), row, column, found };
        if value.is_finite_number() { Ok(value) } else { Err(error()) }
    };
    values.iter().enumerate().map(to_finite).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_versions_and_spellings_of_the_header_are_read() {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }  \n";
        let other = "{\"shape\" : (3,2), \"fortran_order\":False,\"descr\": \"<f4\"}";
        let expected = Header { descr: "<f4".into(), fortran_order: false, shape: vec![3, 2] };
        assert_eq!(Header::parse(&other.replace('"', "'")).as_ref(), Some(&expected));
        for (version, n_length) in [(1, 2), (2, 4), (3, 4)] {
            let length = (text.len() as u32).to_le_bytes();
            let mark = [&b"\x93NUMPY"[..], &[version, 0], &length[..n_length]].concat();
            let bytes = [&mark, text.as_bytes(), b"values"].concat();
            let (header, values) = Header::split(&bytes).unwrap();
            assert_eq!((&header, values), (&expected, &b"values"[..]));
        }
    }

    #[test]
    fn the_fields_of_a_record_are_its_type() {
        let text = "{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': True, 'shape': (3,)}";
        let header = Header::parse(text).unwrap();
        assert_eq!(header.descr, "[('x', '<f4'), ('y', '<f4')]");
        assert_eq!((header.fortran_order, header.shape), (true, vec![3]));
        assert!(decoder(&header.descr).is_none());
    }

    #[test]
    fn no_cut_makes_a_header_of_another() {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
        let end = text.find(')').unwrap();
        assert!((0..=end).all(|cut| Header::parse(&text[..cut]).is_none()));
    }
}
