//! zip archives.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::crc;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Contents of this test are smaller.
const LARGEST: u64 = 1 << 20;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Its name as it is written.
    pub(crate) name: Vec<u8>,
    /// Its content.
    pub(crate) data: Vec<u8>,
    /// Whether it is compressed.
    pub(crate) is_deflated: bool,
    /// Where its header differs from the truth: checksum, packed size, size, method.
    pub(crate) lies: [Option<u32>; 4],
}

impl Entry {
    /// A stored file.
    pub(crate) fn stored(name: &str, data: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), data: data.into(), is_deflated: false, lies: [None; 4] }
    }

    fn packed(&self) -> Vec<u8> {
        if !self.is_deflated {
            return self.data.clone();
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let written = encoder.write_all(&self.data).and_then(|()| encoder.finish());
        // Nothing can fail in memory.
        written.unwrap_or_default()
    }

    /// Versions, method, time, checksum, sizes and the length of the name, as both headers have them.
    fn shared_header(&self, packed: &[u8]) -> Vec<u8> {
        let [checksum, packed_size, size, method] = self.lies;
        let true_method = if self.is_deflated { DEFLATED } else { STORED };
        let method = method.map_or(true_method, |method| method as u16);
        let mut header = Vec::new();
        header.extend([20, 0, 0, 0]);
        header.extend(method.to_le_bytes());
        header.extend([0, 0, 0x21, 0]);
        header.extend(checksum.unwrap_or_else(|| crc(&self.data)).to_le_bytes());
        header.extend(packed_size.unwrap_or(packed.len() as u32).to_le_bytes());
        header.extend(size.unwrap_or(self.data.len() as u32).to_le_bytes());
        header.extend((self.name.len() as u16).to_le_bytes());
        header
    }
}

/// The archive of these files.
pub(crate) fn to_bytes(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let packed = entry.packed();
        let header = entry.shared_header(&packed);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend([20, 0]);
        directory.extend(&header);
        directory.extend([0; 12]);
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(&entry.name);
        bytes.extend(LOCAL.to_le_bytes());
        bytes.extend(&header);
        bytes.extend([0, 0]);
        bytes.extend(&entry.name);
        bytes.extend(&packed);
    }
    let (begin, n) = (bytes.len() as u32, (entries.len() as u16).to_le_bytes());
    bytes.extend(&directory);
    bytes.extend(END.to_le_bytes());
    bytes.extend([[0; 2], [0; 2], n, n].concat());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(begin.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// The files of an archive, if all of it makes sense.
pub(crate) fn parse(bytes: &[u8]) -> Option<Vec<Entry>> {
    let end = bytes.windows(4).rposition(|word| word == END.to_le_bytes())?;
    let n_entries = number(bytes, end + 10, 2)?;
    let mut at = number(bytes, end + 16, 4)?;
    let mut entries = Vec::new();
    for _ in 0..n_entries {
        if number(bytes, at, 4)? != CENTRAL as usize {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|field| number(bytes, at + field, 2));
        let name_at = at + 46;
        let name = bytes.get(name_at..name_at + name?)?;
        let (packed, local) = (number(bytes, at + 20, 4)?, number(bytes, at + 42, 4)?);
        let begin = local + 30 + number(bytes, local + 26, 2)? + number(bytes, local + 28, 2)?;
        let packed = bytes.get(begin..begin.checked_add(packed)?)?;
        let is_deflated = number(bytes, at + 10, 2)? == usize::from(DEFLATED);
        let data = if is_deflated { unpacked(packed) } else { packed.to_vec() };
        entries.push(Entry { name: name.to_vec(), data, is_deflated, lies: [None; 4] });
        at = name_at + name.len() + extra? + comment?;
    }
    Some(entries)
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    let _ = DeflateDecoder::new(packed).take(LARGEST).read_to_end(&mut data);
    data
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(width)?)?;
    Some(field.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let deflated = Entry { is_deflated: true, ..Entry::stored("b/c", vec![7; 900]) };
        let entries = vec![Entry::stored("a", *b"text"), deflated];
        assert_eq!(parse(&to_bytes(&entries)), Some(entries));
        assert_eq!(parse(b"PK"), None);
    }
}
