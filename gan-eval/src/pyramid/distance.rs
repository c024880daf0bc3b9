//! The distance of two sets of images, level by level.

use gan_core::seed::Seed;
use gan_divergence::transport::{Slicing, sliced_wasserstein};
use gan_divergence::{DivergenceError, Points};
use rand::Rng;

use super::Images;
use super::levels::{Size, expanded, next, reduced};
use super::patches::{PIXELS, Places, cut, normalize};
use crate::EvalError;

/// Distances are given in thousandths, as in the paper's tables.
const UNIT: f64 = 1e3;
/// Into so many equal parts are the directions split, whose spread is the standard error.
const REPEATS: usize = 4;

/// How many patches and directions to take, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PyramidDistance {
    /// Patches of each image at each level. At least 1, default 128.
    pub patches: usize,
    /// Random directions at each level. A multiple of 4, default 512.
    pub directions: usize,
    /// The seed of the places and of the directions.
    pub seed: Seed,
}

impl Default for PyramidDistance {
    fn default() -> Self {
        Self { patches: 128, directions: 512, seed: Seed(0) }
    }
}

/// The distance at one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelDistance {
    /// The shorter side of the level, in pixels.
    pub side: usize,
    /// `10³·SW₁` of the level's patches, in `[0, ∞)`.
    pub value: f64,
    /// Standard error over four groups of directions; it knows nothing of the choice of images and places.
    pub standard_error: f64,
}

/// The distances at all levels, and their mean.
#[derive(Clone, Debug, PartialEq)]
pub struct PyramidEstimate {
    /// From full resolution down.
    pub levels: Vec<LevelDistance>,
    /// The mean over the levels.
    pub mean: f64,
    /// The standard error of the mean, of the same kind as that of a level.
    pub standard_error: f64,
}

/// Sliced Wasserstein distances of the Laplacian pyramids of two sets of images, in thousandths of the
/// patches' deviation.
///
/// The [module](super) has the definition. The order of the images does not matter, and the same
/// images have the distance 0.
///
/// # Shapes
/// As many fake images as real ones, all of one size.
///
/// # Errors
/// [`EvalError::ImageSets`] for other numbers or sizes; [`EvalError::Divergence`] for no patches, and for
/// directions that are no positive multiple of 4.
///
/// # Numerics
/// In `f64`, to the same bits whatever the number of threads. Time is in proportion to images,
/// patches and directions: 32 patches instead of 128 are a quarter of the work, and the floor is a sixth
/// higher for digits. At one level it holds all patches, of both
/// sets: `16·49·c` bytes each, 200 MB for 2,000 gray images.
///
/// # Source
/// Karras et al. (2018), arXiv:1710.10196, §5.
///
/// # Example
/// ```
/// use gan_eval::pyramid::{Images, PyramidDistance, pyramid_distance};
///
/// let pixel = |i: usize| (i * i % 97) as f32 / 97.0;
/// let real: Vec<f32> = (0..4 * 32 * 32).map(pixel).collect();
/// let blurred: Vec<f32> = real.windows(2).map(|pair| pair[0] + pair[1]).chain([0.0]).collect();
/// let [real, blurred] = [&real, &blurred].map(|values| Images::new(values, [4, 1, 32, 32]));
/// let distance = pyramid_distance(real?, blurred?, PyramidDistance::default())?;
/// assert_eq!([distance.levels[0].side, distance.levels[1].side], [32, 16]);
/// assert!(distance.levels[0].value > distance.levels[1].value);
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
#[doc(alias = "SWD")]
pub fn pyramid_distance(
    real: Images<'_>,
    fake: Images<'_>,
    options: PyramidDistance,
) -> Result<PyramidEstimate, EvalError> {
    check(real, fake, options)?;
    let [_, channels, height, width] = real.shape();
    let directions = options.seed.stream("pyramid/directions");
    let mut sets = [real, fake].map(|images| Descent::new(images, options));
    let (mut level, mut size, mut distances) = (0, Some([height, width]), Vec::new());
    while let Some(here) = size {
        let [real, fake] = sets.each_mut().map(|set| set.patches(level, here));
        let dim = channels * PIXELS;
        let (real, fake) = (Points::new(&real, dim)?, Points::new(&fake, dim)?);
        let mut rng = directions.draw(level as u64);
        let repeats = [(); REPEATS].map(|()| {
            let slicing =
                Slicing { directions: options.directions / REPEATS, seed: rng.next_u64() };
            sliced_wasserstein(1.0, real, fake, slicing).map(|estimate| UNIT * estimate.value)
        });
        let [a, b, c, d] = repeats;
        distances.push((here, [a?, b?, c?, d?]));
        (level, size) = (level + 1, next(here));
    }
    Ok(summary(&distances))
}

fn summary(distances: &[(Size, [f64; REPEATS])]) -> PyramidEstimate {
    let of_level = |&([height, width], repeats): &(Size, [f64; REPEATS])| {
        let (value, standard_error) = mean_and_error(repeats);
        LevelDistance { side: height.min(width), value, standard_error }
    };
    let of_repeat = |repeat: usize| {
        distances.iter().map(|(_, of)| of[repeat]).sum::<f64>() / distances.len() as f64
    };
    let (mean, standard_error) = mean_and_error(std::array::from_fn(of_repeat));
    PyramidEstimate { levels: distances.iter().map(of_level).collect(), mean, standard_error }
}

fn mean_and_error(repeats: [f64; REPEATS]) -> (f64, f64) {
    let n = REPEATS as f64;
    let mean = repeats.iter().sum::<f64>() / n;
    let squares: f64 = repeats.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// A set of images on its way down its pyramid.
struct Descent {
    /// All channels of all images at the level that has been reached.
    planes: Vec<f64>,
    channels: usize,
    places: Places,
}

impl Descent {
    fn new(images: Images<'_>, options: PyramidDistance) -> Self {
        let places = Places::new(images, options.patches, options.seed);
        Self { planes: images.planes(), channels: images.shape()[1], places }
    }

    /// The normalized patches of this level's band; afterwards the next level is reached.
    fn patches(&mut self, level: usize, size: Size) -> Vec<f64> {
        let mut below = Vec::new();
        if let Some(to) = next(size) {
            for plane in self.planes.chunks_exact_mut(size[0] * size[1]) {
                let small = reduced(plane, size);
                let coarse = expanded(&small, to, size);
                plane.iter_mut().zip(coarse).for_each(|(pixel, coarse)| *pixel -= coarse);
                below.extend(small);
            }
        }
        let bands = std::mem::replace(&mut self.planes, below);
        let mut patches = Vec::new();
        for (image, band) in bands.chunks_exact(self.channels * size[0] * size[1]).enumerate() {
            for corner in self.places.of(image, level, size) {
                cut(band, size, corner, &mut patches);
            }
        }
        normalize(&mut patches, self.channels);
        patches
    }
}

fn check(real: Images<'_>, fake: Images<'_>, options: PyramidDistance) -> Result<(), EvalError> {
    let (real, fake) = (real.shape(), fake.shape());
    if real != fake {
        return Err(EvalError::ImageSets { real, fake });
    }
    let out_of_range = |parameter, expected, found: usize| {
        let found = found as f64;
        Err(DivergenceError::OutOfRange { parameter, expected, found }.into())
    };
    if options.patches == 0 {
        return out_of_range("the number of patches", "at least 1", options.patches);
    }
    if options.directions == 0 || !options.directions.is_multiple_of(REPEATS) {
        let expected = "a positive multiple of 4";
        return out_of_range("the number of directions", expected, options.directions);
    }
    Ok(())
}
