//! Every kernel against plain loops, over random shapes.

use proptest::prelude::*;

use super::*;
use crate::contraction::Tiling;
use crate::reference::{ACTIVATIONS, activated, assert_within, numbers, square, wide};
use crate::simd::Level;

/// The loops that the kernels stand for, in `f64`: `visit` is given the places of a number of the
/// finer map, of the coarser map and of the weights for every product.
fn products(c: &Convolution, mut visit: impl FnMut(usize, usize, usize)) {
    let g = &c.geometry;
    let taps = g.taps();
    for (y, x) in (0..g.coarse[0]).flat_map(|y| (0..g.coarse[1]).map(move |x| (y, x))) {
        for (ky, kx) in (0..g.kernel[0]).flat_map(|y| (0..g.kernel[1]).map(move |x| (y, x))) {
            let fine_y = (y * g.stride[0] + ky).wrapping_sub(g.padding[0]);
            let fine_x = (x * g.stride[1] + kx).wrapping_sub(g.padding[1]);
            if fine_y >= g.fine[0] || fine_x >= g.fine[1] {
                continue;
            }
            let (fine, coarse) = (fine_y * g.fine[1] + fine_x, y * g.coarse[1] + x);
            for channel in 0..c.fine_channels * c.coarse_channels {
                let (of_coarse, of_fine) = (channel / c.fine_channels, channel % c.fine_channels);
                let weight = channel * taps + ky * g.kernel[1] + kx;
                for n in 0..c.batch {
                    let fine = (fine * c.fine_channels + of_fine) * c.batch + n;
                    visit(fine, (coarse * c.coarse_channels + of_coarse) * c.batch + n, weight);
                }
            }
        }
    }
}

/// Equal within the rounding error of sums of this many products.
#[track_caller]
fn assert_close(what: &str, found: &[f32], expected: &[f64], products: usize) {
    // Factors are at most 1, so rounding is at most half a unit in the last place of every product
    // and of every sum.
    let bound = 1e-6 * (products as f64).sqrt().max(1.0) + 1e-7 * products as f64;
    assert_within(bound, what, found, expected);
}

/// Numbers that are the same in bfloat16, so that only the sums are rounded.
fn exact(c: &Convolution, mut numbers: Vec<f32>) -> Vec<f32> {
    if c.precision == Precision::Bf16 {
        numbers.iter_mut().for_each(|x| *x = f32::from_bits(x.to_bits() & 0xffff_0000));
    }
    numbers
}

fn check(c: &Convolution) {
    let fine = exact(c, numbers(c.fine_length(), 1));
    let coarse = exact(c, numbers(c.coarse_length(), 2));
    let weights = c.fine_channels * c.coarse_channels * c.geometry.taps();
    let weights = exact(c, numbers(weights, 3));
    let of = |slice: &[f32], place: usize| f64::from(slice[place]);
    let mut to_coarse = vec![0.0; coarse.len()];
    let mut to_fine = vec![0.0; fine.len()];
    let mut gradient = vec![0.0; weights.len()];
    products(c, |f, s, w| {
        to_coarse[s] += of(&fine, f) * of(&weights, w);
        to_fine[f] += of(&coarse, s) * of(&weights, w);
        gradient[w] += of(&fine, f) * of(&coarse, s);
    });
    let taps = c.geometry.taps();
    let (plain, pixels) = (Finish::default(), c.geometry.coarse_pixels());
    Level::each(|| {
        let coarser = c.coarsen(&fine, &weights, plain);
        assert_close("the coarser map", &coarser, &to_coarse, taps * c.fine_channels);
        let finer = c.refine(&coarse, &weights, plain);
        assert_close("the finer map", &finer, &to_fine, taps * c.coarse_channels);
        let found = c.weight_gradient(&fine, &coarse);
        assert_close("the gradient", &found, &gradient, pixels * c.batch);
        match c.precision {
            Precision::F32 => [coarser, finer, found],
            // Only one level adds up pairs in its own way.
            Precision::Bf16 => Default::default(),
        }
    });
}

/// Kernel, stride, padding, pixels of the coarser map, and pixels of the finer one beyond need.
type Axis = (usize, usize, usize, usize, usize);

