//! The grid that upsampling layers leave on images (checkerboard artefacts), seen in their spectrum.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `samples/stride_energy` | mean, over the frequencies of strides, of their spectral energy over that of the bins around them; beside it the same of real images | pictures have about 1; a grid with a period of 2 or 4 pixels stands out of its neighbors |
//!
//! # Formula
//! `P(u, v)` is the mean, over images and channels, of `|Σ x(i, j)·e^(−2πi(ui/h + vj/w))|²` for an image
//! of height `h` and width `w`. A layer that doubles images repeats their spectrum, so that a grid of
//! its own lies at half of the frequencies, and after another doubling at a quarter. Frequencies of
//! strides are all `(u, v)` with `u ∈ {0, h/4, h/2}` and `v ∈ {0, w/4, w/2}` but `(0, 0)`; the bins
//! around one are up to eight at a distance of one, without such frequencies.
//!
//! # Source
//! Odena, Dumoulin and Olah (2016), "Deconvolution and checkerboard artifacts",
//! doi:10.23915/distill.00003; the repeated spectrum: Durall et al. (2020), arXiv:2003.01826.

use std::f64::consts::TAU;

use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::Selection;

/// How far frequencies of strides stand out of those around them.
pub const STRIDE_ENERGY: Quantity = Quantity::new("samples/stride_energy", "1");

/// The stream that the latents come from.
pub const LATENTS: &str = "spectrum";

/// Images that the spectrum is the mean over.
const IMAGES: usize = 64;

/// Measures the spectrum of generated images at the frequencies of strides.
///
/// # Cost
/// A forward pass of the generator over 64 images.
#[derive(Clone, Debug)]
pub struct SpectrumProbe {
    bins: Vec<Bins>,
    shape: [usize; 3],
    of_real: f64,
}

impl SpectrumProbe {
    /// Compare with `real` images of `shape` `[channels, height, width]`, row by row; none where height
    /// and width are no multiples of 4, or where the real images have no energy at any such frequency.
    pub fn new(real: &[f32], shape: [usize; 3]) -> Option<Self> {
        let [_, height, width] = shape;
        let is_quartered = |size: usize| size >= 8 && size.is_multiple_of(4);
        if !(is_quartered(height) && is_quartered(width)) {
            return None;
        }
        let bins = Bins::of_strides(height, width);
        let of_real = stride_energy(&bins, real, shape)?;
        Some(Self { bins, shape, of_real })
    }
}

impl<G: Generator<D>, C, const D: usize> Probe<G, C, D> for SpectrumProbe {
    fn name(&self) -> &str {
        "spectrum"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![STRIDE_ENERGY]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let selection = Selection::about(IMAGES, game.players().generator.module.classes());
        let images = game.sampler(LATENTS).draw::<D>(&selection).into_data();
        let images: Vec<f32> = images.iter::<f32>().collect();
        let energy = stride_energy(&self.bins, &images, self.shape);
        let measured = energy.map(|energy| STRIDE_ENERGY.measured(energy).of_real(self.of_real));
        Ok(measured.into_iter().collect())
    }
}

/// A frequency of strides and the bins around it.
#[derive(Clone, Debug)]
struct Bins {
    center: [usize; 2],
    around: Vec<[usize; 2]>,
}

impl Bins {
    fn of_strides(height: usize, width: usize) -> Vec<Self> {
        let of = |size: usize| [0, size / 4, size / 2];
        let is_of_strides = |[u, v]: [usize; 2]| of(height).contains(&u) && of(width).contains(&v);
        let centers = of(height).into_iter().flat_map(|u| of(width).map(|v| [u, v]));
        let around = |[u, v]: [usize; 2]| {
            let shifts = (0..3).flat_map(|du| (0..3).map(move |dv| [du, dv]));
            let bins = shifts
                .map(|[du, dv]| [(u + height + du - 1) % height, (v + width + dv - 1) % width]);
            bins.filter(|bin| !is_of_strides(*bin)).collect()
        };
        centers
            .filter(|center| *center != [0, 0])
            .map(|center| Self { center, around: around(center) })
            .collect()
    }
}

