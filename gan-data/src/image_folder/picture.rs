//! From the file of one image to the levels of its square.

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::listing::Listed;
use super::triangle::Square;
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
    // The length may be wrong, and memory for it not to be had: reading finds out.
    let _ = bytes.try_reserve_exact(length.min(MAX_IMAGE_BYTES) as usize + 1);
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

/// The middle square of an image, resized, channel by channel; it is cut out and copied only where it
/// has to be converted.
fn write_square(image: &DynamicImage, Target { side, color }: Target, out: &mut [u8]) {
    let (width, height) = (image.width(), image.height());
    let short = width.min(height);
    let (left, top) = ((width - short) / 2, (height - short) / 2);
    let cut = || image.crop_imm(left, top, short, short);
    let [columns, short] = [width, short].map(|pixels| pixels as usize);
    let corner = [left, top].map(|pixels| pixels as usize);
    match (image, color) {
        (DynamicImage::ImageRgb8(image), Color::Rgb) => {
            Square::<3>::within(image.as_raw(), columns, corner, short).resize(side, out);
        }
        (DynamicImage::ImageLuma8(image), Color::Gray) => {
            Square::<1>::within(image.as_raw(), columns, corner, short).resize(side, out);
        }
        (_, Color::Rgb) => {
            Square::<3>::within(&cut().into_rgb8(), short, [0, 0], short).resize(side, out);
        }
        (_, Color::Gray) => {
            Square::<1>::within(&cut().into_luma8(), short, [0, 0], short).resize(side, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use image::imageops::FilterType;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    /// The same by the functions of `image`: cut out, convert, resize.
    fn in_three_steps(image: &DynamicImage, Target { side, color }: Target) -> Vec<u8> {
        let (width, height, side) = (image.width(), image.height(), side as u32);
        let short = width.min(height);
        let middle = image.crop_imm((width - short) / 2, (height - short) / 2, short, short);
        let resized = |middle: DynamicImage| middle.resize_exact(side, side, FilterType::Triangle);
        match color {
            Color::Gray => resized(middle.to_luma8().into()).into_luma8().into_raw(),
            Color::Rgb => {
                let rgb = resized(middle.to_rgb8().into()).into_rgb8();
                (0..3).flat_map(|channel| rgb.pixels().map(move |pixel| pixel[channel])).collect()
            }
        }
    }

    fn of_kind(kind: u8, [width, height]: [u32; 2], level: impl Fn(u32) -> u8) -> DynamicImage {
        let rgb = |x, y| [0, 1, 2].map(|channel| level((y * width + x) * 3 + channel));
        let image = RgbImage::from_fn(width, height, |x, y| Rgb(rgb(x, y)));
        match kind {
            0 => image.into(),
            1 => DynamicImage::from(image).into_luma8().into(),
            2 => DynamicImage::from(image).into_rgb16().into(),
            _ => RgbaImage::from_fn(width, height, |x, y| {
                let [red, green, blue] = rgb(x, y);
                Rgba([red, green, blue, level(x)])
            })
            .into(),
        }
    }

    proptest! {
        #[test]
        fn squares_have_the_bytes_of_three_steps(
            width in 1_u32..70, height in 1_u32..70, side in 1_usize..40,
            kind in 0_u8..4, color in prop_oneof![Just(Color::Gray), Just(Color::Rgb)],
            factor: u32,
        ) {
            let level = |at: u32| (at.wrapping_mul(factor) >> 24) as u8;
            let image = of_kind(kind, [width, height], level);
            let target = Target { side, color };
            let mut out = vec![0; target.n_bytes()];
            write_square(&image, target, &mut out);
            prop_assert_eq!(out, in_three_steps(&image, target));
        }
    }
}
