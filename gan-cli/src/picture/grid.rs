//! Samples side by side on one sheet.

use crate::picture::raster::{Pixels, encode};

/// Pixels between neighbors and around the sheet, in the finished picture.
const GAP: usize = 2;
/// Longest side of a sheet that was enlarged, in pixels.
const LONGEST_SIDE: usize = 900;
/// What the gaps and the unused cells look like.
const PAPER: u8 = 255;
/// Marks a pixel whose value is not a number or infinite.
const MARKER: [u8; 3] = [255, 0, 255];

/// A PNG with `images` in rows of `columns`, in reading order.
///
/// Every image is enlarged by the same whole factor, nearest neighbor, as far as the sheet's longer
/// side stays within 900 pixels (never below the images' own size), with white gaps of 2 pixels. A
/// value is clamped to `[-1, 1]`, then −1 is black and 1 is full intensity. One channel gives 8-bit
/// gray, three give RGB.
///
/// A value that is NaN or infinite makes its pixel magenta; a gray sheet becomes RGB for that.
///
/// # Shapes
/// `images` is `[n, channels, height, width]`, flattened; `shape` is `[channels, height, width]`
/// with 1 or 3 channels and no side of 0. Values after the last whole image are left out. Without
/// any image the sheet is one empty cell.
pub(crate) fn grid(images: &[f32], shape: [usize; 3], columns: usize) -> Vec<u8> {
    let [channels, height, width] = shape;
    assert!(channels == 1 || channels == 3, "an image has 1 or 3 channels, not {channels}");
    assert!(height > 0 && width > 0, "an image has pixels in both directions");

    let sheet = Sheet::new(images.len() / (channels * height * width), [height, width], columns);
    let mut pixels = Pixels::filled(sheet.width(), sheet.height(), [PAPER; 3]);
    for (idx, image) in images.chunks_exact(channels * height * width).enumerate() {
        draw_image(&mut pixels, image, [height, width], sheet.corner(idx), sheet.scale);
    }
    if is_colored(images, channels) {
        return pixels.to_png();
    }
    encode(pixels.width(), pixels.height(), png::ColorType::Grayscale, &levels(&pixels))
}

/// Draw an image of `[height, width]` pixels, each enlarged to a square, from its upper left
/// corner on.
pub(super) fn draw_image(
    pixels: &mut Pixels,
    image: &[f32],
    [height, width]: [usize; 2],
    [left, top]: [usize; 2],
    scale: usize,
) {
    for at in 0..height * width {
        let corner = [left + at % width * scale, top + at / width * scale];
        pixels.fill(corner, [scale; 2], color(image, height * width, at));
    }
}

/// Whether images need more than gray: they have colors, or a value to be marked.
pub(super) fn is_colored(images: &[f32], channels: usize) -> bool {
    channels == 3 || images.iter().any(|value| !value.is_finite())
}

/// The gray level of every pixel, where all three channels are equal.
pub(super) fn levels(pixels: &Pixels) -> Vec<u8> {
    pixels.bytes().iter().step_by(3).copied().collect()
}

/// Where the cells lie.
struct Sheet {
    rows: usize,
    columns: usize,
    image: [usize; 2],
    scale: usize,
}

impl Sheet {
    fn new(n_images: usize, image: [usize; 2], columns: usize) -> Self {
        let columns = columns.clamp(1, n_images.max(1));
        let rows = n_images.div_ceil(columns).max(1);
        let fitting = |cells: usize, side: usize| {
            LONGEST_SIDE.saturating_sub((cells + 1) * GAP) / (cells * side)
        };
        let scale = fitting(rows, image[0]).min(fitting(columns, image[1])).max(1);
        Self { rows, columns, image, scale }
    }

    fn width(&self) -> usize {
        GAP + self.columns * self.pitch(1)
    }

    fn height(&self) -> usize {
        GAP + self.rows * self.pitch(0)
    }

