//! Digits against digits, and every step against a plain NumPy implementation.

use gan_core::seed::Seed;
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet, StackedMnist};
use gan_divergence::Points;
use gan_divergence::transport::{Slicing, sliced_wasserstein};
use rand::Rng;

use super::levels::{Size, expanded, next, reduced};
use super::patches::{Places, cut, normalize};
use super::*;
use crate::EvalError;

/// By `pyramid.py` beside it.
const REFERENCE: &str = include_str!("../../tests/fixtures/pyramid.txt");

fn reference(name: &str) -> Vec<f64> {
    let line = REFERENCE.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap().split(' ').map(|number| number.parse().unwrap()).collect()
}

/// The image of the reference, in the same single precision.
fn image([height, width]: Size, phase: usize) -> Vec<f64> {
    let pixel = |y: usize, x: usize| (y * y * 7 + x * x * 3 + x * y * 5 + 11 * phase) % 97;
    let pixels = (0..height * width).map(|i| pixel(i / width, i % width) as f64 / 48.5 - 1.0);
    pixels.map(|value| f64::from(value as f32)).collect()
}

#[track_caller]
fn close(found: impl IntoIterator<Item = f64>, expected: &[f64]) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-12, "{i}: {found} instead of {expected}");
    }
}

#[test]
fn bands_are_those_of_the_definition() {
    for size @ [height, width] in [[28, 28], [29, 34], [56, 60]] {
        let (mut plane, mut here, mut level) = (image(size, 0), Some(size), 0);
        while let Some(size) = here {
            let (mut band, mut below) = (plane.clone(), Vec::new());
            here = next(size);
            if let Some(to) = here {
                below = reduced(&plane, size);
                assert_eq!(below.len(), to[0] * to[1]);
                let coarse = expanded(&below, to, size);
                band.iter_mut().zip(coarse).for_each(|(pixel, coarse)| *pixel -= coarse);
            }
            let columns = band.chunks_exact(size[1]).flat_map(|row| row.iter().copied().step_by(5));
            close(columns, &reference(&format!("band-{height}x{width}-{level}")));
            (plane, level) = (below, level + 1);
        }
    }
}

#[test]
fn patches_and_their_distance_are_those_of_the_definition() {
    let size = [28, 28];
    let of_images = |mirrored: bool| {
        let mut patches = Vec::new();
        for i in 0..3 {
            let mut band: Vec<f64> = if mirrored { [1, 0] } else { [0, 1] }
                .into_iter()
                .flat_map(|channel| image(size, 2 * i + channel))
                .collect();
            if mirrored {
                for plane in band.chunks_exact_mut(28 * 28) {
                    plane.reverse();
                    plane.chunks_exact_mut(28).for_each(<[f64]>::reverse);
                }
            }
            for p in 0..4 {
                cut(&band, size, [(3 * p + i) % 22, (5 * p + 2 * i) % 22], &mut patches);
            }
        }
        normalize(&mut patches, 2);
        patches
    };
    let (real, fake) = (of_images(false), of_images(true));
    close(real.chunks_exact(98).step_by(5).flatten().copied(), &reference("patches"));
    let points = [&real, &fake].map(|patches| Points::new(patches, 98).unwrap());
    let slicing = Slicing { directions: 20_000, seed: 5 };
    let found = sliced_wasserstein(1.0, points[0], points[1], slicing).unwrap();
    let (value, error) = (1e3 * found.value, 1e3 * found.standard_error.unwrap());
    let expected = reference("distance")[0];
    assert!((value - expected).abs() < 4.0 * error, "{value} ± {error} instead of {expected}");
}

#[test]
fn a_flat_plane_stays_flat_and_its_band_is_zero() {
    for size in [[28, 28], [29, 31], [64, 33]] {
        let small = reduced(&vec![0.7; size[0] * size[1]], size);
        let to = size.map(|side: usize| side.div_ceil(2));
        assert!(small.iter().all(|value| (value - 0.7).abs() < 1e-15));
        let back = expanded(&small, to, size);
        assert_eq!(back.len(), size[0] * size[1]);
        assert!(back.iter().all(|value| (value - 0.7).abs() < 1e-15));
    }
}

