//! A canvas of RGB pixels and its way into a PNG.

/// The most bytes that a PNG may announce: more are no picture but a mistake or an attack.
const MOST_BYTES: usize = 512 << 20;

/// An RGB picture in memory, rows from the top.
pub struct Pixels {
    width: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    /// A picture of one color. Both sides are at least one pixel.
    pub fn filled(width: usize, height: usize, color: [u8; 3]) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        Self { width, bytes: color.repeat(width * height) }
    }

    /// A picture from its bytes: red, green and blue of every pixel, in reading order.
    ///
    /// # Panics
    /// The bytes do not fill whole rows.
    pub fn from_rows(width: usize, bytes: Vec<u8>) -> Self {
        assert!(width > 0 && bytes.len().is_multiple_of(3 * width), "bytes that fill whole rows");
        Self { width, bytes }
    }

    /// The picture in a PNG file of any kind; what is transparent is drawn over white.
    ///
    /// # Errors
    /// The file is no PNG, is damaged, or announces more than 512 MiB of pixels.
    pub fn from_png(file: &[u8]) -> Result<Self, png::DecodingError> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let n_bytes = reader.output_buffer_size().unwrap_or(usize::MAX);
        if n_bytes > MOST_BYTES {
            return Err(png::DecodingError::LimitsExceeded);
        }
        let mut bytes = vec![0; n_bytes];
        let info = reader.next_frame(&mut bytes)?;
        let samples = info.color_type.samples();
        let over_white = |level: u8, alpha: u8| {
            let (level, alpha) = (u32::from(level), u32::from(alpha));
            ((level * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        let pixel = |of_pixel: &[u8]| match *of_pixel {
            [gray] => [gray; 3],
            [gray, alpha] => [over_white(gray, alpha); 3],
            [red, green, blue] => [red, green, blue],
            [red, green, blue, alpha] => [red, green, blue].map(|level| over_white(level, alpha)),
            _ => [255; 3],
        };
        let pixels = bytes[..info.buffer_size()].chunks_exact(samples).flat_map(pixel).collect();
        Ok(Self::from_rows(info.width as usize, pixels))
    }

    /// In pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// In pixels.
    pub fn height(&self) -> usize {
        self.bytes.len() / 3 / self.width
    }

    /// Red, green and blue of every pixel, in reading order.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Fills a rectangle of `size` (width, height) whose upper left pixel is `corner`.
    ///
    /// What is outside the picture is left out; the same holds for every other way to draw.
    pub fn fill(&mut self, corner: [usize; 2], size: [usize; 2], color: [u8; 3]) {
        let columns = corner[0].min(self.width)..(corner[0] + size[0]).min(self.width);
        for y in corner[1]..(corner[1] + size[1]).min(self.height()) {
            let row = y * self.width;
            for pixel in
                self.bytes[3 * (row + columns.start)..3 * (row + columns.end)].chunks_exact_mut(3)
            {
                pixel.copy_from_slice(&color);
            }
        }
    }

    /// Lays another picture over this one, its upper left pixel at `corner`.
    pub fn paste(&mut self, other: &Self, corner: [usize; 2]) {
        let columns = other.width.min(self.width.saturating_sub(corner[0]));
        let rows = other.height().min(self.height().saturating_sub(corner[1]));
        for row in 0..rows {
            let (from, to) = (row * other.width, (corner[1] + row) * self.width + corner[0]);
            self.bytes[3 * to..3 * (to + columns)]
                .copy_from_slice(&other.bytes[3 * from..3 * (from + columns)]);
        }
    }

    /// Lays a color over a pixel; `opacity` 0 leaves the pixel as it is, 1 replaces it.
    pub(crate) fn blend(&mut self, x: usize, y: usize, color: [u8; 3], opacity: f32) {
        if x >= self.width || y >= self.height() {
            return;
        }
        let start = 3 * (y * self.width + x);
        for (below, above) in self.bytes[start..start + 3].iter_mut().zip(color) {
            let mixed = f32::from(*below) * (1.0 - opacity) + f32::from(above) * opacity;
            *below = mixed.round() as u8;
        }
    }

    /// A disc with a smooth edge around a center in pixels; whole numbers are pixel centers.
    pub(crate) fn disc(&mut self, center: [f32; 2], radius: f32, color: [u8; 3], opacity: f32) {
        let reach = |middle: f32| {
            let from = (middle - radius - 0.5).max(0.0).floor() as usize;
            from..(middle + radius + 1.5).max(0.0).ceil() as usize
        };
        for y in reach(center[1]) {
            for x in reach(center[0]) {
                let (right, down) = (x as f32 - center[0], y as f32 - center[1]);
                let distance = (right * right + down * down).sqrt();
                let covered = (radius + 0.5 - distance).clamp(0.0, 1.0);
                if covered > 0.0 {
                    self.blend(x, y, color, covered * opacity);
                }
            }
        }
    }

    /// A stroke with smooth edges between two places in pixels.
    pub(crate) fn stroke(&mut self, from: [f32; 2], to: [f32; 2], half: f32, color: [u8; 3]) {
        let reach = |axis: usize| {
            let (low, high) = (from[axis].min(to[axis]), from[axis].max(to[axis]));
            let begin = (low - half - 0.5).max(0.0).floor() as usize;
            begin..(high + half + 1.5).max(0.0).ceil() as usize
        };
        let along = [to[0] - from[0], to[1] - from[1]];
        let squared = along[0].powi(2) + along[1].powi(2);
        for y in reach(1).take(self.height()) {
            for x in reach(0).take(self.width) {
                let [right, down] = [x as f32 - from[0], y as f32 - from[1]];
                let share = ((right * along[0] + down * along[1]) / squared.max(f32::MIN_POSITIVE))
                    .clamp(0.0, 1.0);
                let distance = (right - share * along[0]).hypot(down - share * along[1]);
                self.blend(x, y, color, (half + 0.5 - distance).clamp(0.0, 1.0));
            }
        }
    }

    /// The picture as an 8-bit RGB PNG.
    pub fn to_png(&self) -> Vec<u8> {
        encode(self.width, self.height(), png::ColorType::Rgb, &self.bytes)
    }

    /// The same with a text about it, of ASCII letters.
    pub(crate) fn to_png_with_text(&self, keyword: &str, text: &str) -> Vec<u8> {
        let text = Some((keyword, text));
        encode_with(self.width, self.height(), png::ColorType::Rgb, &self.bytes, text)
    }
}

/// A PNG of 8 bits a channel; `bytes` has one sample per channel and pixel, rows from the top.
pub(crate) fn encode(
    width: usize,
    height: usize,
    color_type: png::ColorType,
    bytes: &[u8],
) -> Vec<u8> {
    encode_with(width, height, color_type, bytes, None)
}

#[expect(
    clippy::expect_used,
    reason = "writing to memory cannot fail, and a side that overflows 32 bits does not fit there"
)]
fn encode_with(
    width: usize,
    height: usize,
    color_type: png::ColorType,
    bytes: &[u8],
    text: Option<(&str, &str)>,
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(color_type);
    encoder.set_depth(png::BitDepth::Eight);
    let text = text.map_or(Ok(()), |(keyword, text)| {
        encoder.add_text_chunk(keyword.to_owned(), text.to_owned())
    });
    text.and_then(|()| encoder.write_header())
        .and_then(|mut writer| writer.write_image_data(bytes))
        .expect("a picture in memory is a valid PNG");
    file
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Width, height, color type and bytes of a PNG.
    pub(crate) fn decode(file: &[u8]) -> (usize, usize, png::ColorType, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        (info.width as usize, info.height as usize, info.color_type, bytes)
    }

    #[test]
    fn a_png_gives_back_its_pixels() {
        let mut pixels = Pixels::filled(3, 2, [1, 2, 3]);
        pixels.fill([1, 1], [9, 9], [200, 100, 50]);
        let (width, height, color, bytes) = decode(&pixels.to_png());
        assert_eq!((width, height, color), (3, 2, png::ColorType::Rgb));
        assert_eq!(bytes[..12], [1, 2, 3].repeat(4));
        assert_eq!(bytes[12..], [200, 100, 50].repeat(2));
    }

    #[test]
    fn every_kind_of_png_is_read() {
        let colored = Pixels::filled(3, 2, [1, 2, 3]);
        assert_eq!(Pixels::from_png(&colored.to_png()).unwrap().bytes(), colored.bytes());
        let gray = encode(2, 1, png::ColorType::Grayscale, &[7, 9]);
        assert_eq!(Pixels::from_png(&gray).unwrap().bytes(), [7, 7, 7, 9, 9, 9]);
        let clear = encode(2, 1, png::ColorType::Rgba, &[5, 6, 7, 0, 5, 6, 7, 255]);
        assert_eq!(Pixels::from_png(&clear).unwrap().bytes(), [255, 255, 255, 5, 6, 7]);
        assert!(Pixels::from_png(b"no picture").is_err());
    }

    #[test]
    fn rendering_outside_changes_nothing() {
        let mut pixels = Pixels::filled(4, 4, [9; 3]);
        pixels.fill([7, 0], [2, 2], [0; 3]);
        pixels.blend(4, 0, [0; 3], 1.0);
        pixels.disc([-20.0, 90.0], 3.0, [0; 3], 1.0);
        pixels.paste(&Pixels::filled(2, 2, [0; 3]), [4, 9]);
        assert!(pixels.bytes().iter().all(|&byte| byte == 9));
    }

    #[test]
    fn a_disc_is_full_inside_soft_at_the_edge_and_nothing_beyond() {
        let mut pixels = Pixels::filled(9, 9, [255; 3]);
        pixels.disc([4.0, 4.0], 2.2, [0; 3], 1.0);
        let at = |x: usize| pixels.bytes()[3 * (4 * 9 + x)];
        assert_eq!([at(4), at(5), at(8)], [0, 0, 255]);
        assert!((1..255).contains(&at(2)) || (1..255).contains(&at(1)), "{} {}", at(1), at(2));
    }
}