    /// The upper left pixel of an image.
    fn corner(&self, idx: usize) -> [usize; 2] {
        let (row, column) = (idx / self.columns, idx % self.columns);
        [GAP + column * self.pitch(1), GAP + row * self.pitch(0)]
    }

    fn pitch(&self, axis: usize) -> usize {
        self.image[axis] * self.scale + GAP
    }
}

/// The color of pixel `at` of an image whose channels are planes of `area` values.
fn color(image: &[f32], area: usize, at: usize) -> [u8; 3] {
    let last = image.len() / area - 1;
    let values = [0, 1, 2].map(|channel: usize| image[channel.min(last) * area + at]);
    if values.iter().all(|value| value.is_finite()) { values.map(intensity) } else { MARKER }
}

fn intensity(value: f32) -> u8 {
    ((value.clamp(-1.0, 1.0) + 1.0) / 2.0 * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::raster::tests::decode;

    #[test]
    fn a_gray_sheet_shows_each_image_in_its_cell() {
        // Three images of 1 x 2 pixels in two columns.
        let file = grid(&[-1.0, 1.0, 0.0, -0.5, 0.5, 7.0], [1, 1, 2], 2);
        let (width, height, color, levels) = decode(&file);
        let scale = (900 - 3 * GAP) / 4;
        assert_eq!(color, png::ColorType::Grayscale);
        assert_eq!((width, height), (3 * GAP + 4 * scale, 3 * GAP + 2 * scale));

        let at = |x: usize, y: usize| levels[y * width + x];
        let (second, below) = (2 * GAP + 2 * scale, 2 * GAP + scale);
        assert_eq!([at(0, 0), at(GAP - 1, 9), at(second - 1, 9), at(9, below - 1)], [255; 4]);
        assert_eq!([at(GAP, GAP), at(GAP + scale - 1, GAP), at(GAP + scale, GAP)], [0, 0, 255]);
        assert_eq!([at(second, GAP), at(second + scale, GAP)], [128, 64]);
        assert_eq!([at(GAP, below), at(GAP + scale, below)], [191, 255]);
        assert_eq!(at(second, below), PAPER, "the fourth cell is empty");
    }

    #[test]
    fn color_channels_are_planes() {
        let (width, _, color, bytes) = decode(&grid(&[1.0, -1.0, 0.0], [3, 1, 1], 8));
        assert_eq!(color, png::ColorType::Rgb);
        let start = 3 * (GAP * width + GAP);
        assert_eq!(bytes[start..start + 3], [255, 0, 128]);
    }

    #[test]
    fn a_value_that_is_not_finite_is_magenta_on_an_otherwise_gray_sheet() {
        let (width, _, color, bytes) = decode(&grid(&[f32::NAN, 0.0], [1, 1, 2], 1));
        assert_eq!(color, png::ColorType::Rgb);
        let row = &bytes[3 * GAP * width..3 * (GAP + 1) * width];
        assert_eq!(row[3 * GAP..3 * GAP + 3], MARKER);
        assert_eq!(row[row.len() - 3 * GAP - 3..row.len() - 3 * GAP], [128; 3]);
    }

    #[test]
    fn sixty_four_images_fill_a_sheet_of_readable_size() {
        for (side, expected) in [(28, 690), (32, 786), (64, 530)] {
            let images = vec![0.0; 64 * side * side];
            let (width, height, ..) = decode(&grid(&images, [1, side, side], 8));
            assert_eq!((width, height), (expected, expected));
        }
    }

    #[test]
    fn no_image_and_no_column_still_make_a_sheet() {
        let (_, _, _, levels) = decode(&grid(&[], [1, 28, 28], 8));
        assert!(levels.iter().all(|&level| level == PAPER));
        assert_eq!(grid(&[0.5; 9], [1, 2, 2], 0), grid(&[0.5; 8], [1, 2, 2], 1));
    }
}