#[test]
fn levels_go_down_to_fourteen_pixels() {
    let sides = |side: usize| {
        let levels = std::iter::successors(Some([side, side + 2]), |&size| next(size));
        levels.map(|size| size[0]).collect::<Vec<_>>()
    };
    assert_eq!(sides(16), [16]);
    assert_eq!(sides(26), [26]);
    assert_eq!(sides(27), [27, 14]);
    assert_eq!(sides(28), [28, 14]);
    assert_eq!(sides(32), [32, 16]);
    assert_eq!(sides(64), [64, 32, 16]);
    assert_eq!(sides(7), [7]);
}

const N: usize = 400;

/// Test digits of 32×32 pixels from the `first` on.
fn digits(first: usize) -> Vec<f32> {
    let set = Mnist::shipped(MnistSplit::Test, MnistSize::Resized32).unwrap();
    set.values(&(first..first + N).collect::<Vec<_>>())
}

fn few(seed: u64) -> PyramidDistance {
    PyramidDistance { patches: 32, directions: 128, seed: Seed(seed) }
}

fn distance(real: &[f32], fake: &[f32]) -> PyramidEstimate {
    let [real, fake] = [real, fake].map(|values| Images::new(values, [N, 1, 32, 32]).unwrap());
    pyramid_distance(real, fake, few(1)).unwrap()
}

fn noise(seed: u64) -> Vec<f32> {
    let mut rng = Seed(seed).stream("test").draw(0);
    (0..N * 1024).map(|_| (rng.next_u32() >> 8) as f32 / (1 << 23) as f32 - 1.0).collect()
}

/// Mean of each pixel and its two neighbors along the row.
fn blurred(images: &[f32]) -> Vec<f32> {
    let row = |row: &[f32]| {
        let at = |x: usize| (row[x.saturating_sub(1)] + row[x] + row[(x + 1).min(31)]) / 3.0;
        (0..32).map(at).collect::<Vec<f32>>()
    };
    images.chunks_exact(32).flat_map(row).collect()
}

#[test]
fn the_same_images_have_no_distance_and_their_order_does_not_matter() {
    let (real, fake) = (digits(0), digits(N));
    let backwards: Vec<f32> = fake.chunks_exact(1024).rev().flatten().copied().collect();
    let same = distance(&real, &real);
    assert_eq!((same.mean, same.standard_error), (0.0, 0.0));
    let (there, back) = (distance(&real, &fake), distance(&real, &backwards));
    for (a, b) in there.levels.iter().zip(&back.levels) {
        assert_eq!(a.side, b.side);
        // The order of sums in the normalization is another one.
        assert!((a.value - b.value).abs() < 1e-9 * a.value, "{there:?} {back:?}");
    }
}

#[test]
fn other_digits_are_near_and_blur_and_noise_are_far() {
    let real = digits(0);
    let floor = distance(&real, &digits(N));
    let blur = distance(&real, &blurred(&digits(N)));
    let noise = distance(&real, &noise(1));
    let times =
        |of: &PyramidEstimate, level: usize| of.levels[level].value / floor.levels[level].value;
    assert_eq!([floor.levels[0].side, floor.levels[1].side], [32, 16]);
    // Blur is a matter of details first of all, noise of everything.
    let excess = |level: usize| blur.levels[level].value - floor.levels[level].value;
    assert!(times(&blur, 0) > 2.0, "{blur:?} {floor:?}");
    assert!(excess(0) > 2.0 * excess(1), "{blur:?} {floor:?}");
    assert!(times(&noise, 0) > 10.0 && times(&noise, 1) > 5.0, "{noise:?} {floor:?}");
    assert!(noise.mean > blur.mean && blur.mean > floor.mean);
    let mean = (floor.levels[0].value + floor.levels[1].value) / 2.0;
    assert!((floor.mean - mean).abs() < 1e-9);
    assert!(floor.standard_error > 0.0 && floor.standard_error < 0.2 * floor.mean, "{floor:?}");
}

#[test]
fn brightness_and_contrast_of_a_whole_set_are_invisible() {
    let (real, fake) = (digits(0), digits(N));
    let dim: Vec<f32> = fake.iter().map(|value| 0.5 * value - 0.25).collect();
    let (there, dim) = (distance(&real, &fake), distance(&real, &dim));
    // Places are others, for they follow from the images.
    assert!((dim.mean - there.mean).abs() < 0.5 * there.mean, "{there:?} {dim:?}");
}

