//! The IDX format of MNIST and the datasets made to replace it, from bytes to checked bytes.

mod error;

use std::path::Path;

pub use error::IdxError;

/// Magic number of unsigned bytes along three axes.
const IMAGES: u32 = 0x0000_0803;
/// Magic number of unsigned bytes along one axis.
const LABELS: u32 = 0x0000_0801;
/// Rows and columns of an image.
pub(crate) const SIDE: usize = 28;
/// The labels are the digits.
pub(crate) const CLASSES: u8 = 10;

/// The pixels of a file of 28×28 images; `path` is for errors only.
pub(crate) fn images(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, IdxError> {
    let [_, rows, columns] = header(path, &bytes, IMAGES)?;
    if [rows, columns] != [SIDE as u32; 2] {
        return Err(IdxError::Side { path: path.into(), found: [rows, columns] });
    }
    Ok(payload::<3>(bytes))
}

/// The labels of a file, each below [`CLASSES`]; `path` is for errors only.
pub(crate) fn labels(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, IdxError> {
    let [_] = header(path, &bytes, LABELS)?;
    let labels = payload::<1>(bytes);
    if let Some(index) = labels.iter().position(|&label| label >= CLASSES) {
        let found = labels[index];
        return Err(IdxError::Label { path: path.into(), index, found });
    }
    Ok(labels)
}

/// How many values a header announces; 0 where its magic number is unknown or it is cut.
pub(crate) fn announced(header: &[u8]) -> u64 {
    let words = header.as_chunks::<4>().0;
    let mut words = words.iter().copied().map(u32::from_be_bytes);
    let n_axes = match words.next() {
        Some(IMAGES) => 3,
        Some(LABELS) => 1,
        _ => return 0,
    };
    if words.len() != n_axes {
        return 0;
    }
    words.fold(1, |n, axis| u64::saturating_mul(n, axis.into()))
}

/// The length of each axis, once magic and length of the file are right.
fn header<const AXES: usize>(
    path: &Path,
    bytes: &[u8],
    magic: u32,
) -> Result<[u32; AXES], IdxError> {
    let length_error = |expected: u64| {
        let found = bytes.len() as u64;
        IdxError::Length { path: path.into(), expected, found }
    };
    let words = bytes.as_chunks::<4>().0;
    let header_bytes = 4 * (1 + AXES as u64);
    let found = words.first().copied().map(u32::from_be_bytes);
    let found = found.ok_or_else(|| length_error(header_bytes))?;
    if found != magic {
        return Err(IdxError::Magic { path: path.into(), expected: magic, found });
    }
    let axes: &[[u8; 4]; AXES] = words
        .get(1..)
        .and_then(|words| words.first_chunk())
        .ok_or_else(|| length_error(header_bytes))?;
    let axes = axes.map(u32::from_be_bytes);
    let n_values = axes.iter().fold(1_u64, |n, &axis| n.saturating_mul(axis.into()));
    let expected = header_bytes.saturating_add(n_values);
    if bytes.len() as u64 != expected {
        return Err(length_error(expected));
    }
    Ok(axes)
}

/// The bytes behind a checked header.
fn payload<const AXES: usize>(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.drain(..4 * (1 + AXES));
    bytes
}
