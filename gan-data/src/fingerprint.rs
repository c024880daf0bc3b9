//! The SHA-256 of a dataset, which a run's records name its data by.

use std::fmt;

use sha2::{Digest, Sha256};

/// SHA-256 of a dataset: equal fingerprints mean equal samples in equal order with equal labels.
///
/// Hashed are, in this order: the rank and the shape of a sample and the number of samples
/// (`u64`), the values as they are held in memory (`f32` for points, bytes for images), and the
/// labels (`u32`), all little-endian. It prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The 32 bytes of the digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The plain digest of some bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The fingerprint of samples of one shape; `values` is called with the hash to fill.
    pub(crate) fn of_samples(
        shape: &[usize],
        n_samples: usize,
        labels: &[u32],
        values: impl FnOnce(&mut Sha256),
    ) -> Self {
        let mut hash = Sha256::new();
        let sizes = [&[shape.len()], shape, &[n_samples]];
        for size in sizes.concat() {
            hash.update((size as u64).to_le_bytes());
        }
        values(&mut hash);
        for label in labels {
            hash.update(label.to_le_bytes());
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