#[test]
fn one_digit_repeated_is_far() {
    let real = digits(0);
    let one: Vec<f32> = real[..1024].repeat(N);
    let (floor, one) = (distance(&real, &digits(N)), distance(&real, &one));
    assert!(one.mean > 3.0 * floor.mean, "{one:?} {floor:?}");
}

#[test]
fn colors_that_do_not_belong_together_show() {
    let digits = Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap();
    let stacked = |seed| {
        let set = StackedMnist::new(digits.clone(), 300, Seed(seed)).unwrap();
        set.values(&(0..300).collect::<Vec<_>>())
    };
    let (real, other) = (stacked(1), stacked(2));
    let gray: Vec<f32> =
        other.chunks_exact(3 * 784).flat_map(|image| image[..784].repeat(3)).collect();
    let shape = [300, 3, 28, 28];
    let distance = |fake: &[f32]| {
        let [real, fake] = [&real, fake].map(|values| Images::new(values, shape).unwrap());
        pyramid_distance(real, fake, few(1)).unwrap()
    };
    let (floor, gray) = (distance(&other), distance(&gray));
    assert_eq!([floor.levels[0].side, floor.levels[1].side], [28, 14]);
    assert!(gray.mean > 3.0 * floor.mean, "{gray:?} {floor:?}");
}

#[test]
fn seeds_choose_other_places_and_the_numbers_of_a_seed_are_the_same() {
    let images = digits(0);
    let images = Images::new(&images, [N, 1, 32, 32]).unwrap();
    let places = |seed| Places::new(images, 50, Seed(seed)).of(3, 1, [16, 16]);
    assert_eq!(places(1), places(1));
    assert_ne!(places(1), places(2));
    assert!(places(1).as_flattened().iter().all(|&corner| corner <= 9));
    assert!((0..=9).all(|corner| places(1).iter().any(|at| at[0] == corner)));
}

#[test]
fn flat_images_have_a_finite_distance() {
    let flat = vec![0.3; N * 1024];
    assert_eq!(distance(&flat, &flat).mean, 0.0);
    assert!(distance(&digits(0), &flat).mean.is_finite());
}

#[test]
fn sets_that_do_not_match_are_refused_with_both_numbers() {
    let images = digits(0);
    let real = Images::new(&images, [N, 1, 32, 32]).unwrap();
    let fewer = Images::new(&images[..1024 * 300], [300, 1, 32, 32]).unwrap();
    let error = pyramid_distance(real, fewer, few(1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "400 real images of 1×32×32 and 300 fake ones of 1×32×32, expected as many of the same size"
    );
    let smaller = Images::new(&images, [N, 1, 16, 64]).unwrap();
    assert!(matches!(pyramid_distance(real, smaller, few(1)), Err(EvalError::ImageSets { .. })));
}

#[test]
fn what_is_no_image_and_no_number_of_directions_is_refused() {
    let error = Images::new(&[0.0; 10], [1, 1, 8, 8]).unwrap_err().to_string();
    assert!(error.starts_with("10 values are no images of shape [1, 1, 8, 8], "), "{error}");
    for shape in [[1, 1, 6, 9], [0, 1, 8, 8], [usize::MAX, 2, 8, 8]] {
        assert!(Images::new(&[0.0; 54], shape).is_err(), "{shape:?}");
    }
    let mut values = [0.0; 64];
    values[7] = f32::NAN;
    assert!(matches!(Images::new(&values, [1, 1, 8, 8]), Err(EvalError::Divergence(_))));
    let images = Images::new(&[0.0; 64], [1, 1, 8, 8]).unwrap();
    for options in [
        PyramidDistance { patches: 0, ..few(1) },
        PyramidDistance { directions: 0, ..few(1) },
        PyramidDistance { directions: 6, ..few(1) },
    ] {
        let error = pyramid_distance(images, images, options);
        assert!(matches!(error, Err(EvalError::Divergence(_))), "{options:?}");
    }
    assert_eq!(pyramid_distance(images, images, few(1)).unwrap().levels.len(), 1);
}
