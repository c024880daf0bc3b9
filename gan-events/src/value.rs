//! Summaries: a number, a picture, a histogram or a text under a tag.
//!
//! Numbers and pictures are stored as `simple_value` and `image`, which every reader of event files
//! knows; texts and histograms as the tensors of TensorBoard 2.
//!
//! # Source
//! `tensorboard/compat/proto/{summary,tensor,tensor_shape,types}.proto` and the `metadata.py` of the
//! plugins `scalar`, `image`, `histogram` and `text`.

use crate::histogram::Histogram;
use crate::protobuf::Message;

/// `DataType` of a tensor.
const DOUBLE: u64 = 2;
const STRING: u64 = 7;
/// `DataClass` of a plugin.
const SCALAR: u64 = 1;
const TENSOR: u64 = 2;
const BLOBS: u64 = 3;
/// What PNG files begin with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What is told under a tag at one moment.
///
/// A tag is a path: TensorBoard groups the cards of `critic/loss` and `critic/penalty` under `critic`.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    message: Message,
}

impl Value {
    /// A number. TensorBoard keeps 32 bits of it; it draws NaN as a triangle and the infinite as a gap.
    pub fn scalar(tag: &str, number: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the format has 32 bits")]
        let number = number as f32;
        Self { message: tagged(tag).float(2, number).message(9, &metadata("scalars", SCALAR)) }
    }

    /// A picture, as the bytes of a PNG file; nothing if they are none.
    pub fn image(tag: &str, png: &[u8]) -> Option<Self> {
        let [width, height, channels] = png_header(png)?;
        let image =
            Message::default().varint(1, height).varint(2, width).varint(3, channels).bytes(4, png);
        let message = tagged(tag).message(4, &image).message(9, &metadata("images", BLOBS));
        Some(Self { message })
    }

    /// How numbers are distributed.
    pub fn histogram(tag: &str, histogram: &Histogram) -> Self {
        let buckets = histogram.buckets();
        let numbers = buckets.iter().flatten().flat_map(|number| number.to_le_bytes());
        let content: Vec<u8> = numbers.collect();
        let shape = shape(&[buckets.len() as u64, 3]);
        let tensor = Message::default().varint(1, DOUBLE).message(2, &shape).bytes(4, &content);
        let message = tagged(tag).message(8, &tensor).message(9, &metadata("histograms", TENSOR));
        Self { message }
    }

    /// A text in Markdown. TensorBoard shows tables and fenced code, and takes out scripts.
    pub fn text(tag: &str, markdown: &str) -> Self {
        let tensor =
            Message::default().varint(1, STRING).message(2, &shape(&[1])).text(8, markdown);
        Self { message: tagged(tag).message(8, &tensor).message(9, &metadata("text", TENSOR)) }
    }

    /// A value that is nothing but the data of a plugin.
    pub(crate) fn of_plugin(tag: &str, plugin: &str, data: &Message) -> Self {
        const FLOAT: u64 = 1;
        let nothing = Message::default().varint(1, FLOAT).message(2, &shape(&[0]));
        let plugin = Message::default().text(1, plugin).message(2, data);
        let metadata = Message::default().message(1, &plugin);
        Self { message: tagged(tag).message(8, &nothing).message(9, &metadata) }
    }

    pub(crate) fn as_message(&self) -> &Message {
        &self.message
    }
}

fn tagged(tag: &str) -> Message {
    Message::default().text(1, tag)
}

/// Which plugin shows a value.
fn metadata(plugin: &str, data_class: u64) -> Message {
    let plugin = Message::default().text(1, plugin);
    Message::default().message(1, &plugin).varint(4, data_class)
}

fn shape(sizes: &[u64]) -> Message {
    let axes: Vec<Message> = sizes.iter().map(|&size| axis(size)).collect();
    Message::default().messages(2, &axes)
}

fn axis(size: u64) -> Message {
    if size == 0 { Message::default() } else { Message::default().varint(1, size) }
}

/// Width, height and number of channels of a PNG file.
fn png_header(png: &[u8]) -> Option<[u64; 3]> {
    let header = png.strip_prefix(PNG)?.get(4..)?.strip_prefix(b"IHDR")?;
    let (width, header) = header.split_first_chunk::<4>()?;
    let (height, header) = header.split_first_chunk::<4>()?;
    let channels = match header.get(1)? {
        0 => 1,
        4 => 2,
        2 | 3 => 3,
        6 => 4,
        _ => return None,
    };
    Some([u32::from_be_bytes(*width).into(), u32::from_be_bytes(*height).into(), channels])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of 3 × 2 pixels.
    fn header(color: u8) -> Vec<u8> {
        let mut png = PNG.to_vec();
        png.extend_from_slice(b"\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08");
        png.push(color);
        png
    }

    #[test]
    fn the_header_of_a_picture_is_read() {
        for (color, channels) in [(0, 1), (2, 3), (3, 3), (4, 2), (6, 4)] {
            assert_eq!(png_header(&header(color)), Some([3, 2, channels]));
        }
    }

    #[test]
    fn what_is_no_picture_is_none() {
        let torn = &header(0)[..20];
        for bytes in [b"", &b"\xff\xd8\xff\xe0 a JPEG file"[..], torn, &header(1)] {
            assert_eq!(Value::image("samples", bytes), None);
        }
    }
}
