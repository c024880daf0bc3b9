//! PNG, by its chunks.

use image::ImageFormat;

use super::{Format, images};
use crate::container::chunks::{self, Chunk};
use crate::container::{unzlib, zlib};
use crate::draw::Draw;
use crate::input::Input;
use crate::mutate;

pub(super) const FORMAT: Format =
    Format { name: "png", seeds, mutate: damage, respell, read: images::read };

const NAME: &str = "a.png";
/// Pixels of a seed take less.
const LARGEST: u64 = 1 << 20;
/// Kinds that decoders look into.
const KINDS: &[[u8; 4]] = &[
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"iCCP",
    *b"tEXt", *b"zTXt", *b"iTXt", *b"bKGD", *b"pHYs", *b"sBIT", *b"eXIf", *b"acTL", *b"fcTL",
    *b"fdAT", *b"cICP", *b"mDCV", *b"cLLI", *b"abcd", *b"ABCD",
];

fn seeds() -> Vec<Input> {
    images::pictures(NAME, ImageFormat::Png)
}

fn damage(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    let Some(mut all) = chunks::parse(bytes) else { return mutate::bytes(bytes, &[], draw) };
    damage_chunks(&mut all, draw);
    *bytes = chunks::to_bytes(&all);
}

fn damage_chunks(all: &mut Vec<Chunk>, draw: &mut Draw) {
    let find = |all: &[Chunk], kind| all.iter().position(|chunk| &chunk.kind == kind);
    match draw.below(7) {
        0 => mutate::parts(all, draw),
        1 => {
            let length = draw.below(40);
            let chunk = Chunk::new(*draw.pick(KINDS), draw.bytes(length));
            all.insert(draw.below(all.len() + 1), chunk);
        }
        2 | 3 => {
            if let Some(header) = find(all, b"IHDR") {
                damage_header(&mut all[header].data, draw);
            }
        }
        4 | 5 => {
            if let Some(pixels) = find(all, b"IDAT") {
                damage_pixels(&mut all[pixels].data, draw);
            }
        }
        _ => {
            let at = draw.below(all.len());
            if let Some(chunk) = all.get_mut(at) {
                mutate::bytes(&mut chunk.data, &[], draw);
            }
        }
    }
}

/// Width, height, and the five bytes behind them.
fn damage_header(data: &mut [u8], draw: &mut Draw) {
    match draw.below(4) {
        0 => mutate::field(data, 0, 4, draw),
        1 => mutate::field(data, 4, 4, draw),
        // A size that a reader may believe.
        2 => {
            let side = (draw.below(70_000) as u32).to_be_bytes();
            if let Some(slots) = data.get_mut(..8) {
                slots.copy_from_slice(&[side, side].concat());
            }
        }
        _ => {
            let value = *draw.pick(&[0, 1, 2, 3, 4, 6, 8, 16, 255]);
            let at = 8 + draw.below(5);
            data.iter_mut().skip(at).take(1).for_each(|byte| *byte = value);
        }
    }
}

/// Other pixels, in a stream that is whole.
fn damage_pixels(data: &mut Vec<u8>, draw: &mut Draw) {
    let mut pixels = unzlib(data, LARGEST);
    if draw.once_in(40) {
        pixels.resize(draw.below(256 << 20), 0);
    } else {
        mutate::bytes(&mut pixels, &[], draw);
    }
    *data = zlib(&pixels);
}

/// Where the stream of pixels is cut into chunks, how it is compressed, and text beside it, mean nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let all = chunks::parse(input.bytes(NAME))?;
    let stream: Vec<u8> =
        all.iter().filter(|chunk| &chunk.kind == b"IDAT").flat_map(|c| c.data.clone()).collect();
    let stream = zlib(&unzlib(&stream, LARGEST));
    let (head, tail) = stream.split_at(draw.below(stream.len() + 1));
    let mut respelled = Vec::new();
    for chunk in all {
        match &chunk.kind {
            b"IDAT" => {}
            b"IEND" => {
                respelled.push(Chunk::new(*b"IDAT", head));
                respelled.push(Chunk::new(*b"IDAT", tail));
                respelled.push(Chunk::new(*b"tEXt", *b"Comment\0nothing"));
                respelled.push(chunk);
            }
            _ => respelled.push(chunk),
        }
    }
    Some(Input::file(NAME, chunks::to_bytes(&respelled)))
}