/// None where no frequency has any energy around it.
fn stride_energy(bins: &[Bins], images: &[f32], shape: [usize; 3]) -> Option<f64> {
    let [_, height, width] = shape;
    let spectrum = Spectrum { planes: images, height, width };
    let ratios = bins.iter().filter_map(|Bins { center, around }| {
        let energies = around.iter().map(|bin| spectrum.energy(*bin));
        let around = energies.sum::<f64>() / around.len() as f64;
        (around > 0.0).then(|| spectrum.energy(*center) / around)
    });
    let (sum, n) = ratios.fold((0.0, 0_u32), |(sum, n), ratio| (sum + ratio, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

/// The channels of images, one after the other.
struct Spectrum<'a> {
    planes: &'a [f32],
    height: usize,
    width: usize,
}

impl Spectrum<'_> {
    /// The mean of `P(u, v)` over planes.
    fn energy(&self, [u, v]: [usize; 2]) -> f64 {
        let waves = |frequency: usize, size: usize| -> Vec<(f64, f64)> {
            let angle = |index: usize| TAU * ((frequency * index) % size) as f64 / size as f64;
            (0..size).map(|index| (angle(index).cos(), -angle(index).sin())).collect()
        };
        let (down, along) = (waves(u, self.height), waves(v, self.width));
        let planes = self.planes.chunks_exact(self.height * self.width);
        let n = planes.len();
        let energies = planes.map(|plane| {
            let (mut real, mut imaginary) = (0.0, 0.0);
            for (row, (c, s)) in plane.chunks_exact(self.width).zip(&down) {
                let (mut a, mut b) = (0.0, 0.0);
                for (value, (cos, sin)) in row.iter().zip(&along) {
                    a += f64::from(*value) * cos;
                    b += f64::from(*value) * sin;
                }
                real += a * c - b * s;
                imaginary += a * s + b * c;
            }
            real * real + imaginary * imaginary
        });
        energies.sum::<f64>() / n as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: [usize; 3] = [1, 16, 16];

    /// Values that look random and are not: the fractional part of multiples of an irrational number.
    fn noise() -> Vec<f32> {
        (0..64 * 256).map(|i| ((f64::from(i) * 0.754_877_666_2).fract() - 0.5) as f32).collect()
    }

    fn energy(images: &[f32]) -> f64 {
        stride_energy(&Bins::of_strides(16, 16), images, SHAPE).unwrap()
    }

    #[test]
    fn a_wave_has_its_energy_at_its_frequency() {
        let wave: Vec<f32> = (0..256)
            .map(|i| (TAU * f64::from(3 * (i / 16) + 5 * (i % 16)) / 16.0).cos() as f32)
            .collect();
        let spectrum = Spectrum { planes: &wave, height: 16, width: 16 };
        // A cosine of amplitude 1 has (n/2)² at its frequency and at the opposite one.
        for bin in [[3, 5], [13, 11]] {
            assert!((spectrum.energy(bin) - 128.0_f64.powi(2)).abs() < 0.1);
        }
        assert!(spectrum.energy([5, 3]) < 1e-6);
    }

    #[test]
    fn a_grid_stands_out_and_noise_does_not() {
        let noise = noise();
        let plain = energy(&noise);
        assert!(plain > 0.2 && plain < 3.0, "{plain}");
        for period in [2, 4] {
            let with_grid = noise.iter().enumerate().map(|(i, value)| {
                let (row, column) = (i % 256 / 16, i % 16);
                value + if row % period == 0 && column % period == 0 { 0.5 } else { 0.0 }
            });
            let of_grid = energy(&with_grid.collect::<Vec<_>>());
            assert!(of_grid > 5.0 * plain, "{period}: {of_grid}");
        }
    }

    #[test]
    fn every_frequency_of_a_stride_has_neighbors() {
        let bins = Bins::of_strides(28, 28);
        assert_eq!(bins.len(), 8);
        assert!(bins.iter().all(|bin| bin.around.len() == 8));
        assert!(bins.iter().any(|bin| bin.center == [14, 14]));
    }

    #[test]
    fn what_has_no_quarters_or_no_energy_has_no_probe() {
        assert!(SpectrumProbe::new(&[0.5; 49], [1, 7, 7]).is_none());
        assert!(SpectrumProbe::new(&[0.0; 256], SHAPE).is_none());
        assert!(SpectrumProbe::new(&noise(), SHAPE).is_some());
    }
}
