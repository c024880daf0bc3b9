//! The quantities beside those of torch-fidelity, prdc, SciPy and scikit-learn, on recorded features.

use gan_eval::{Card, Observed, Reference};
use serde_json::{Map, Value};

use super::Numbers;

/// The numbers, written by `references.py` beside them.
const REFERENCES: &str = include_str!("../fixtures/references.json");
/// Features and logits of three sets.
const RECORDED: &[u8] = include_bytes!("../fixtures/references.bin");
/// Digits in a set.
const N: usize = 200;
const DIM: usize = 64;
const CLASSES: usize = 10;
/// Of a number: what orders of summation may change.
const TOLERANCE: f64 = 1e-9;

#[test]
fn the_numbers_are_those_of_other_libraries() {
    let [real, held_out, fake] = recorded();
    let reference = Reference::new(real, held_out).unwrap();
    let found = Numbers(reference.measure(&fake, Card::Full).unwrap());
    let expected: Map<String, Value> = serde_json::from_str(REFERENCES).unwrap();
    let mut compared = 0;
    for (name, expected) in expected.iter().filter(|(name, _)| *name != "classifier") {
        let (found, expected) = (found.get(name), expected.as_f64().unwrap());
        let close = (found - expected).abs() <= TOLERANCE * (1.0 + expected.abs());
        assert!(close, "{name}: {found}, other libraries {expected}");
        compared += 1;
    }
    assert_eq!(compared, 12);
}

fn recorded() -> [Observed; 3] {
    let numbers: Vec<f32> =
        RECORDED.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let mut sets = numbers.chunks_exact(N * (DIM + CLASSES)).map(|set| {
        let (features, logits) = set.split_at(N * DIM);
        Observed {
            features: features.to_vec(),
            logits: logits.to_vec(),
            labels: Vec::new(),
            dim: DIM,
            classes: CLASSES,
            spread: (0.0, 0.0),
            images: None,
        }
    });
    std::array::from_fn(|_| sets.next().unwrap())
}
