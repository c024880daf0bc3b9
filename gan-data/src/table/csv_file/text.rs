//! The text of a file, decompressed and decoded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::DataError;
use crate::table::TableFault;

/// The longest text that is unpacked.
const LONGEST_UNPACKED: u64 = 1 << 30;

/// The text without the mark of its encoding.
pub(super) fn of(path: &Path, is_compressed: bool) -> Result<String, DataError> {
    let failed = |source| DataError::Read { path: path.into(), source };
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(failed)?;
    if is_compressed {
        let limit = LONGEST_UNPACKED;
        let read = MultiGzDecoder::new(file).take(limit + 1).read_to_end(&mut bytes);
        read.map_err(failed)?;
        if bytes.len() as u64 > limit {
            return Err(TableFault::TooLong { limit }.at(path));
        }
    } else {
        file.read_to_end(&mut bytes).map_err(failed)?;
    }
    checked(bytes).map_err(|fault| fault.at(path))
}

fn checked(mut bytes: Vec<u8>) -> Result<String, TableFault> {
    if let Some(found) = looks_like(&bytes) {
        return Err(TableFault::Encoding { found });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        TableFault::NotText { line: line_number(error.as_bytes(), end) }
    })
}

/// What the bytes are if they are no plain text.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 5] = [
        (b"\xff\xfe", "UTF-16 text (save it as UTF-8)"),
        (b"\xfe\xff", "UTF-16 text (save it as UTF-8)"),
        (b"\x93NUMPY", "a NumPy array (name it .npy)"),
        (b"PK\x03\x04", "a zip archive (.npz if it is NumPy's; save a workbook as .csv)"),
        (b"\x1f\x8b", "gzip data (add .gz to its name)"),
    ];
    let mark = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| *name);
    mark.or_else(|| bytes.contains(&0).then_some("binary data or UTF-16 text (it has NUL bytes)"))
}

/// The line that a byte is on, from 1; `\n`, `\r` and `\r\n` end a line.
pub(super) fn line_number(text: &[u8], offset: usize) -> u64 {
    let before = &text[..offset];
    let n_pairs = before.windows(2).filter(|pair| pair == b"\r\n").count();
    let n_breaks = before.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    (n_breaks - n_pairs) as u64 + 1
}

/// The line from a byte on, with its end; `None` at the end of the text.
pub(super) fn line_at(text: &str, offset: usize) -> Option<&str> {
    text.get(offset..)?.split_inclusive(['\n', '\r']).next()
}
