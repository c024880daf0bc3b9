//! Ways to spoil images, by degrees: what a number that measures images has to see.
//!
//! A quantity can be trusted where it gets worse with every degree of every corruption.

use std::f64::consts::TAU;

use burn::tensor::{Tensor, TensorData};
use gan_core::seed::Seed;
use rand::RngExt;

/// A way to spoil images, from none at strength 0 to almost everything at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corruption {
    /// Normal noise of a deviation of 1.5 at strength 1, cut to `[−1, 1]`.
    Noise,
    /// A Gaussian blur of a deviation of an eighth of the side at strength 1.
    Blur,
    /// A black square at a random place, of three quarters of the side at strength 1.
    Blackout,
    /// A rotation that falls off from the center, of a quarter of a turn at strength 1.
    Swirl,
    /// Squares that have the mean of their pixels, of a quarter of the side and a pixel at strength 1.
    Pixelation,
    /// A shift to the right by half of the side at strength 1.
    Shift,
}

impl Corruption {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Noise, Self::Blur, Self::Blackout, Self::Swirl, Self::Pixelation, Self::Shift];

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::Blur => "blur",
            Self::Blackout => "blackout",
            Self::Swirl => "swirl",
            Self::Pixelation => "pixelation",
            Self::Shift => "shift",
        }
    }

    /// Images `[n, channels, height, width]` in `[−1, 1]`, spoiled with a strength from 0 to 1; the same ones at
    /// every call.
    pub fn apply(self, images: Tensor<4>, strength: f64) -> Tensor<4> {
        let (shape, device) = (images.dims(), images.device());
        let [_, channels, height, width] = shape;
        let mut rng = Seed(0).stream("evaluation/corruption").draw(0);
        let mut values: Vec<f32> = images.into_data().iter::<f32>().collect();
        for image in values.chunks_exact_mut(channels * height * width) {
            // Drawn for every corruption: the places do not depend on the strength.
            let at: [f64; 2] = [rng.random(), rng.random()];
            if self == Self::Noise {
                add_noise(image, 1.5 * strength, &mut rng);
                continue;
            }
            for plane in image.chunks_exact_mut(height * width) {
                let spoiled = Plane { values: plane, height, width }.spoiled(self, strength, at);
                plane.copy_from_slice(&spoiled);
            }
        }
        Tensor::from_data(TensorData::new(values, shape), &device)
    }
}

/// Normal noise by Box and Muller's formula.
fn add_noise(image: &mut [f32], deviation: f64, rng: &mut impl rand::Rng) {
    for value in image {
        let (radius, angle): (f64, f64) = (rng.random(), rng.random());
        let normal = (-2.0 * (1.0 - radius).ln()).sqrt() * (TAU * angle).cos();
        *value = (f64::from(*value) + deviation * normal).clamp(-1.0, 1.0) as f32;
    }
}

/// One channel of an image.
struct Plane<'a> {
    values: &'a [f32],
    height: usize,
    width: usize,
}

