//! A triangle filter: bilinear when enlarging, a weighted average of all pixels when shrinking.
//!
//! Its bytes are those of `image`'s `FilterType::Triangle`, which it is tested against: the same
//! weights in `f32`, the same sums in the same order, first down the columns and then along the rows.
//! It is several times as fast because it knows that an image has bytes and one or three channels.

/// Levels that are summed at once.
const BLOCK: usize = 32;

/// A square of `C` channels, pixel by pixel, within an image that may be larger.
pub(super) struct Square<'a, const C: usize> {
    /// The image from the square's first level on.
    levels: &'a [u8],
    /// Levels from a row to the next.
    stride: usize,
    side: usize,
}

/// The input positions that make one output position.
struct Taps {
    first: usize,
    /// Their shares, which sum to 1.
    weights: Vec<f32>,
}

impl<'a, const C: usize> Square<'a, C> {
    /// The square of `side` pixels whose first pixel is in this column and this row of an image of
    /// `width` pixels a row.
    ///
    /// # Panics
    /// If there is no such square in the image, or it is empty.
    pub(super) fn within(
        levels: &'a [u8],
        width: usize,
        [column, row]: [usize; 2],
        side: usize,
    ) -> Self {
        let stride = width * C;
        assert!(side > 0 && column + side <= width && (row + side) * stride <= levels.len());
        Self { levels: &levels[row * stride + column * C..], stride, side }
    }

    /// The levels of the square at another size, channel by channel.
    pub(super) fn resize(&self, side: usize, out: &mut [u8]) {
        let n_pixels = side * side;
        let mut put = |pixel: usize, levels: [u8; C]| {
            for (channel, level) in levels.into_iter().enumerate() {
                out[channel * n_pixels + pixel] = level;
            }
        };
        if side == self.side {
            let rows = (0..side).flat_map(|row| self.row(row).as_chunks::<C>().0);
            return rows.enumerate().for_each(|(pixel, levels)| put(pixel, *levels));
        }
        let taps: Vec<Taps> = (0..side).map(|at| Taps::of(at, self.side, side)).collect();
        let mut row = vec![0.0; self.side * C];
        for (y, rows) in taps.iter().enumerate() {
            self.mix_rows(rows, &mut row);
            let pixels = row.as_chunks::<C>().0;
            for (x, columns) in taps.iter().enumerate() {
                put(y * side + x, columns.mix(pixels).map(nearest_level));
            }
        }
    }

    fn row(&self, row: usize) -> &'a [u8] {
        &self.levels[row * self.stride..][..self.side * C]
    }

    /// One row of the output, still as wide as the input.
    fn mix_rows(&self, taps: &Taps, out: &mut [f32]) {
        let Some(last) = out.len().checked_sub(BLOCK) else {
            return (0..out.len()).for_each(|at| out[at] = self.mix_block::<1>(taps, at)[0]);
        };
        // The last block may overlap with the one before: then the same numbers are written twice.
        for at in (0..last).step_by(BLOCK).chain([last]) {
            out[at..at + BLOCK].copy_from_slice(&self.mix_block::<BLOCK>(taps, at));
        }
    }

    /// `N` levels of a row of the output.
    fn mix_block<const N: usize>(&self, taps: &Taps, at: usize) -> [f32; N] {
        let mut sums = [0.0; N];
        let rows = self.levels[taps.first * self.stride + at..].chunks(self.stride);
        for (row, weight) in rows.zip(&taps.weights) {
            let Some(levels) = row.first_chunk::<N>() else {
                unreachable!("a block is within a row")
            };
            for (sum, level) in sums.iter_mut().zip(levels) {
                *sum += f32::from(*level) * weight;
            }
        }
        sums
    }
}

impl Taps {
    /// What makes position `at` of `to`, out of `from` positions.
    fn of(at: usize, from: usize, to: usize) -> Self {
        let ratio = from as f32 / to as f32;
        let radius = ratio.max(1.0);
        let center = (at as f32 + 0.5) * ratio;
        let first = ((center - radius).floor() as usize).min(from - 1);
        let end = ((center + radius).ceil() as usize).clamp(first + 1, from);
        // Pixel `i` is at `i`, while its area begins half a pixel before.
        let center = center - 0.5;
        let distances = (first..end).map(|position| ((position as f32 - center) / radius).abs());
        let mut weights: Vec<f32> =
            distances.map(|distance| if distance < 1.0 { 1.0 - distance } else { 0.0 }).collect();
        let total = weights.iter().fold(0.0, |total, weight| total + weight);
        weights.iter_mut().for_each(|weight| *weight /= total);
        Self { first, weights }
    }

    fn mix<const C: usize>(&self, pixels: &[[f32; C]]) -> [f32; C] {
        let mut sums = [0.0; C];
        for (pixel, weight) in pixels[self.first..].iter().zip(&self.weights) {
            for (sum, level) in sums.iter_mut().zip(pixel) {
                *sum += level * weight;
            }
        }
        sums
    }
}

/// The level, rounded half up: `f32::round` where nothing is negative, without its call.
fn nearest_level(level: f32) -> u8 {
    let level = level.clamp(0.0, 255.0);
    let whole = level as u8;
    // Exact, so that a level just below the half is not rounded twice.
    whole + u8::from(level - f32::from(whole) >= 0.5)
}
