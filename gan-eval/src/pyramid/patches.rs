//! Patches of the bands of a set of images, where they lie, and what they are scaled to.

use gan_core::seed::{Seed, Stream};
use rand::Rng;

use super::Images;
use super::levels::Size;
use crate::digest::sha256_digits;

/// Rows, and columns, of a patch.
pub(super) const SIDE: usize = 7;
/// Pixels of a patch in one channel.
pub(super) const PIXELS: usize = SIDE * SIDE;

/// Where the patches of each image lie: a function of the seed and of the image alone.
///
/// So a distance does not depend on the order of the images, and that of a set to itself is 0.
pub(super) struct Places {
    streams: Vec<Stream>,
    patches: usize,
}

impl Places {
    pub(super) fn new(images: Images<'_>, patches: usize, seed: Seed) -> Self {
        let stream = |image: &[f32]| {
            let bytes: Vec<u8> = image.iter().flat_map(|value| value.to_le_bytes()).collect();
            seed.stream(&format!("pyramid/places/{}", sha256_digits(&bytes)))
        };
        Self { streams: images.each().map(stream).collect(), patches }
    }

    /// The upper left corners in one image, of a band of some size.
    pub(super) fn of(&self, image: usize, level: usize, size: Size) -> Vec<[usize; 2]> {
        let mut rng = self.streams[image].draw(level as u64);
        let corner = |_| size.map(|side| below(side - SIDE + 1, &mut rng));
        (0..self.patches).map(corner).collect()
    }
}

/// A number below `n`, from one `u64`: written out, as `rand` may choose another way one day.
fn below(n: usize, rng: &mut impl Rng) -> usize {
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// Append one patch of an image's band: all of its channels, each row by row.
pub(super) fn cut(band: &[f64], [height, width]: Size, corner: [usize; 2], to: &mut Vec<f64>) {
    for channel in band.chunks_exact(height * width) {
        for row in corner[0]..corner[0] + SIDE {
            to.extend_from_slice(&channel[row * width + corner[1]..][..SIDE]);
        }
    }
}

/// Shift and scale each channel to mean 0 and deviation 1 over all patches.
///
/// # Shapes
/// `[n, channels·49]`.
///
/// # Numerics
/// The deviation is that of a population. A channel that is the same everywhere becomes 0.
pub(super) fn normalize(patches: &mut [f64], channels: usize) {
    let n = (patches.len() / channels) as f64;
    for channel in 0..channels {
        let total = |patch: &mut [f64]| patch.iter().sum::<f64>();
        let mean = of_channel(patches, channel, channels).map(total).sum::<f64>() / n;
        let mut squares = 0.0;
        for patch in of_channel(patches, channel, channels) {
            patch.iter_mut().for_each(|value| *value -= mean);
            squares += patch.iter().map(|value| value * value).sum::<f64>();
        }
        let deviation = (squares / n).sqrt();
        // Rounding leaves about 1e-16 of the mean behind where all values are one.
        let scale = if deviation > 1e-12 * mean.abs() { 1.0 / deviation } else { 0.0 };
        for patch in of_channel(patches, channel, channels) {
            patch.iter_mut().for_each(|value| *value *= scale);
        }
    }
}

/// What patches hold of one channel.
fn of_channel(
    patches: &mut [f64],
    channel: usize,
    channels: usize,
) -> impl Iterator<Item = &mut [f64]> {
    patches.chunks_exact_mut(PIXELS).skip(channel).step_by(channels)
}
