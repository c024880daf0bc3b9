//! Images as pixels: how values become levels.

use crate::raster::{Pixels, encode};

/// Marks a pixel whose value is not a number or infinite.
pub(super) const MARKER: [u8; 3] = [255, 0, 255];

/// A PNG of one image, each of its pixels enlarged to a square of `scale` pixels a side; there is no
/// border. Values become levels as on a [`Sheet`](crate::Sheet).
///
/// # Shapes
/// `image` is `[channels, height, width]`, flattened, with 1 or 3 channels and no side of 0.
pub fn single(image: &[f32], [channels, height, width]: [usize; 3], scale: usize) -> Vec<u8> {
    let mut pixels = Pixels::filled(width * scale, height * scale, [0; 3]);
    render_image(&mut pixels, image, [height, width], [0, 0], scale);
    if is_colored(image, channels) {
        return pixels.to_png();
    }
    encode(pixels.width(), pixels.height(), png::ColorType::Grayscale, &levels(&pixels))
}

/// Draw an image of `[height, width]` pixels, each enlarged to a square, from its upper left
/// corner on.
pub(super) fn render_image(
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

/// The color of pixel `at` of an image whose channels are planes of `area` values.
fn color(image: &[f32], area: usize, at: usize) -> [u8; 3] {
    let last = image.len() / area - 1;
    let values = [0, 1, 2].map(|channel: usize| image[channel.min(last) * area + at]);
    if values.iter().all(|value| value.is_finite()) { values.map(intensity) } else { MARKER }
}

/// The level of a value: −1 is 0, 1 is 255, halves are rounded up; what is outside is clamped.
pub fn intensity(value: f32) -> u8 {
    ((value.clamp(-1.0, 1.0) + 1.0) / 2.0 * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::tests::decode;

    #[test]
    fn one_image_has_its_own_size_times_the_scale_and_no_border() {
        let image = [-1.0, 1.0, 0.0, -0.5, 0.5, 7.0];
        let (width, height, color, levels) = decode(&single(&image, [1, 2, 3], 1));
        assert_eq!((width, height, color), (3, 2, png::ColorType::Grayscale));
        assert_eq!(levels, [0, 255, 128, 64, 191, 255]);
        let (width, height, _, levels) = decode(&single(&image, [1, 2, 3], 2));
        assert_eq!((width, height), (6, 4));
        assert_eq!(levels[..6], [0, 0, 255, 255, 128, 128]);
        assert_eq!(levels[..6], levels[6..12]);
    }

    #[test]
    fn one_image_has_color_where_it_needs_any() {
        let (.., color, bytes) = decode(&single(&[1.0, -1.0, 0.0], [3, 1, 1], 1));
        assert_eq!((color, &bytes[..]), (png::ColorType::Rgb, &[255, 0, 128][..]));
        let (.., color, bytes) = decode(&single(&[f32::INFINITY], [1, 1, 1], 1));
        assert_eq!((color, &bytes[..]), (png::ColorType::Rgb, &MARKER[..]));
    }

    #[test]
    fn levels_are_rounded_and_clamped() {
        let levels = [-9.0, -1.0, -0.996, 0.0, 1.0, 9.0].map(intensity);
        assert_eq!(levels, [0, 0, 1, 128, 255, 255]);
    }
}
