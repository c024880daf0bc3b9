//! What stands before the values of an NPY file.

use std::io::{self, ErrorKind, Read};

use super::literal::Literal;

/// The longest header that is read; NumPy itself refuses one of 10,000 bytes.
const LONGEST: u64 = 1 << 20;

/// Type, order and shape of an array.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// NumPy's description of the type of the values, such as `<f4`.
    pub(super) descr: Literal,
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<u64>,
}

impl Header {
    /// The header, and how many bytes it takes; `None` where the bytes are none.
    pub(super) fn read(reader: &mut impl Read) -> io::Result<Option<(Self, u64)>> {
        let mut start = [0; 8];
        if !filled(reader, &mut start)? {
            return Ok(None);
        }
        let [mark @ .., major, _minor] = start;
        let n_length = match (&mark == b"\x93NUMPY", major) {
            (true, 1) => 2,
            (true, 2 | 3) => 4,
            _ => return Ok(None),
        };
        let mut length = [0; 4];
        if !filled(reader, &mut length[..n_length])? {
            return Ok(None);
        }
        let length = u64::from(u32::from_le_bytes(length));
        if length > LONGEST {
            return Ok(None);
        }
        let mut text = vec![0; length as usize];
        if !filled(reader, &mut text)? {
            return Ok(None);
        }
        let header = Self::parse(&decoded(&text, major));
        Ok(header.map(|header| (header, (start.len() + n_length) as u64 + length)))
    }

    fn parse(text: &str) -> Option<Self> {
        let dictionary = Literal::parse(text)?;
        let fortran_order = match dictionary.get("fortran_order")? {
            Literal::Word(word) if word == "True" => true,
            Literal::Word(word) if word == "False" => false,
            _ => return None,
        };
        let Literal::List(axes) = dictionary.get("shape")? else { return None };
        let axis = |axis: &Literal| match axis {
            Literal::Word(digits) => digits.strip_suffix('L').unwrap_or(digits).parse().ok(),
            _ => None,
        };
        let shape = axes.iter().map(axis).collect::<Option<_>>()?;
        Some(Self { descr: dictionary.get("descr")?.clone(), fortran_order, shape })
    }

    /// The shape as NumPy prints it, shortened.
    pub(super) fn shape_text(&self) -> String {
        let axes: Vec<String> = self.shape.iter().map(u64::to_string).collect();
        crate::text::shortened(&format!("[{}]", axes.join(", ")))
    }
}

/// Whether there were enough bytes.
fn filled(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        result => result.map(|()| true),
    }
}

/// Versions 1 and 2 are in Latin-1, version 3 is in UTF-8.
fn decoded(text: &[u8], major: u8) -> String {
    match major {
        3 => String::from_utf8_lossy(text).into_owned(),
        _ => text.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(Header, u64)> {
        Header::read(&mut &bytes[..]).unwrap()
    }

    #[test]
    fn all_versions_and_spellings_of_the_header_are_read() {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }  \n";
        let other = "{\"shape\" : (3,2L), \"fortran_order\":False,\"descr\": \"<f4\"}";
        let descr = Literal::Text("<f4".into());
        let expected = Header { descr, fortran_order: false, shape: vec![3, 2] };
        assert_eq!(Header::parse(other).as_ref(), Some(&expected));
        for (version, n_length) in [(1, 2), (2, 4), (3, 4)] {
            let length = (text.len() as u32).to_le_bytes();
            let mark = [&b"\x93NUMPY"[..], &[version, 0], &length[..n_length]].concat();
            let (header, length) = read(&[&mark, text.as_bytes()].concat()).unwrap();
            assert_eq!((&header, length), (&expected, (mark.len() + text.len()) as u64));
        }
    }

    #[test]
    fn a_header_that_announces_gigabytes_or_is_cut_off_is_none() {
        assert!(read(b"\x93NUMPY\x02\x00\xff\xff\xff\xff{").is_none());
        assert!(read(b"\x93NUMPY\x01\x00\x10\x00{").is_none());
        assert!(read(b"\x93NUMPY\x09\x00\x00\x00").is_none());
        assert!(read(b"\x93NUM").is_none());
    }
}
