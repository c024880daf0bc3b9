//! PNG's chunks.

use super::crc;

const MARK: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk without its length and checksum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chunk {
    /// Four letters.
    pub(crate) kind: [u8; 4],
    /// The content.
    pub(crate) data: Vec<u8>,
}

impl Chunk {
    /// A chunk of that kind.
    pub(crate) fn new(kind: [u8; 4], data: impl Into<Vec<u8>>) -> Self {
        Self { kind, data: data.into() }
    }
}

/// The chunks of a file, as far as they are whole; `None` for another format.
pub(crate) fn parse(bytes: &[u8]) -> Option<Vec<Chunk>> {
    let mut rest = bytes.strip_prefix(MARK)?;
    let mut chunks = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((kind, after)) = after.split_first_chunk() else { break };
        let Some((data, after)) = after.split_at_checked(length) else { break };
        chunks.push(Chunk::new(*kind, data));
        rest = after.get(4..).unwrap_or_default();
    }
    Some(chunks)
}

/// The file of these chunks, with lengths and checksums that fit.
pub(crate) fn to_bytes(chunks: &[Chunk]) -> Vec<u8> {
    let mut bytes = MARK.to_vec();
    for Chunk { kind, data } in chunks {
        let checked = [&kind[..], data].concat();
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(&checked);
        bytes.extend(crc(&checked).to_be_bytes());
    }
    bytes
}
