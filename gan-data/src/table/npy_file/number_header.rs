//! The header of an array of plain numbers, for programs that stream the numbers themselves.

use std::io::{self, ErrorKind, Read, Write};

use super::header::Header;
use super::literal::Literal;

/// Mark and version 1.0 of NumPy's array format.
const START: &[u8] = b"\x93NUMPY\x01\x00";
/// Values begin at a multiple of this many bytes.
const ALIGNMENT: usize = 64;

/// What stands before the values of a file in NumPy's array format, where these are plain numbers
/// with the last axis fastest.
///
/// ```
/// use gan_data::NpyHeader;
/// let header = NpyHeader { descr: "<f4".into(), shape: vec![2, 3] };
/// let mut file = Vec::new();
/// header.write(&mut file)?;
/// assert_eq!(file.len(), 128);
/// assert_eq!(NpyHeader::read(&mut file.as_slice())?, header);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpyHeader {
    /// NumPy's name of the type of the numbers, such as `<f4`.
    pub descr: String,
    /// The length of each axis.
    pub shape: Vec<u64>,
}

impl NpyHeader {
    /// Reads a header of version 1, 2 or 3; what the reader yields next are the values.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidData`] where there is no such header, where values are records, and where
    /// the first axis is the fastest; what the reader fails with.
    pub fn read(reader: &mut impl Read) -> io::Result<Self> {
        let invalid = |reason: &str| io::Error::new(ErrorKind::InvalidData, reason);
        let header = Header::read(reader)?;
        let (header, _) = header.ok_or_else(|| invalid("it is no array of NumPy's"))?;
        if header.fortran_order {
            return Err(invalid("its array is in Fortran's order, expected C's"));
        }
        let Literal::Text(descr) = header.descr else {
            return Err(invalid("it has fields, expected plain numbers"));
        };
        Ok(Self { descr, shape: header.shape })
    }

    /// Writes a header of version 1.0.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where it would be longer than that version can say, which takes
    /// thousands of axes; what the writer fails with.
    pub fn write(&self, writer: &mut impl Write) -> io::Result<()> {
        let axes: String = self.shape.iter().map(|length| format!("{length}, ")).collect();
        let descr = &self.descr;
        let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({axes}), }}");
        let n_before = START.len() + size_of::<u16>() + text.len();
        let blanks = ALIGNMENT - 1 - n_before % ALIGNMENT;
        let text = format!("{text}{:blanks$}\n", "");
        let length = u16::try_from(text.len())
            .map_err(|_| io::Error::new(ErrorKind::InvalidInput, "an array of too many axes"))?;
        writer.write_all(START)?;
        writer.write_all(&length.to_le_bytes())?;
        writer.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(shape: &[u64]) -> Vec<u8> {
        let mut file = Vec::new();
        NpyHeader { descr: "|u1".into(), shape: shape.into() }.write(&mut file).unwrap();
        file
    }

    #[test]
    fn values_begin_at_a_multiple_of_64_bytes_whatever_the_shape() {
        for axes in 0..40 {
            let shape = vec![1_000_000; axes];
            let file = written(&shape);
            assert_eq!((file.len() % ALIGNMENT, file.last()), (0, Some(&b'\n')), "{axes}");
            assert_eq!(NpyHeader::read(&mut file.as_slice()).unwrap().shape, shape);
        }
    }

    #[test]
    fn a_header_that_version_1_cannot_hold_is_refused() {
        let header = NpyHeader { descr: "|u1".into(), shape: vec![1; 1 << 15] };
        let error = header.write(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn what_is_no_array_of_numbers_is_named() {
        let refused = |bytes: &[u8]| NpyHeader::read(&mut &bytes[..]).unwrap_err().to_string();
        let with = |old: &str, new: &str| {
            let text = String::from_utf8_lossy(&written(&[3])[10..]).replace(old, new);
            [START, &(text.len() as u16).to_le_bytes(), text.as_bytes()].concat()
        };
        assert!(refused(b"digits").contains("no array"));
        assert!(refused(&written(&[3])[..70]).contains("no array"));
        assert!(refused(&with("False", "True")).contains("Fortran"));
        assert!(refused(&with("'|u1'", "[('a', '|u1')]")).contains("fields"));
    }
}