fn shapes() -> impl Strategy<Value = Convolution> {
    let axis = (1usize..=5, 1usize..=3, 0usize..=2, 1usize..=6, 0usize..=2);
    let channels = prop_oneof![1usize..=9, 10usize..=40];
    let batch = prop_oneof![Just(1usize), Just(16), Just(32), Just(64), 2usize..=70];
    let precision = prop_oneof![Just(Precision::F32), Just(Precision::Bf16)];
    (axis.clone(), axis, channels.clone(), channels, batch, precision).prop_filter_map(
        "the finer map has pixels",
        |(vertical, horizontal, fine_channels, coarse_channels, batch, precision)| {
            let fine = |(kernel, stride, padding, coarse, beyond): Axis| {
                // What a transposed convolution makes, and up to `stride − 1` pixels more.
                ((coarse - 1) * stride + kernel + beyond.min(stride - 1))
                    .checked_sub(2 * padding)
                    .filter(|fine| *fine > 0)
            };
            let both = |of: fn(Axis) -> usize| [of(vertical), of(horizontal)];
            let geometry = Geometry {
                fine: [fine(vertical)?, fine(horizontal)?],
                coarse: both(|axis| axis.3),
                kernel: both(|axis| axis.0),
                stride: both(|axis| axis.1),
                padding: both(|axis| axis.2),
            };
            Some(Convolution { geometry, fine_channels, coarse_channels, batch, precision })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn kernels_compute_what_plain_loops_compute(shape in shapes()) {
        check(&shape);
    }
}

#[test]
fn the_layers_of_the_course_and_of_the_paper_are_right() {
    for (geometry, fine_channels, coarse_channels) in [
        (square(9, 4, 3, 2, 0), 20, 40),
        (square(17, 9, 3, 2, 1), 16, 32),
        (square(32, 17, 4, 2, 2), 1, 16),
        (square(32, 16, 4, 2, 1), 3, 32),
        (square(8, 4, 4, 2, 1), 32, 64),
        (square(4, 1, 4, 1, 0), 64, 1),
        (square(1, 1, 1, 1, 0), 110, 128),
    ] {
        for precision in [Precision::F32, Precision::Bf16] {
            check(&Convolution { geometry, fine_channels, coarse_channels, batch: 64, precision });
        }
    }
}

/// Doublings of maps of 5, 6 and 7 pixels, up to images of 256.
#[test]
fn the_layers_of_every_size_of_image_are_right() {
    for (geometry, fine_channels, coarse_channels, batch) in [
        (square(5, 1, 5, 1, 0), 12, 20, 16),
        (square(6, 1, 6, 1, 0), 12, 20, 16),
        (square(7, 1, 7, 1, 0), 12, 20, 16),
        (square(10, 5, 4, 2, 1), 9, 18, 17),
        (square(12, 6, 4, 2, 1), 9, 18, 17),
        (square(14, 7, 4, 2, 1), 9, 18, 17),
        (square(20, 10, 4, 2, 1), 5, 8, 16),
        (square(24, 12, 4, 2, 1), 5, 8, 16),
        (square(40, 20, 4, 2, 1), 3, 4, 16),
        (square(56, 28, 4, 2, 1), 3, 4, 16),
        (square(96, 48, 4, 2, 1), 3, 2, 4),
        (square(160, 80, 4, 2, 1), 1, 2, 2),
        (square(224, 112, 4, 2, 1), 1, 2, 2),
        (square(256, 128, 4, 2, 1), 1, 2, 2),
    ] {
        for precision in [Precision::F32, Precision::Bf16] {
            check(&Convolution { geometry, fine_channels, coarse_channels, batch, precision });
        }
    }
}

#[test]
fn bias_and_activation_come_after_the_sums() {
    let geometry = square(6, 3, 4, 2, 1);
    let shape = Convolution {
        geometry,
        fine_channels: 3,
        coarse_channels: 5,
        batch: 20,
        precision: Precision::F32,
    };
    let (fine, weights) = (numbers(shape.fine_length(), 1), numbers(3 * 5 * 16, 2));
    let bias = numbers(5, 3);
    let sums = wide(&shape.coarsen(&fine, &weights, Finish::default()));
    for activation in ACTIVATIONS {
        let of = |(place, sum): (usize, &f64)| {
            activated(activation, sum + f64::from(bias[place / 20 % 5]))
        };
        let expected: Vec<f64> = sums.iter().enumerate().map(of).collect();
        Level::each(|| {
            let finish = Finish { bias: Some(&bias), activation };
            let found = shape.coarsen(&fine, &weights, finish);
            assert_within(3e-6, &format!("{activation:?}"), &found, &expected);
            [found]
        });
    }
}

/// Sums have one order, whichever thread computes them.
#[test]
fn the_number_of_threads_changes_no_bit() {
    let geometry = square(16, 8, 4, 2, 1);
    for precision in [Precision::F32, Precision::Bf16] {
        let shape =
            Convolution { geometry, fine_channels: 24, coarse_channels: 80, batch: 64, precision };
        let fine = numbers(shape.fine_length(), 1);
        let coarse = numbers(shape.coarse_length(), 2);
        let weights = numbers(24 * 80 * 16, 3);
        let all = || {
            let plain = Finish::default();
            let there = shape.coarsen(&fine, &weights, plain);
            let back = shape.refine(&coarse, &weights, plain);
            [there, back, shape.weight_gradient(&fine, &coarse)]
                .map(|numbers| numbers.into_iter().map(f32::to_bits).collect::<Vec<_>>())
        };
        let tilings = |level| Tiling::ALL.map(|tiling| (level, tiling));
        for (level, tiling) in Level::available().iter().flat_map(tilings) {
            let with = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
                let run = || tiling.on(|| level.on(all));
                pool.build().expect("threads").install(run)
            };
            assert_eq!(with(1), with(2), "{level:?} {tiling:?} {precision:?}");
            assert_eq!(with(1), with(5), "{level:?} {tiling:?} {precision:?}");
        }
    }
}
