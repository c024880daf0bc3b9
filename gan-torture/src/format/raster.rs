//! Formats of images whose header is a row of numbers at known places.

use image::ImageFormat;

use super::{Format, images};
use crate::draw::Draw;
use crate::input::Input;
use crate::{mutate, text};

pub(super) const GIF: Format = Format {
    name: "gif",
    seeds: || images::pictures("a.gif", ImageFormat::Gif),
    mutate: |input, draw| damage(input, draw, gif_fields),
    respell,
    read: images::read,
};
pub(super) const BMP: Format = Format {
    name: "bmp",
    seeds: || images::pictures("a.bmp", ImageFormat::Bmp),
    mutate: |input, draw| damage(input, draw, bmp_fields),
    respell,
    read: images::read,
};
pub(super) const TIFF: Format = Format {
    name: "tiff",
    seeds: || images::pictures("a.tiff", ImageFormat::Tiff),
    mutate: |input, draw| damage(input, draw, tiff_fields),
    respell,
    read: images::read,
};
pub(super) const WEBP: Format = Format {
    name: "webp",
    seeds: || images::pictures("a.webp", ImageFormat::WebP),
    mutate: |input, draw| damage(input, draw, webp_fields),
    respell,
    read: images::read,
};
pub(super) const QOI: Format = Format {
    name: "qoi",
    seeds: || images::pictures("a.qoi", ImageFormat::Qoi),
    mutate: |input, draw| damage(input, draw, qoi_fields),
    respell,
    read: images::read,
};
pub(super) const PNM: Format = Format {
    name: "pnm",
    seeds: || images::pictures("a.ppm", ImageFormat::Pnm),
    mutate: damage_pnm,
    respell,
    read: images::read,
};

/// Where a number stands and how many bytes it has.
type Field = (usize, usize);

/// An extreme number in one of the fields, or a byte that is not far from the one that was there.
fn damage(input: &mut Input, draw: &mut Draw, fields: fn(&[u8]) -> Vec<Field>) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    let fields = fields(bytes);
    if fields.is_empty() || draw.once_in(5) {
        return mutate::bytes(bytes, &[], draw);
    }
    let (at, width) = *draw.pick(&fields);
    if draw.once_in(3) {
        let step = draw.below(5) as u8;
        bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(step));
    } else {
        mutate::field(bytes, at, width, draw);
    }
}

/// The screen, and the first frame where there is one.
fn gif_fields(bytes: &[u8]) -> Vec<Field> {
    let mut fields = vec![(6, 2), (8, 2), (10, 1), (11, 1), (12, 1)];
    let n_colors =
        bytes.get(10).map_or(0, |flags| if flags & 0x80 == 0 { 0 } else { 2 << (flags & 7) });
    let body = 13 + 3 * n_colors;
    let frame =
        bytes.iter().skip(body).position(|&byte| byte == 0x2c).map(|skipped| body + skipped);
    fields.extend(frame.into_iter().flat_map(|at| {
        [
            (at + 1, 2),
            (at + 3, 2),
            (at + 5, 2),
            (at + 7, 2),
            (at + 9, 1),
            (at + 10, 1),
            (at + 11, 1),
        ]
    }));
    fields
}

/// The file's header and the largest of the headers of the image.
fn bmp_fields(_: &[u8]) -> Vec<Field> {
    let words = [2, 10, 14, 18, 22, 30, 34, 38, 42, 46, 50, 54, 58, 62, 66].map(|at| (at, 4));
    words.into_iter().chain([(26, 2), (28, 2)]).collect()
}

/// The offset of the directory and every number of it.
fn tiff_fields(bytes: &[u8]) -> Vec<Field> {
    let is_little = bytes.starts_with(b"II");
    let number = |at: usize, width: usize| {
        let digits = bytes.get(at..at.checked_add(width)?)?;
        let add = |number, &byte: &u8| number << 8 | usize::from(byte);
        Some(if is_little { digits.iter().rev().fold(0, add) } else { digits.iter().fold(0, add) })
    };
    let mut fields = vec![(0, 2), (2, 2), (4, 4)];
    if let Some(directory) = number(4, 4)
        && let Some(n_entries) = number(directory, 2)
    {
        fields.push((directory, 2));
        let entries = (0..n_entries.min(64)).map(|index| directory + 2 + 12 * index);
        fields.extend(entries.flat_map(|at| [(at, 2), (at + 2, 2), (at + 4, 4), (at + 8, 4)]));
    }
    fields
}

/// The sizes of the file and of its first chunk, the chunk's name, width and height.
fn webp_fields(_: &[u8]) -> Vec<Field> {
    vec![(4, 4), (12, 4), (16, 4), (20, 1), (21, 4), (25, 1), (26, 2), (28, 2), (30, 4), (34, 4)]
}

fn qoi_fields(_: &[u8]) -> Vec<Field> {
    vec![(4, 4), (8, 4), (12, 1), (13, 1), (14, 1)]
}

/// The header is text.
fn damage_pnm(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    let end = bytes.len().min(20);
    let mut header: Vec<u8> = bytes.drain(..end).collect();
    match draw.below(4) {
        0 => {
            let kind = b'0' + draw.below(9) as u8;
            header.iter_mut().skip(1).take(1).for_each(|byte| *byte = kind);
        }
        _ => text::tokens(&mut header, draw),
    }
    bytes.splice(..0, header);
}

/// The content determines which format it is, not the name.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let name = *draw.pick(&["a.png", "B.JPG", "c.webp", "d.Tif", "a.bmp", "e.qoi"]);
    let bytes = input.entries.keys().next().map(|name| input.bytes(name))?;
    Some(Input::file(name, bytes))
}
