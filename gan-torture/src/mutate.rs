//! Mutations that need no knowledge of a format.

use crate::draw::Draw;

/// Inputs do not grow beyond this, so that a case takes its time for reading.
const LARGEST: usize = 4 << 20;

/// One change somewhere in the bytes; `other` is another input of the same format.
pub(crate) fn bytes(bytes: &mut Vec<u8>, other: &[u8], draw: &mut Draw) {
    match draw.below(9) {
        0 => flip_bits(bytes, draw),
        1 => bytes.truncate(draw.below(bytes.len() + 1)),
        2 => drop(bytes.drain(draw.part(bytes.len(), 64))),
        3 => {
            let at = draw.below(bytes.len() + 1);
            let length = draw.below(32);
            let new = draw.bytes(length);
            bytes.splice(at..at, new);
        }
        4 => {
            let piece = bytes[draw.part(bytes.len(), 64)].to_vec();
            let at = draw.below(bytes.len() + 1);
            let times = 1 << draw.below(8);
            bytes.splice(at..at, piece.repeat(times));
        }
        5 => number(bytes, draw),
        6 => {
            let piece = other[draw.part(other.len(), 4096)].to_vec();
            let part = draw.part(bytes.len(), 4096);
            bytes.splice(part, piece);
        }
        7 => {
            let value = *draw.pick(&[0, 0xff, 0x7f, 0x80, b'\n', b' ']);
            let part = draw.part(bytes.len(), 256);
            bytes[part].fill(value);
        }
        _ => {
            let value = draw.byte();
            let at = draw.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
    }
    bytes.truncate(LARGEST);
}

fn flip_bits(bytes: &mut [u8], draw: &mut Draw) {
    for _ in 0..=draw.below(4) {
        let (at, bit) = (draw.below(bytes.len()), draw.below(8));
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }
}

/// Overwrite 1, 2, 4 or 8 bytes anywhere with an extreme number, in either byte order.
fn number(bytes: &mut [u8], draw: &mut Draw) {
    let width = 1 << draw.below(4);
    // Headers stand at the beginning.
    let end = if draw.once_in(2) { bytes.len().min(64) } else { bytes.len() };
    let at = draw.below((end + 1).saturating_sub(width));
    field(bytes, at, width, draw);
}

/// Overwrite the field of `width` bytes at `at` with an extreme number, in either byte order.
pub(crate) fn field(bytes: &mut [u8], at: usize, width: usize, draw: &mut Draw) {
    let value = draw.extreme();
    let is_little = draw.once_in(2);
    let Some(slot) = bytes.get_mut(at..at + width) else { return };
    match is_little {
        true => slot.copy_from_slice(&value.to_le_bytes()[..width]),
        false => slot.copy_from_slice(&value.to_be_bytes()[8 - width..]),
    }
}

/// Drop, double, move or empty one of the parts, or make another part of its content.
pub(crate) fn parts<T: Clone>(parts: &mut Vec<T>, draw: &mut Draw) {
    if parts.is_empty() {
        return;
    }
    let (at, to) = (draw.below(parts.len()), draw.below(parts.len()));
    match draw.below(4) {
        0 => drop(parts.remove(at)),
        1 => parts.insert(to, parts[at].clone()),
        2 => parts.swap(at, to),
        _ => {
            let part = parts[at].clone();
            let times = 1 << draw.below(7);
            parts.splice(at..at, std::iter::repeat_n(part, times));
        }
    }
}
