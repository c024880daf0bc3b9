//! What the tests of the kernels share: numbers to begin with, and plain loops in `f64`.

use crate::activation::Activation;
use crate::geometry::Geometry;

/// Numbers in `[−1, 1]` that look random and are not.
pub(crate) fn numbers(length: usize, salt: usize) -> Vec<f32> {
    let number = |i: usize| {
        let bits = (i.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)).wrapping_mul(69_069);
        (bits >> 8 & 0xffff) as f32 / 32_768.0 - 1.0
    };
    (0..length).map(number).collect()
}

/// The same numbers.
pub(crate) fn wide(numbers: &[f32]) -> Vec<f64> {
    numbers.iter().copied().map(f64::from).collect()
}

/// Every number is off by no more than `bound`.
#[track_caller]
pub(crate) fn assert_within(bound: f64, what: &str, found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (f64::from(*found) - expected).abs();
        assert!(off <= bound, "{what} at {place}: {found} for {expected}, off by {off:e}");
    }
}

/// Every number is off by no more than 5e-6 of the largest one.
#[track_caller]
pub(crate) fn assert_near(what: &str, found: &[f32], expected: &[f64]) {
    let largest = expected.iter().fold(0.0, |largest: f64, number| largest.max(number.abs()));
    assert_within(5e-6 * largest.max(1e-2), what, found, expected);
}

/// Every sum of this many terms of about 1 is off by no more than 5e-6 of the largest one, or of what such
/// a sum comes to where signs are drawn: terms that happen to cancel leave their rounding behind.
#[track_caller]
pub(crate) fn assert_near_sums(what: &str, found: &[f32], expected: &[f64], terms: usize) {
    let largest = expected.iter().fold(0.0, |largest: f64, number| largest.max(number.abs()));
    assert_within(5e-6 * largest.max((terms as f64).sqrt()), what, found, expected);
}

/// `activation` of one number.
pub(crate) fn activated(activation: Activation, x: f64) -> f64 {
    match activation {
        Activation::Identity => x,
        Activation::Relu => x.max(0.0),
        Activation::LeakyRelu(slope) if x < 0.0 => f64::from(slope) * x,
        Activation::LeakyRelu(_) => x,
        Activation::Tanh => x.tanh(),
    }
}

/// Every activation once.
pub(crate) const ACTIVATIONS: [Activation; 4] =
    [Activation::Identity, Activation::Relu, Activation::LeakyRelu(0.2), Activation::Tanh];

/// Whether differences of this width go around a kink of the activation.
pub(crate) fn is_smooth(activation: Activation, before: &[f64]) -> bool {
    let has_kink = matches!(activation, Activation::Relu | Activation::LeakyRelu(_));
    !has_kink || before.iter().all(|z| z.abs() > 10.0 * DIFFERENCE)
}

const DIFFERENCE: f64 = 1e-5;

/// The gradient at `x` of what `of` makes of it, by central differences.
pub(crate) fn gradient(x: &[f64], of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut moved = x.to_vec();
    let slope = |(place, start): (usize, &f64)| {
        let [above, below] = [DIFFERENCE, -DIFFERENCE].map(|step| {
            moved[place] = start + step;
            of(&moved)
        });
        moved[place] = *start;
        (above - below) / (2.0 * DIFFERENCE)
    };
    x.iter().enumerate().map(slope).collect()
}

/// Maps and kernels as high as wide.
pub(crate) fn square(
    fine: usize,
    coarse: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
) -> Geometry {
    Geometry {
        fine: [fine; 2],
        coarse: [coarse; 2],
        kernel: [kernel; 2],
        stride: [stride; 2],
        padding: [padding; 2],
    }
}
