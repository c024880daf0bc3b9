//! Grouped convolutions against the plain one of each group.

use proptest::prelude::*;

use super::*;
use crate::geometry::Geometry;
use crate::precision::Precision;
use crate::reference::{assert_within, numbers, wide};
use crate::simd::Level;

/// The channels of one group, out of a map of `channels` by `batch`.
fn group_of(map: &[f32], [channels, batch]: [usize; 2], [group, size]: [usize; 2]) -> Vec<f32> {
    let rows = map.chunks_exact(channels * batch);
    rows.flat_map(|pixel| pixel[group * size * batch..(group + 1) * size * batch].to_vec())
        .collect()
}

/// Off by no more than the rounding of sums of this many products of factors up to 1.
#[track_caller]
fn assert_close(what: &str, found: &[f32], expected: &[f32], products: usize) {
    let bound = 1e-6 * (products as f64).sqrt().max(1.0) + 2e-7 * products as f64;
    assert_within(bound, what, found, &wide(expected));
}

fn check(grouped: &GroupedConvolution) {
    let GroupedConvolution { whole, groups } = *grouped;
    let [of_coarse, of_fine] = grouped.channels();
    let (fine, coarse) = (numbers(whole.fine_length(), 1), numbers(whole.coarse_length(), 2));
    let taps = whole.geometry.taps();
    let size = of_coarse * of_fine * taps;
    let weights = numbers(groups * size, 3);
    let one = Convolution { fine_channels: of_fine, coarse_channels: of_coarse, ..whole };
    let biases = [numbers(whole.coarse_channels, 4), numbers(whole.fine_channels, 5)];
    let activation = Activation::LeakyRelu(0.2);
    let finish = |bias| Finish { bias: Some(bias), activation };
    Level::each(|| {
        let coarser = grouped.coarsen(&fine, &weights, finish(&biases[0]));
        let finer = grouped.refine(&coarse, &weights, finish(&biases[1]));
        let gradient = grouped.weight_gradient(&fine, &coarse);
        for group in 0..groups {
            let fine = group_of(&fine, [whole.fine_channels, whole.batch], [group, of_fine]);
            let coarse =
                group_of(&coarse, [whole.coarse_channels, whole.batch], [group, of_coarse]);
            let weights = &weights[group * size..(group + 1) * size];
            let of = |map: &[f32], channels: usize, size: usize| {
                group_of(map, [channels, whole.batch], [group, size])
            };
            let bias = &biases[0][group * of_coarse..(group + 1) * of_coarse];
            let expected = one.coarsen(&fine, weights, finish(bias));
            let found = of(&coarser, whole.coarse_channels, of_coarse);
            assert_close("the coarser map", &found, &expected, taps * of_fine);
            let bias = &biases[1][group * of_fine..(group + 1) * of_fine];
            let expected = one.refine(&coarse, weights, finish(bias));
            let found = of(&finer, whole.fine_channels, of_fine);
            assert_close("the finer map", &found, &expected, taps * of_coarse);
            let expected = one.weight_gradient(&fine, &coarse);
            let found = &gradient[group * size..(group + 1) * size];
            let products = whole.geometry.coarse_pixels() * whole.batch;
            assert_close("the gradient", found, &expected, products);
        }
        [coarser, finer, gradient]
    });
}

fn shapes() -> impl Strategy<Value = GroupedConvolution> {
    let axis = (1usize..=4, 1usize..=2, 0usize..=1, 1usize..=5);
    let channels = prop_oneof![1usize..=5, Just(16usize), 17usize..=20];
    let batch = prop_oneof![Just(16usize), Just(64), 1usize..=40];
    (axis.clone(), axis, channels.clone(), channels, 1usize..=5, batch).prop_filter_map(
        "the finer map has pixels",
        |(vertical, horizontal, of_fine, of_coarse, groups, batch)| {
            let axes = [vertical, horizontal];
            let fine = axes.map(|(kernel, stride, padding, coarse)| {
                ((coarse - 1) * stride + kernel).checked_sub(2 * padding).filter(|fine| *fine > 0)
            });
            let geometry = Geometry {
                fine: [fine[0]?, fine[1]?],
                coarse: axes.map(|axis| axis.3),
                kernel: axes.map(|axis| axis.0),
                stride: axes.map(|axis| axis.1),
                padding: axes.map(|axis| axis.2),
            };
            let (fine_channels, coarse_channels) = (groups * of_fine, groups * of_coarse);
            let precision = Precision::F32;
            let whole = Convolution { geometry, fine_channels, coarse_channels, batch, precision };
            Some(GroupedConvolution { whole, groups })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_group_is_a_convolution_of_its_own(shape in shapes()) {
        check(&shape);
    }
}
