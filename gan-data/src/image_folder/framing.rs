//! How the bytes of an image file are framed, as far as the decoders do not report it: whether a JPEG
//! file goes to its end, and whether a file has more frames than the first.

use image::ImageFormat;

/// Whether the marks of a JPEG file lead from its start to an end mark.
///
/// A decoder fills what is missing with gray; this is how a truncated file is recognized. What
/// follows the end mark does not matter, and thumbnails are within a segment that is skipped.
pub(super) fn jpeg_is_whole(bytes: &[u8]) -> bool {
    const START: u8 = 0xd8;
    const END: u8 = 0xd9;
    let mut rest = bytes;
    loop {
        // Between two marks there is entropy-coded data, or fill bytes; 0xff00 stands for 0xff.
        let Some(at) =
            rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff))
        else {
            return false;
        };
        let mark = rest[at + 1];
        rest = &rest[at + 2..];
        match mark {
            END => return true,
            // These have no length: temporary, restart 0 to 7, start.
            0x01 | 0xd0..=0xd7 | START => {}
            _ => {
                let Some(length) = rest.first_chunk().map(|&length| u16::from_be_bytes(length))
                else {
                    return false;
                };
                let Some(behind) = rest.get(usize::from(length)..) else { return false };
                rest = behind;
            }
        }
    }
}

/// Whether an image file holds more frames or pages than the first, which is the one that is read.
pub(super) fn has_several(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Gif => gif_frames(bytes).unwrap_or(0) > 1,
        // The animation bit of the extended header.
        ImageFormat::WebP => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0)
        }
        ImageFormat::Png => png_is_animated(bytes).unwrap_or(false),
        _ => false,
    }
}

/// Counts up to the second frame of a GIF; `None` where the file is cut.
fn gif_frames(bytes: &[u8]) -> Option<usize> {
    let color_table = |flags: u8| match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    };
    let mut rest = bytes.get(13 + color_table(*bytes.get(10)?)..)?;
    let mut frames = 0;
    while frames < 2 {
        rest = match rest.first()? {
            // An extension: its label, then blocks.
            0x21 => behind_blocks(rest.get(2..)?)?,
            // A frame: its descriptor, color table and code size, then blocks.
            0x2c => {
                frames += 1;
                behind_blocks(rest.get(11 + color_table(*rest.get(9)?)..)?)?
            }
            _ => break,
        };
    }
    Some(frames)
}

/// What follows a chain of blocks, each with its length in front, the last of length 0.
fn behind_blocks(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (&length, behind) = rest.split_first()?;
        rest = behind.get(usize::from(length)..)?;
        if length == 0 {
            return Some(rest);
        }
    }
}

/// Whether an animation chunk comes before the data of a PNG.
fn png_is_animated(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        match rest.get(4..8)? {
            b"acTL" => return Some(true),
            b"IDAT" => return Some(false),
            _ => rest = rest.get(length.checked_add(12)?..)?,
        }
    }
}
