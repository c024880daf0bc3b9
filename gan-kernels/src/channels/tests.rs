//! Activations, their gradients and sums over channels, against plain loops in `f64`.

use proptest::prelude::*;

use super::*;
use crate::reference::{ACTIVATIONS, activated, assert_near_sums, assert_within, numbers, wide};

/// The derivative of `activation`, as a function of its result.
fn slope(activation: Activation, y: f64) -> f64 {
    match activation {
        Activation::Identity => 1.0,
        Activation::Relu => f64::from(y > 0.0),
        Activation::LeakyRelu(slope) => {
            if y < 0.0 {
                f64::from(slope)
            } else {
                1.0
            }
        }
        Activation::Tanh => 1.0 - y * y,
    }
}

fn sums(map: &Map, numbers: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; map.channels];
    for (row, numbers) in numbers.chunks_exact(map.batch).enumerate() {
        sums[row % map.channels] += numbers.iter().sum::<f64>();
    }
    sums
}

fn check(map: &Map, activation: Activation) {
    let (mut y, gradient) = (numbers(map.len(), 1), numbers(map.len(), 2));
    // Where the derivative has two sides.
    y[0] = 0.0;
    let of = |(y, gradient): (&f32, &f32)| slope(activation, f64::from(*y)) * f64::from(*gradient);
    let before: Vec<f64> = y.iter().zip(&gradient).map(of).collect();
    let sums_before = sums(map, &before);
    Level::each(|| {
        let (found, found_sums) = map.activation_backward(activation, &y, &gradient);
        assert_within(2e-7, "the gradient before", &found, &before);
        let terms = map.pixels * map.batch;
        assert_near_sums("its sums", &found_sums, &sums_before, terms);
        let only_sums = map.sums(&y);
        assert_near_sums("sums", &only_sums, &sums(map, &wide(&y)), terms);
        [found, found_sums, only_sums]
    });
}

proptest! {
    #[test]
    fn gradients_and_sums_are_those_of_plain_loops(
        (pixels, channels, batch) in (1usize..10, 1usize..30, 1usize..70),
        activation in prop::sample::select(&ACTIVATIONS[..]),
    ) {
        check(&Map { pixels, channels, batch }, activation);
    }

    #[test]
    fn activations_are_those_of_plain_loops(
        x in prop::collection::vec(prop_oneof![-1e-3f32..1e-3, -2f32..2.0, -100f32..100.0], 0..70),
        activation in prop::sample::select(&ACTIVATIONS[..]),
    ) {
        let of = |x: &f64| activated(activation, *x);
        let expected: Vec<f64> = wide(&x).iter().map(of).collect();
        Level::each(|| {
            let y = activate(activation, &x);
            for (found, expected) in y.iter().zip(&expected) {
                let bound = 3e-7 * expected.abs();
                assert_within(bound, "the activation", &[*found], &[*expected]);
            }
            [y]
        });
    }
}

/// A training that has diverged is to be seen.
#[test]
fn what_is_not_a_number_stays_so() {
    for activation in ACTIVATIONS {
        Level::each(|| {
            let y = activate(activation, &[f32::NAN; 19]);
            assert!(y.iter().all(|y| y.is_nan()), "{activation:?}");
            let map = Map { pixels: 1, channels: 1, batch: 19 };
            let (before, _) = map.activation_backward(activation, &[1.0; 19], &[f32::NAN; 19]);
            assert!(before.iter().all(|gradient| gradient.is_nan()), "{activation:?}");
            []
        });
    }
}

/// More numbers than one task takes, and than one thread does.
#[test]
fn long_tensors_are_activated_to_their_ends() {
    let x = numbers(1_100_001, 1);
    let expected: Vec<f64> = wide(&x).iter().map(|x| x.tanh()).collect();
    Level::each(|| {
        let y = activate(Activation::Tanh, &x);
        assert_within(3e-7, "tanh", &y, &expected);
        [y]
    });
}
