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
/// `images` is `[n, channels, height, width]`, flattened; `shape` is `[channels, height, width]` with
/// 1 or 3 channels and no side of 0. Values after the last whole image are left out. Without any
/// image the sheet is one empty cell.
pub(crate) fn grid(images: &[f32], shape: [usize; 3], columns: usize) -> Vec<u8> {
    let [channels, height, width] = shape;
    assert!(
        channels == 1 || channels == 3,
        "an image has 1 or 3 channels, not {channels}"
    );
    assert!(
        height > 0 && width > 0,
        "an image has pixels in both directions"
    );

    let sheet = Sheet::new(
        images.len() / (channels * height * width),
        [height, width],
        columns,
    );
    let mut pixels = Pixels::filled(sheet.width(), sheet.height(), [PAPER; 3]);
    for (idx, image) in images.chunks_exact(channels * height * width).enumerate() {
        let (left, top) = sheet.corner(idx);
        for at in 0..height * width {
            let corner = [
                left + at % width * sheet.scale,
                top + at / width * sheet.scale,
            ];
            pixels.fill(corner, [sheet.scale; 2], color(image, height * width, at));
        }
    }
    let colored = channels == 3 || images.iter().any(|value| !value.is_finite());
    if colored {
        pixels.to_png()
    } else {
        gray_png(&pixels)
    }
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
        let scale = fitting(rows, image[0])
            .min(fitting(columns, image[1]))
            .max(1);
        Self {
            rows,
            columns,
            image,
            scale,
        }
    }

    fn width(&self) -> usize {
        GAP + self.columns * self.pitch(1)
    }

    fn height(&self) -> usize {
        GAP + self.rows * self.pitch(0)
    }

    /// The upper left pixel of an image.
    fn corner(&self, idx: usize) -> (usize, usize) {
        let (row, column) = (idx / self.columns, idx % self.columns);
        (GAP + column * self.pitch(1), GAP + row * self.pitch(0))
    }

    fn pitch(&self, axis: usize) -> usize {
        self.image[axis] * self.scale + GAP
    }
}

/// The color of pixel `at` of an image whose channels are planes of `area` values.
fn color(image: &[f32], area: usize, at: usize) -> [u8; 3] {
    let last = image.len() / area - 1;
    let values = [0, 1, 2].map(|channel: usize| image[channel.min(last) * area + at]);
    if values.iter().all(|value| value.is_finite()) {
        values.map(intensity)
    } else {
        MARKER
    }
}

fn intensity(value: f32) -> u8 {
    ((value.clamp(-1.0, 1.0) + 1.0) / 2.0 * 255.0).round() as u8
}

/// All three channels of these pixels are equal, so one of them says everything.
fn gray_png(pixels: &Pixels) -> Vec<u8> {
    let levels: Vec<u8> = pixels.bytes().iter().step_by(3).copied().collect();
    encode(
        pixels.width(),
        pixels.height(),
        png::ColorType::Grayscale,
        &levels,
    )
}
