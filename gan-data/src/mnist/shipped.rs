//! The four files of MNIST that are part of the crate.

use std::io;
use std::path::Path;

use ruzstd::decoding::FrameDecoder;

use super::{Digits, Part};
use crate::{DataError, Fingerprint};

/// An original file, compressed, with what it must become.
struct Shipped {
    name: &'static str,
    compressed: &'static [u8],
    n_bytes: usize,
    sha256: &'static str,
}

const TRAIN_IMAGES: Shipped = Shipped {
    name: "train-images-idx3-ubyte",
    compressed: include_bytes!("../../mnist/train-images-idx3-ubyte.zst"),
    n_bytes: 47_040_016,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
};

const TRAIN_LABELS: Shipped = Shipped {
    name: "train-labels-idx1-ubyte",
    compressed: include_bytes!("../../mnist/train-labels-idx1-ubyte.zst"),
    n_bytes: 60_008,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
};

const TEST_IMAGES: Shipped = Shipped {
    name: "t10k-images-idx3-ubyte",
    compressed: include_bytes!("../../mnist/t10k-images-idx3-ubyte.zst"),
    n_bytes: 7_840_016,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
};

const TEST_LABELS: Shipped = Shipped {
    name: "t10k-labels-idx1-ubyte",
    compressed: include_bytes!("../../mnist/t10k-labels-idx1-ubyte.zst"),
    n_bytes: 10_008,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

pub(super) fn read(part: Part) -> Result<Digits, DataError> {
    let (images, labels) = match part {
        Part::Train => (TRAIN_IMAGES, TRAIN_LABELS),
        Part::Test => (TEST_IMAGES, TEST_LABELS),
    };
    Digits::parse(
        (Path::new(images.name), images.unpack()?),
        (Path::new(labels.name), labels.unpack()?),
    )
}

impl Shipped {
    fn unpack(&self) -> Result<Vec<u8>, DataError> {
        let mut bytes = vec![0; self.n_bytes];
        let unpacked = FrameDecoder::new().decode_all(self.compressed, &mut bytes);
        let n_unpacked = unpacked.map_err(|error| DataError::Shipped {
            name: self.name,
            source: io::Error::other(error),
        })?;
        bytes.truncate(n_unpacked);
        let found = Fingerprint::of_bytes(&bytes).to_string();
        if found != self.sha256 {
            return Err(DataError::Checksum { name: self.name, expected: self.sha256, found });
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digest_is_an_error_with_both() {
        let error = Shipped { sha256: "00", ..TEST_LABELS }.unpack().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the shipped t10k-labels-idx1-ubyte has the SHA-256 {}, expected 00",
                TEST_LABELS.sha256
            )
        );
    }

    #[test]
    fn damaged_bytes_are_an_error_that_names_the_file() {
        let cut = Shipped { compressed: &TEST_LABELS.compressed[..2000], ..TEST_LABELS };
        let error = cut.unpack().unwrap_err();
        assert_eq!(error.to_string(), "cannot unpack the shipped t10k-labels-idx1-ubyte");

        let mut flipped = TEST_LABELS.compressed.to_vec();
        flipped[3000] ^= 1;
        let flipped = Shipped { compressed: flipped.leak(), ..TEST_LABELS };
        let error = flipped.unpack().unwrap_err();
        assert!(matches!(error, DataError::Checksum { .. } | DataError::Shipped { .. }));
    }
}
