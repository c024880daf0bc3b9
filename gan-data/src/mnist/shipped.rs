//! The four files of MNIST that `gan-mnist` ships, unpacked and checked.

mod error;

use std::io;
use std::path::Path;

use gan_mnist::{MnistFile, TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS};
use ruzstd::decoding::FrameDecoder;

pub use error::ShippedError;

use super::{Digits, Part};
use crate::{DataError, Fingerprint};

pub(super) fn read(part: Part) -> Result<Digits, DataError> {
    let (images, labels) = match part {
        Part::Train => (TRAIN_IMAGES, TRAIN_LABELS),
        Part::Test => (TEST_IMAGES, TEST_LABELS),
    };
    Digits::parse(
        (Path::new(images.name), unpacked(images)?),
        (Path::new(labels.name), unpacked(labels)?),
    )
}

/// The authors' file, byte for byte.
fn unpacked(file: MnistFile) -> Result<Vec<u8>, ShippedError> {
    let MnistFile { name, compressed, n_bytes, sha256: expected } = file;
    let mut bytes = vec![0; n_bytes];
    let n_unpacked = FrameDecoder::new()
        .decode_all(compressed, &mut bytes)
        .map_err(|error| ShippedError::Unpack { name, source: io::Error::other(error) })?;
    bytes.truncate(n_unpacked);
    let found = Fingerprint::of_bytes(&bytes).to_string();
    if found != expected {
        return Err(ShippedError::Checksum { name, expected, found });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digest_is_an_error_with_both() {
        let error = unpacked(MnistFile { sha256: "00", ..TEST_LABELS }).unwrap_err();
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
        let cut = MnistFile { compressed: &TEST_LABELS.compressed[..2000], ..TEST_LABELS };
        let error = unpacked(cut).unwrap_err();
        assert_eq!(error.to_string(), "cannot unpack the shipped t10k-labels-idx1-ubyte");

        let mut flipped = TEST_LABELS.compressed.to_vec();
        flipped[3000] ^= 1;
        let flipped = MnistFile { compressed: flipped.leak(), ..TEST_LABELS };
        let error = unpacked(flipped).unwrap_err();
        assert!(matches!(error, ShippedError::Checksum { .. } | ShippedError::Unpack { .. }));
    }
}
