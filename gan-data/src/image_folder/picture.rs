//! From the file of one image to the levels of its square.

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::listing::Listed;
use super::{Color, framing};

/// An image may take this many bytes once it is decoded: width × height × channels × bytes of a
/// channel. What a header announces beyond that is refused before memory is reserved.
pub const MAX_IMAGE_BYTES: u64 = 512 << 20;

/// An image that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenImage {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, on one line, shortened.
    pub reason: String,
}

/// What every image becomes.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) side: usize,
    pub(super) color: Color,
}

impl Target {
    pub(super) fn n_bytes(self) -> usize {
        self.color.channels() * self.side * self.side
    }
}

/// What is known of an image once it has been read.
#[expect(clippy::struct_excessive_bools, reason = "two facts of a file")]
pub(super) struct Picture {
    /// Width and height, once it is rotated by its EXIF orientation.
    pub(super) size: (u32, u32),
    /// Whether the file has more frames or pages than the first.
    pub(super) several: bool,
    /// Whether its pixels have a color by the file's type.
    pub(super) colored: bool,
}

/// The contents of an image's header.
pub(super) struct Header {
    pub(super) size: (u32, u32),
    pub(super) format: ImageFormat,
    pub(super) gray: bool,
}

/// Load an image into `out`, channel by channel, or report why that is impossible.
pub(super) fn load(image: &Listed, target: Target, out: &mut [u8]) -> Result<Picture, String> {
    let bytes = read(&image.path)?;
    let format = format_of(&image.path, &bytes)?;
    if format == ImageFormat::Jpeg && !framing::jpeg_is_whole(&bytes) {
        return Err("truncated: the JPEG has no end mark".to_owned());
    }
    let mut decoder = decoder(&bytes, format)?;
    let orientation = decoder.orientation().map_err(reason)?;
    let colored = decoder.color_type().has_color();
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(reason)?;
    decoded.apply_orientation(orientation);
    write_square(&decoded, target, out);
    let size = (decoded.width(), decoded.height());
    Ok(Picture { size, several: framing::has_several(format, &bytes), colored })
}

/// The contents of the header; nothing is decoded.
pub(super) fn header(path: &Path) -> Result<Header, String> {
    let bytes = read(path)?;
    let format = format_of(path, &bytes)?;
    let mut decoder = decoder(&bytes, format)?;
    let (width, height) = decoder.dimensions();
    let turned = matches!(
        decoder.orientation().map_err(reason)?,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let size = if turned { (height, width) } else { (width, height) };
    Ok(Header { size, format, gray: !decoder.color_type().has_color() })
}

/// The bytes of a file that is not larger than an image may be.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let read_error = |error: io::Error| format!("cannot be read: {error}");
    let file = fs::File::open(path).map_err(read_error)?;
    let length = file.metadata().map_err(read_error)?.len();
    let mut bytes = Vec::new();
    file.take(MAX_IMAGE_BYTES + 1).read_to_end(&mut bytes).map_err(read_error)?;
    match bytes.len() as u64 {
        0 => Err("empty file".to_owned()),
        read if read > MAX_IMAGE_BYTES => {
            Err(format!("{length} bytes, expected at most {MAX_IMAGE_BYTES}"))
        }
        _ => Ok(bytes),
    }
}

/// The format by the content, whatever the name is.
fn format_of(path: &Path, bytes: &[u8]) -> Result<ImageFormat, String> {
    image::guess_format(bytes).map_err(|_| {
        let named = ImageFormat::from_path(path).map_or("an image", |format| match format {
            ImageFormat::Jpeg => "JPEG",
            ImageFormat::Png => "PNG",
            _ => "an image",
        });
        let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(8)]).into_owned();
        format!("not {named}: starts with {start:?}")
    })
}

/// A decoder of an image that is not too large.
fn decoder(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder + '_, String> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_IMAGE_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(reason)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(format!("{width}x{height} pixels, expected at least one"));
    }
    if decoder.total_bytes() > MAX_IMAGE_BYTES {
        let limit = MAX_IMAGE_BYTES >> 20;
        return Err(format!("too large: {width}x{height} pixels, more than {limit} MiB"));
    }
    Ok(decoder)
}

fn reason(error: impl std::error::Error) -> String {
    error.to_string()
}

/// The middle square of an image, resized, channel by channel.
fn write_square(image: &DynamicImage, Target { side, color }: Target, out: &mut [u8]) {
    let (width, height, side) = (image.width(), image.height(), side as u32);
    let short = width.min(height);
    let middle = image.crop_imm((width - short) / 2, (height - short) / 2, short, short);
    match color {
        Color::Gray => {
            let gray = DynamicImage::from(middle.to_luma8());
            let gray = gray.resize_exact(side, side, FilterType::Triangle).into_luma8();
            out.copy_from_slice(gray.as_raw());
        }
        Color::Rgb => {
            let rgb = DynamicImage::from(middle.to_rgb8());
            let rgb = rgb.resize_exact(side, side, FilterType::Triangle).into_rgb8();
            let levels = (0..3).flat_map(|channel| rgb.pixels().map(move |pixel| pixel[channel]));
            for (out, level) in out.iter_mut().zip(levels) {
                *out = level;
            }
        }
    }
}
