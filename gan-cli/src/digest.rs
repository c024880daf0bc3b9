//! SHA-256, written out.

use sha2::{Digest, Sha256};

/// The SHA-256 of bytes in 64 hexadecimal digits.
pub(crate) fn sha256_digits(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_digits(b"abc"), expected);
    }
}
