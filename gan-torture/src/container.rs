//! Containers with checksums: taken apart and put together again, so that damage inside does not
//! end at a checksum that fails.

pub(crate) mod archive;
pub(crate) mod chunks;
pub(crate) mod gzip;

/// The CRC-32 of PNG, gzip and zip.
pub(crate) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Deflated bytes in zlib's frame.
pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    // Nothing can fail in memory.
    written.unwrap_or_default()
}

/// What deflated bytes in zlib's frame hold, as far as they are whole, up to `limit` bytes.
pub(crate) fn unzlib(bytes: &[u8], limit: u64) -> Vec<u8> {
    use std::io::Read as _;
    let mut content = Vec::new();
    let _ = flate2::read::ZlibDecoder::new(bytes).take(limit).read_to_end(&mut content);
    content
}
