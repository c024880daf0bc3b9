//! Images as clean-fid gives them to the network.

use burn::tensor::{Device, Tensor, TensorData};

use super::bicubic::Bicubic;

/// Rows and columns of the network's input.
pub(super) const SIDE: usize = 299;
/// Channels of the network's input.
const CHANNELS: usize = 3;
/// The level that becomes 0, and half of the levels' range.
const GRAY: f32 = 128.0;

/// The network's input, `[n, 3, 299, 299]`, of values `[n, channels, height, width]` in `[−1, 1]`.
pub(super) fn network_input(values: &[f32], shape: [usize; 4], device: &Device) -> Tensor<4> {
    let [n, channels, height, width] = shape;
    let bicubic = Bicubic::new([height, width], SIDE);
    let mut input = Vec::with_capacity(n * CHANNELS * SIDE * SIDE);
    for image in values.chunks_exact(channels * height * width) {
        input.extend(resized(image, channels, &bicubic).map(|level| (level - GRAY) / GRAY));
    }
    Tensor::from_data(TensorData::new(input, [n, CHANNELS, SIDE, SIDE]), device)
}

/// Three channels of levels, of an image of one or three.
fn resized(image: &[f32], channels: usize, bicubic: &Bicubic) -> impl Iterator<Item = f32> {
    let levels: Vec<f32> = image.iter().map(|&value| level(value)).collect();
    let planes = levels.chunks_exact(levels.len() / channels);
    let square: Vec<f32> = planes.flat_map(|plane| bicubic.resize(plane)).collect();
    std::iter::repeat_n(square, CHANNELS / channels).flatten()
}

/// The level of a value as an 8-bit image would store it: −1 is 0, 1 is 255, halves are rounded up.
fn level(value: f32) -> f32 {
    ((value.clamp(-1.0, 1.0) + 1.0) / 2.0 * 255.0).round()
}
