//! gzip's members.

use std::io::{Read as _, Write as _};

use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};

use crate::draw::Draw;

/// One member with a checksum that fits, compressed to a drawn degree.
pub(crate) fn pack(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut builder = GzBuilder::new().mtime(draw.below(1 << 30) as u32);
    if draw.once_in(3) {
        builder = builder.filename("a name").comment("a comment").extra(vec![1, 2, 3, 4]);
    }
    let level = Compression::new(draw.below(10) as u32);
    let mut encoder = builder.write(Vec::new(), level);
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    // Nothing can fail in memory.
    written.unwrap_or_default()
}

/// The same content in up to three members one after the other.
pub(crate) fn pack_in_members(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let cut = draw.below(bytes.len() + 1);
    let (head, tail) = bytes.split_at(cut);
    [pack(head, draw), pack(tail, draw)].concat()
}

/// What the members hold, as far as they are whole, up to `limit` bytes.
pub(crate) fn unpack(bytes: &[u8], limit: u64) -> Vec<u8> {
    let mut content = Vec::new();
    let _ = MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut content);
    content
}
