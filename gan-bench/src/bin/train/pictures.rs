//! Pictures to train on: colored, larger than what is trained, and always the same.

use std::fs;
use std::io::BufWriter;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Columns and rows, those of a widely used set of faces.
const SIZE: [u32; 2] = [178, 218];
const QUALITY: u8 = 90;
/// Levels that the color of a pixel differs by from that of its place.
const GRAIN: f32 = 12.0;

/// Writes `count` JPEG files of a disk before a background that goes from one color to another.
pub(crate) fn write(count: usize, folder: &Path) -> Result<(), String> {
    let failed = |what: &Path, why: &dyn std::fmt::Display| {
        format!("cannot write {}: {why}", what.display())
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for index in 0..count {
        let path = folder.join(format!("{index:05}.jpg"));
        let file = fs::File::create(&path).map_err(|error| failed(&path, &error))?;
        let mut encoder = JpegEncoder::new_with_quality(BufWriter::new(file), QUALITY);
        encoder.encode_image(&picture(index as u64)).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

fn picture(index: u64) -> RgbImage {
    let mut rng = ChaCha8Rng::seed_from_u64(index);
    let [width, height] = SIZE;
    let mut color = || [0; 3].map(|_| rng.random_range(0.0..255.0_f32));
    let (top, bottom, disk) = (color(), color(), color());
    let (x0, y0) = (rng.random_range(0.3..0.7_f32), rng.random_range(0.3..0.7_f32));
    let radius = rng.random_range(0.15..0.35_f32);
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
        let inside = (x - x0).hypot(y - y0) < radius;
        let grain = rng.random_range(-GRAIN..GRAIN);
        Rgb([0, 1, 2].map(|channel: usize| {
            let behind = top[channel] + (bottom[channel] - top[channel]) * y;
            let level = if inside { disk[channel] } else { behind };
            (level + grain).clamp(0.0, 255.0) as u8
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_differ_from_one_another_and_not_from_time_to_time() {
        assert_eq!(picture(3), picture(3));
        assert_ne!(picture(3), picture(4));
        assert_eq!(picture(0).dimensions(), (178, 218));
    }
}