impl Plane<'_> {
    fn spoiled(&self, corruption: Corruption, strength: f64, at: [f64; 2]) -> Vec<f32> {
        let side = self.height.min(self.width) as f64;
        match corruption {
            Corruption::Noise => self.values.to_vec(),
            Corruption::Blur => self.blurred(strength * side / 8.0),
            Corruption::Blackout => self.blacked_out(strength * 0.75, at),
            Corruption::Swirl => self.swirled(strength * TAU / 4.0),
            Corruption::Pixelation => self.pixelated(1.0 + strength * side / 4.0),
            Corruption::Shift => self.map(|y, x| self.between(y, x - strength * side / 2.0)),
        }
    }

    /// The value of every pixel by its row and column.
    fn map(&self, value: impl Fn(f64, f64) -> f64) -> Vec<f32> {
        let pixels = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (y, x)));
        pixels.map(|(y, x)| value(y as f64, x as f64) as f32).collect()
    }

    /// The value of a pixel; beyond the border that of the first one.
    fn at(&self, y: f64, x: f64) -> f64 {
        let inside = y >= 0.0 && x >= 0.0 && y < self.height as f64 && x < self.width as f64;
        f64::from(self.values[if inside { y as usize * self.width + x as usize } else { 0 }])
    }

    /// Bilinear interpolation.
    fn between(&self, y: f64, x: f64) -> f64 {
        let (top, left) = (y.floor(), x.floor());
        let (down, right) = (y - top, x - left);
        let row = |y: f64| self.at(y, left) * (1.0 - right) + self.at(y, left + 1.0) * right;
        row(top) * (1.0 - down) + row(top + 1.0) * down
    }

    fn blurred(&self, deviation: f64) -> Vec<f32> {
        if deviation == 0.0 {
            return self.values.to_vec();
        }
        let reach = (3.0 * deviation).ceil() as i32;
        let weights: Vec<(f64, f64)> = (-reach..=reach)
            .map(|d| (f64::from(d), (-0.5 * (f64::from(d) / deviation).powi(2)).exp()))
            .collect();
        let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let mean = |along: &dyn Fn(f64) -> f64| {
            weights.iter().map(|&(d, weight)| weight * along(d)).sum::<f64>() / total
        };
        let across = self.map(|y, x| mean(&|d| self.at(y, x + d)));
        let across = Plane { values: &across, ..*self };
        across.map(|y, x| mean(&|d| across.at(y + d, x)))
    }

    fn blacked_out(&self, side: f64, at: [f64; 2]) -> Vec<f32> {
        let span = |at: f64, pixels: usize| {
            let length = side * pixels as f64;
            let first = at * (pixels as f64 - length);
            (first, first + length)
        };
        let (rows, columns) = (span(at[0], self.height), span(at[1], self.width));
        let covered = |y: f64, (first, last): (f64, f64)| y >= first && y < last;
        self.map(|y, x| if covered(y, rows) && covered(x, columns) { -1.0 } else { self.at(y, x) })
    }

    fn swirled(&self, angle: f64) -> Vec<f32> {
        let (cy, cx) = ((self.height - 1) as f64 / 2.0, (self.width - 1) as f64 / 2.0);
        self.map(|y, x| {
            let (dy, dx) = (y - cy, x - cx);
            let turned = angle * (-(dy * dy + dx * dx) / (cy * cy)).exp();
            let (sin, cos) = turned.sin_cos();
            self.between(cy + cos * dy + sin * dx, cx - sin * dy + cos * dx)
        })
    }

    fn pixelated(&self, side: f64) -> Vec<f32> {
        let side = side.floor();
        self.map(|y, x| {
            let (first_y, first_x) = ((y / side).floor() * side, (x / side).floor() * side);
            let rows = first_y as usize..((first_y + side) as usize).min(self.height);
            let columns = first_x as usize..((first_x + side) as usize).min(self.width);
            let n = (rows.len() * columns.len()) as f64;
            let row = |y: usize| &self.values[y * self.width..][columns.clone()];
            rows.map(|y| row(y).iter().map(|&v| f64::from(v)).sum::<f64>()).sum::<f64>() / n
        })
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn picture() -> Tensor<4> {
        let pixel = |i: usize| if i % 28 > 9 && i % 28 < 18 && i / 28 > 5 { 0.8 } else { -1.0 };
        let values: Vec<f32> = (0..2 * 784).map(|i| pixel(i % 784)).collect();
        Tensor::from_data(TensorData::new(values, [2, 1, 28, 28]), &Device::default())
    }

    #[test]
    fn nothing_happens_at_strength_0_and_more_at_more() {
        let plain: Vec<f32> = picture().into_data().iter().collect();
        for corruption in Corruption::ALL {
            let distance = |strength| -> f64 {
                let spoiled = corruption.apply(picture(), strength).into_data();
                let pairs = spoiled.iter::<f32>().zip(&plain);
                pairs.map(|(a, &b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
            };
            let distances = [0.0, 0.2, 0.6, 1.0].map(distance);
            assert!(distances[0] < 1e-3, "{corruption:?} {distances:?}");
            // A picture that is shifted out of sight has fewer pixels to be wrong about.
            assert!(
                distances[..3].is_sorted() && distances[3] > 5.0,
                "{corruption:?} {distances:?}"
            );
        }
    }

    #[test]
    fn values_stay_in_range_and_repeat() {
        for corruption in Corruption::ALL {
            let spoil = || corruption.apply(picture(), 0.7).into_data();
            assert!(spoil().iter::<f32>().all(|value| (-1.0..=1.0).contains(&value)));
            assert_eq!(spoil(), spoil());
        }
    }
}
