//! TFRecord: how records follow each other in a file, each with its length and two checksums.
//!
//! ```text
//! length     u64, little-endian
//! checksum   u32, of the length
//! record     `length` bytes
//! checksum   u32, of the record
//! ```
//!
//! A checksum is CRC-32C (Castagnoli; RFC 3720, appendix B.4), rotated and shifted by a constant, so that
//! the checksum of bytes that contain checksums is worth something.
//!
//! # Source
//! `tensorflow/core/lib/io/record_writer.h` and `tensorflow/core/lib/hash/crc32c.h`.

/// The polynomial of CRC-32C, its bits reversed.
const POLYNOMIAL: u32 = 0x82f6_3b78;
/// What a checksum is shifted by.
const MASK: u32 = 0xa282_ead8;
/// The remainder of each byte.
const REMAINDERS: [u32; 256] = remainders();
/// Bytes before a record: its length and that length's checksum.
const HEAD: usize = 12;
/// Bytes after a record: its checksum.
const TAIL: usize = 4;

/// Puts a record into its frame, at the end of `file`.
pub(crate) fn append(record: &[u8], file: &mut Vec<u8>) {
    let length = (record.len() as u64).to_le_bytes();
    file.reserve(HEAD + record.len() + TAIL);
    file.extend_from_slice(&length);
    file.extend_from_slice(&masked(crc32c(&length)).to_le_bytes());
    file.extend_from_slice(record);
    file.extend_from_slice(&masked(crc32c(record)).to_le_bytes());
}

/// The records at the beginning of a file, up to the first that is not whole.
#[derive(Clone, Debug)]
pub(crate) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    pub(crate) fn of(file: &'a [u8]) -> Self {
        Self { rest: file }
    }

    /// What comes after the records that were read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn split(&self) -> Option<(&'a [u8], &'a [u8])> {
        let (length, after) = self.rest.split_first_chunk::<8>()?;
        let (length_checksum, after) = after.split_first_chunk::<4>()?;
        if masked(crc32c(length)).to_le_bytes() != *length_checksum {
            return None;
        }
        let record_length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (record, after) = after.split_at_checked(record_length)?;
        let (checksum, after) = after.split_first_chunk::<4>()?;
        (masked(crc32c(record)).to_le_bytes() == *checksum).then_some((record, after))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (record, rest) = self.split()?;
        self.rest = rest;
        Some(record)
    }
}

fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(MASK)
}

fn crc32c(bytes: &[u8]) -> u32 {
    let step = |crc: u32, &byte: &u8| {
        let [low, ..] = crc.to_le_bytes();
        REMAINDERS[usize::from(low ^ byte)] ^ (crc >> 8)
    };
    !bytes.iter().fold(!0, step)
}

const fn remainders() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            let carry = remainder & 1;
            remainder >>= 1;
            if carry == 1 {
                remainder ^= POLYNOMIAL;
            }
            bit += 1;
        }
        table[byte] = remainder;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    /// The check value of the catalog of CRCs, and the vectors of RFC 3720, B.4.
    #[test]
    fn checksums_are_those_of_the_standard() {
        let up: Vec<u8> = (0..32).collect();
        let down: Vec<u8> = (0..32).rev().collect();
        let vectors: [(&[u8], u32); 6] = [
            (b"", 0),
            (b"123456789", 0xe306_9283),
            (&[0; 32], 0x8a91_36aa),
            (&[0xff; 32], 0x62a8_ab43),
            (&up, 0x46dd_794e),
            (&down, 0x113f_db5c),
        ];
        for (bytes, checksum) in vectors {
            assert_eq!(crc32c(bytes), checksum, "{bytes:?}");
        }
    }

    /// TensorFlow's own test of the mask: masking is undone by its inverse, and is no identity.
    #[test]
    fn a_mask_can_be_taken_off() {
        let crc = crc32c(b"foo");
        let unmasked = masked(crc).wrapping_sub(MASK).rotate_left(15);
        assert_eq!(unmasked, crc);
        assert_ne!(masked(crc), crc);
        assert_ne!(masked(masked(crc)), crc);
    }

    proptest! {
        #[test]
        fn what_was_framed_is_read_back(records: Vec<Vec<u8>>) {
            let mut file = Vec::new();
            records.iter().for_each(|record| append(record, &mut file));
            let mut read = Records::of(&file);
            let found: Vec<Vec<u8>> = read.by_ref().map(<[u8]>::to_vec).collect();
            prop_assert_eq!(found, records);
            prop_assert!(read.rest().is_empty());
        }

        #[test]
        fn a_torn_or_damaged_record_is_not_read(
            record in proptest::collection::vec(any::<u8>(), 1..40), at: usize, damage in 1..=255_u8,
        ) {
            let mut file = Vec::new();
            append(b"whole", &mut file);
            let whole = file.len();
            append(&record, &mut file);
            let at = whole + at % (file.len() - whole);
            let torn: Vec<&[u8]> = Records::of(&file[..at]).collect();
            prop_assert_eq!(torn, [b"whole"]);
            file[at] ^= damage;
            let mut damaged = Records::of(&file);
            prop_assert_eq!(damaged.by_ref().count(), 1);
            prop_assert_eq!(damaged.rest(), &file[whole..]);
        }
    }
}
