//! What can be wrong with the files that ship with the program.

use std::io;

/// Why MNIST cannot be had from the program itself: it is damaged;
/// [`DataError::Shipped`](crate::DataError::Shipped) holds it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShippedError {
    /// A file that ships with the crate cannot be unpacked.
    #[error("cannot unpack the shipped {name}")]
    Unpack {
        /// The file's name.
        name: &'static str,
        /// What the decoder said.
        source: io::Error,
    },

    /// A file that ships with the crate is damaged.
    #[error("the shipped {name} has the SHA-256 {found}, expected {expected}")]
    Checksum {
        /// The file's name.
        name: &'static str,
        /// The digest that the authors' file has.
        expected: &'static str,
        /// The digest of what was decoded.
        found: String,
    },
}
