//! The pinned classifier beside the same network in PyTorch.

use burn::tensor::{Device, Tensor, TensorData};
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};
use gan_eval::FeatureExtractor;
use serde_json::Value;

use super::CLASSIFIER;

/// What PyTorch makes of the first test digits, written by `twin.py` beside it.
const TWIN: &str = include_str!("../fixtures/twin.json");
/// The digits that are in it.
const DIGITS: usize = 12;
/// What single precision may round otherwise.
const TOLERANCE: f32 = 1e-4;

#[test]
fn its_features_and_logits_are_those_of_pytorch() {
    let twin: Value = serde_json::from_str(TWIN).unwrap();
    assert_eq!(twin["classifier"], CLASSIFIER.id(), "run twin.py for the new classifier");
    for side in [28, 32] {
        let (features, logits) = CLASSIFIER.features_and_logits(digits(side)).unwrap();
        let expected = &twin[side.to_string()];
        assert_close(&format!("features at {side}"), features, &expected["features"]);
        assert_close(&format!("logits at {side}"), logits, &expected["logits"]);
    }
}

/// The first test digits at a size.
fn digits(side: usize) -> Tensor<4> {
    let set = Mnist::shipped(MnistSplit::Test, MnistSize::try_from(side).unwrap()).unwrap();
    let indices: Vec<usize> = (0..DIGITS).collect();
    let data = TensorData::new(set.values(&indices), [DIGITS, 1, side, side]);
    Tensor::from_data(data, &Device::default())
}

fn assert_close(what: &str, found: Tensor<2>, expected: &Value) {
    let expected: Vec<Vec<f32>> = serde_json::from_value(expected.clone()).unwrap();
    let [_, columns] = found.dims();
    let found: Vec<f32> = found.into_data().iter::<f32>().collect();
    assert_eq!((found.len(), expected.len()), (DIGITS * columns, DIGITS), "{what}");
    for (digit, (found, expected)) in found.chunks(columns).zip(&expected).enumerate() {
        assert_eq!(found.len(), expected.len(), "{what} of digit {digit}");
        for (column, (found, expected)) in found.iter().zip(expected).enumerate() {
            let close = (found - expected).abs() < TOLERANCE;
            assert!(close, "{what} of digit {digit}, {column}: {found}, PyTorch {expected}");
        }
    }
}
