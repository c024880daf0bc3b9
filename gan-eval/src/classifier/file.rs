//! A classifier as a file: a mark, its sizes, its accuracy, its name, its weights, and the SHA-256 of all that.

use burn::tensor::Device;
use sha2::{Digest, Sha256};

use super::Classifier;
use super::network::{Folded, Sizes};
use crate::digest::sha256_digits;

/// The first bytes of the file: what it is, and the version of the format.
const MARK: &[u8; 8] = b"gan-clf1";
/// Bytes of a SHA-256.
const DIGEST: usize = 32;
/// Channels, classes, width, and the length of the id, each as a little-endian `u32`; the accuracy as an `f64`,
/// not a number where it is not known.
const HEADER: usize = 4 * 4 + 8;
/// The most of a size: more is no classifier but a mistake.
const MOST: u32 = 4096;
/// Hexadecimal digits of the weights' SHA-256 in an id.
const DIGITS: usize = 12;

/// Why a file holds no classifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifierFileError {
    /// The first bytes are others.
    #[error("starts with {found:02x?}, expected the mark of a classifier, {MARK:02x?}")]
    Mark {
        /// The first eight bytes, or fewer.
        found: Vec<u8>,
    },
    /// The sizes are none that a classifier has.
    #[error(
        "has {channels} channels, {classes} classes and a width of {width}, expected 1 to {MOST} each"
    )]
    Sizes {
        /// Channels of the images.
        channels: u32,
        /// Classes.
        classes: u32,
        /// Maps of the first convolution.
        width: u32,
    },
    /// The file is cut off, or goes on after its end.
    #[error("has {found} bytes, expected {expected}")]
    Length {
        /// The length that follows from the sizes.
        expected: usize,
        /// The length of the file.
        found: usize,
    },
    /// The digest at the end is not that of the bytes before it.
    #[error("is damaged: its SHA-256 is another than it says")]
    Checksum,
    /// The name is not text.
    #[error("has a name that is not UTF-8")]
    Name,
}

/// The id of a network: its name and the beginning of its weights' SHA-256.
pub(super) fn id(name: &str, network: &Folded) -> String {
    let digits = sha256_digits(&bytes_of(&network.values()));
    format!("{name}-{}", &digits[..DIGITS])
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

pub(super) fn write(id: &str, test_accuracy: Option<f64>, network: &Folded) -> Vec<u8> {
    let Sizes { channels, classes, width } = network.sizes();
    let mut bytes = MARK.to_vec();
    for number in [channels, classes, width, id.len()] {
        bytes.extend((number as u32).to_le_bytes());
    }
    bytes.extend(test_accuracy.unwrap_or(f64::NAN).to_le_bytes());
    bytes.extend(id.as_bytes());
    bytes.extend(bytes_of(&network.values()));
    let digest: [u8; DIGEST] = Sha256::digest(&bytes).into();
    bytes.extend(digest);
    bytes
}

pub(super) fn read(bytes: &[u8], device: &Device) -> Result<Classifier, ClassifierFileError> {
    let Some(rest) = bytes.strip_prefix(MARK) else {
        let found = bytes.iter().take(MARK.len()).copied().collect();
        return Err(ClassifierFileError::Mark { found });
    };
    let length = |expected| ClassifierFileError::Length { expected, found: bytes.len() };
    let Some((header, rest)) = rest.split_at_checked(HEADER) else {
        return Err(length(MARK.len() + HEADER));
    };
    let number = |at: usize| {
        let bytes = [0, 1, 2, 3].map(|i| header[4 * at + i]);
        u32::from_le_bytes(bytes)
    };
    let [channels, classes, width] = [number(0), number(1), number(2)];
    if [channels, classes, width].iter().any(|size| !(1..=MOST).contains(size)) {
        return Err(ClassifierFileError::Sizes { channels, classes, width });
    }
    let [channels, classes, width] = [channels, classes, width].map(|size| size as usize);
    let sizes = Sizes { channels, classes, width };
    let (id_bytes, weight_bytes) = (number(3) as usize, 4 * sizes.n_values());
    let expected = MARK.len() + HEADER + id_bytes + weight_bytes + DIGEST;
    if bytes.len() != expected {
        return Err(length(expected));
    }
    let (signed, digest) = bytes.split_at(bytes.len() - DIGEST);
    if Sha256::digest(signed)[..] != *digest {
        return Err(ClassifierFileError::Checksum);
    }
    let (id, rest) = rest.split_at(id_bytes);
    let id = String::from_utf8(id.to_vec()).map_err(|_| ClassifierFileError::Name)?;
    let numbers = rest[..weight_bytes].chunks_exact(4);
    let values: Vec<f32> = numbers.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let network = Folded::from_values(sizes, &values, device);
    let accuracy = f64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|i| header[HEADER - 8 + i]));
    Ok(Classifier { id, test_accuracy: Some(accuracy).filter(|share| !share.is_nan()), network })
}
