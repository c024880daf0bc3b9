//! JPEG, by its segments.

use image::ImageFormat;

use super::{Format, images};
use crate::draw::Draw;
use crate::input::Input;
use crate::mutate;

pub(super) const FORMAT: Format =
    Format { name: "jpeg", seeds, mutate: damage, respell, read: images::read };

const NAME: &str = "a.jpg";
/// The markers that stand alone or that decoders look behind.
const MARKERS: &[u8] = &[
    0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xcc, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe0, 0xe1,
    0xe2, 0xee, 0xfe,
];
const START_OF_SCAN: u8 = 0xda;

/// A marker with what follows it up to the next; the scan is the last.
#[derive(Clone, Debug)]
struct Segment {
    marker: u8,
    data: Vec<u8>,
}

/// The segments after the first marker, and what follows the header of the scan.
fn parse(bytes: &[u8]) -> Option<(Vec<Segment>, Vec<u8>)> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    let mut segments = Vec::new();
    loop {
        let (&[mark, marker, high, low], after) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(2)?;
        let (data, after) = after.split_at_checked(length)?;
        if mark != 0xff {
            return None;
        }
        segments.push(Segment { marker, data: data.to_vec() });
        if marker == START_OF_SCAN {
            return Some((segments, after.to_vec()));
        }
        rest = after;
    }
}

fn to_bytes(segments: &[Segment], scan: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    for Segment { marker, data } in segments {
        bytes.extend([0xff, *marker]);
        bytes.extend((data.len() as u16).wrapping_add(2).to_be_bytes());
        bytes.extend(data);
    }
    bytes.extend(scan);
    bytes
}

fn seeds() -> Vec<Input> {
    images::pictures(NAME, ImageFormat::Jpeg)
}

fn damage(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    let Some((mut segments, mut scan)) = parse(bytes) else {
        return mutate::bytes(bytes, &[], draw);
    };
    match draw.below(7) {
        0 => mutate::parts(&mut segments, draw),
        1 => {
            let length = draw.below(80);
            let segment = Segment { marker: *draw.pick(MARKERS), data: draw.bytes(length) };
            segments.insert(draw.below(segments.len() + 1), segment);
        }
        2 | 3 => damage_frame(&mut segments, draw),
        4 => {
            let at = draw.below(segments.len());
            if let Some(segment) = segments.get_mut(at) {
                mutate::bytes(&mut segment.data, &[], draw);
            }
        }
        5 => scan.truncate(draw.below(scan.len() + 1)),
        _ => {
            let marker = [0xff, *draw.pick(MARKERS)];
            let at = draw.below(scan.len() + 1);
            scan.splice(at..at, marker);
        }
    }
    *bytes = to_bytes(&segments, &scan);
}

/// Precision, height, width and the components' factors stand at the beginning of a frame.
fn damage_frame(segments: &mut [Segment], draw: &mut Draw) {
    let mut frames = segments.iter_mut().filter(|segment| matches!(segment.marker, 0xc0..=0xc2));
    let Some(Segment { marker, data }) = frames.next() else { return };
    match draw.below(5) {
        0 => mutate::field(data, 1, 2, draw),
        1 => mutate::field(data, 3, 2, draw),
        2 => *marker = *draw.pick(MARKERS),
        3 => {
            if let Some(size) = data.get_mut(1..5) {
                size.fill(0xff);
            }
        }
        _ => {
            let value = draw.byte();
            let at = draw.below(data.len());
            data.iter_mut().skip(at).take(1).for_each(|byte| *byte = value);
        }
    }
}

/// A comment means nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let (mut segments, scan) = parse(input.bytes(NAME))?;
    let length = draw.below(300);
    segments.insert(1, Segment { marker: 0xfe, data: draw.bytes(length) });
    Some(Input::file(NAME, to_bytes(&segments, &scan)))
}
