//! The steps before the network and between its convolutions, beside Pillow and by hand.
#![allow(clippy::unwrap_used, reason = "a failed test ends by saying where")]

use burn::tensor::{Device, Tensor};
use serde_json::Value;

use super::pooling::Pooling;
use super::preprocessing::{SIDE, network_input};

/// What PyTorch and Pillow make of images, written by `inception.py` beside it.
const TWIN: &str = include_str!("../../tests/fixtures/inception.json");
/// Levels that single precision may round otherwise.
const TOLERANCE: f32 = 1e-3;

/// The image of the fixture's formula: values in `[−1, 1]`.
fn image([channels, height, width, number]: [usize; 4]) -> Vec<f32> {
    let mut values = Vec::new();
    for c in 0..channels {
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let wave = x * (7 + 3 * c + number) + y * (5 + c) + (x * y / 4) * (number + 1) + 40 * c;
            values.push((wave & 255) as f32 / 127.5 - 1.0);
        }
    }
    values
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

#[test]
fn images_of_every_size_are_preprocessed_as_by_pillow() {
    let twin: Value = serde_json::from_str(TWIN).unwrap();
    let pixels: Vec<usize> = serde_json::from_value(twin["pixels"].clone()).unwrap();
    let cases = twin["resized"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let what: [usize; 4] = serde_json::from_value(case["image"].clone()).unwrap();
        let expected: Vec<f32> = serde_json::from_value(case["levels"].clone()).unwrap();
        let [channels, height, width, _] = what;
        let shape = [1, channels, height, width];
        let found = numbers(network_input(&image(what), shape, &Device::default()));
        assert_eq!(found.len(), 3 * SIDE * SIDE);
        let places = (0..3).flat_map(|c| pixels.iter().map(move |y| (c, y)));
        let places = places.flat_map(|(c, y)| pixels.iter().map(move |x| (c, y, x)));
        assert_eq!(expected.len(), 3 * pixels.len() * pixels.len());
        for ((c, y, x), expected) in places.zip(expected) {
            let level = found[(c * SIDE + y) * SIDE + x] * 128.0 + 128.0;
            let close = (level - expected).abs() < TOLERANCE;
            assert!(close, "{what:?} at {c}, {y}, {x}: {level}, Pillow {expected}");
        }
    }
}

#[test]
fn values_become_the_levels_of_a_png() {
    let levels = [(-7.0, 0.0), (-1.0, 0.0), (0.0, 128.0), (0.1, 140.0), (1.0, 255.0), (9.0, 255.0)];
    for (value, level) in levels {
        let found = numbers(network_input(&[value], [1, 1, 1, 1], &Device::default()));
        let expected = (level - 128.0) / 128.0;
        assert!(found.iter().all(|x| (x - expected).abs() < 1e-6), "{value}: {}", found[0]);
    }
}

#[test]
fn the_mean_leaves_out_the_padding_and_the_largest_does_too() {
    let corner: [[f32; 3]; 3] = [[-8.0, -4.0, -1.0], [-2.0, -6.0, -1.0], [-1.0, -1.0, -1.0]];
    let x = Tensor::<2>::from_data(corner, &Device::default()).reshape([1, 1, 3, 3]);
    let mean = numbers(Pooling::Average.forward(x.clone()));
    assert_eq!((mean[0], mean[1], mean[4]), (-5.0, -22.0 / 6.0, -25.0 / 9.0));
    assert_eq!(numbers(Pooling::Max.forward(x.clone()))[..2], [-2.0, -1.0]);
    assert_eq!(numbers(Pooling::Halving.forward(x)), [-1.0]);
}
