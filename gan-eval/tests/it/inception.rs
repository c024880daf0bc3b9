//! The Inception network of a file beside the same network in PyTorch, and files that hold none.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use gan_eval::inception::InceptionFileError;
use gan_eval::{EvalError, FeatureExtractor, Inception};
use safetensors::tensor::{Dtype, TensorView};
use serde_json::Value;
use tempfile::TempDir;

/// What PyTorch makes of two images, written by `inception.py` beside it.
const TWIN: &str = include_str!("../fixtures/inception.json");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
/// What single precision may round otherwise, in units of the root mean square of what is compared.
const TOLERANCE: f32 = 1e-4;

static RECORD: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(TWIN).unwrap());

/// A tensor of a file: its name, its shape and its numbers.
type Named = (String, Vec<usize>, Vec<f32>);

/// Numbers in `[low, high)`, the twin's formula: SplitMix64 from the FNV-1a hash of a name on, 24 bits of each.
fn between(name: &str, shape: &[usize], low: f64, high: f64) -> Named {
    let seed = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    let uniform = |i: u64| {
        let z = seed.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f64 / f64::from(1 << 24)
    };
    let n = shape.iter().product::<usize>() as u64;
    let values = (1..=n).map(|i| (low + (high - low) * uniform(i)) as f32).collect();
    (name.to_owned(), shape.to_vec(), values)
}

fn weights(name: &str, shape: &[usize]) -> Named {
    let bound = (6.0 / shape[1..].iter().product::<usize>() as f64).sqrt();
    between(name, shape, -bound, bound)
}

/// The tensors of a layer with its batch normalization.
fn layer(name: &str, shape: &[usize]) -> Vec<Named> {
    let norm =
        |part: &str, low, high| between(&format!("{name}.bn.{part}"), &shape[..1], low, high);
    vec![
        weights(&format!("{name}.conv.weight"), shape),
        norm("weight", 0.8, 1.2),
        norm("bias", -0.1, 0.1),
        norm("running_mean", -0.1, 0.1),
        norm("running_var", 0.5, 1.5),
    ]
}

/// The first layer, as it stands in every file.
fn first() -> Vec<Named> {
    layer("Conv2d_1a_3x3", &[32, 3, 3, 3])
}

fn write(path: &Path, tensors: &[Named]) {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, _, values)| values.iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    });
    safetensors::serialize_to_file(views, None, path).unwrap();
}

/// What is wrong with a file of these tensors.
fn problem_of(tensors: &[Named]) -> InceptionFileError {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("weights.safetensors");
    write(&path, tensors);
    problem_with(&path)
}

fn problem_with(path: &Path) -> InceptionFileError {
    match Inception::from_file(path, &Device::default()) {
        Err(error @ EvalError::InceptionFile { .. }) => {
            let line = error.to_string();
            assert!(line.starts_with(&path.display().to_string()), "{line}");
            assert!(!line.contains('\n'), "{line}");
            let EvalError::InceptionFile { problem, .. } = error else { unreachable!() };
            problem
        }
        other => panic!("{other:?}"),
    }
}

/// The network of the twin's weights, from a file with other tensors beside them.
fn twin() -> Inception {
    let layers: Vec<(String, Vec<usize>)> =
        serde_json::from_value(RECORD["layers"].clone()).unwrap();
    let mut tensors: Vec<Named> =
        layers.iter().flat_map(|(name, shape)| layer(name, shape)).collect();
    assert_eq!(tensors.len(), 94 * 5);
    tensors.push(weights("fc.weight", &[1008, 2048]));
    tensors.push(between("fc.bias", &[1008], -0.1, 0.1));
    tensors.push(weights("AuxLogits.fc.weight", &[2, 3]));
    tensors.push(("Mixed_7c.branch_pool.bn.num_batches_tracked".into(), vec![], vec![7.0]));
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("weights.safetensors");
    write(&path, &tensors);
    Inception::from_file(&path, &Device::default()).unwrap()
}

/// An image of the fixture's formula: values in `[−1, 1]`.
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

fn assert_close(what: &str, found: &[f32], expected: &Value) {
    let expected: Vec<f32> = serde_json::from_value(expected.clone()).unwrap();
    assert_eq!(found.len(), expected.len(), "{what}");
    let squares: f32 = expected.iter().map(|x| x * x).sum();
    let unit = (squares / expected.len() as f32).sqrt();
    for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let close = (found - expected).abs() < TOLERANCE * unit;
        assert!(close, "{what}, {i}: {found}, PyTorch {expected}, root mean square {unit}");
    }
}

#[test]
fn its_features_and_logits_are_those_of_pytorch() {
    let inception = twin();
    let cases = RECORD["images"].as_array().unwrap();
    let mut values: Vec<f32> = cases
        .iter()
        .flat_map(|case| image(serde_json::from_value(case["image"].clone()).unwrap()))
        .collect();
    // A third image that is broken leaves the others as they are.
    values.extend(vec![f32::NAN; values.len() / 2]);
    let images = TensorData::new(values, [3, 3, 32, 32]);
    let images = Tensor::<4>::from_data(images, &Device::default());
    let (features, logits) = inception.features_and_logits(images).unwrap();
    let [features, logits] = [features, logits].map(|rows| {
        let columns = rows.dims()[1];
        let values: Vec<f32> = rows.into_data().iter::<f32>().collect();
        values.chunks(columns).map(<[f32]>::to_vec).collect::<Vec<_>>()
    });
    for (i, case) in cases.iter().enumerate() {
        assert_close(&format!("features of image {i}"), &features[i], &case["features"]);
        assert_close(&format!("logits of image {i}"), &logits[i], &case["logits"]);
    }
    assert!(features[2].iter().all(|x| x.is_nan()), "{:?}", &features[2][..3]);
    assert_eq!(inception.id(), format!("inception-{}", &inception.sha256()[..12]));
    assert!(!inception.is_published());
    assert_eq!(
        inception.features(Tensor::zeros([0, 1, 8, 8], &Device::default())).dims(),
        [0, 2048]
    );
    for [channels, height, width] in [[2, 8, 8], [4, 8, 8], [1, 0, 8], [3, 8, 0]] {
        let refused =
            FeatureExtractor::check(&inception, [5, channels, height, width]).unwrap_err();
        let line = format!(
            "the network `{}` takes images of 1 or 3 channels and at least 1×1 pixel, found \
             {channels}×{height}×{width}",
            inception.id()
        );
        assert_eq!(refused.to_string(), line);
    }
}

#[test]
fn a_tensor_that_is_missing_or_of_another_shape_is_named() {
    let (name, expected) = ("Conv2d_2a_3x3.conv.weight".to_owned(), vec![32, 32, 3, 3]);
    let missing = InceptionFileError::Missing { name: name.clone(), expected: expected.clone() };
    assert_eq!(problem_of(&first()), missing);
    // PyTorch's own files of the same, of today and of before its version 1.6, behind `state_dict` and `module.`.
    for file in ["inception_beginning.pth", "inception_beginning_legacy.pth"] {
        assert_eq!(problem_with(&PathBuf::from(FIXTURES).join(file)), missing, "{file}");
    }

    let mut tensors = first();
    tensors.push(weights(&name, &[32, 32, 1, 9]));
    let found = vec![32, 32, 1, 9];
    assert_eq!(problem_of(&tensors), InceptionFileError::OtherShape { name, expected, found });
}

#[test]
fn another_network_is_no_inception() {
    let other = problem_of(&[weights("layer1.0.weight", &[2, 3])]);
    let first_name = "layer1.0.weight".to_owned();
    let expected = InceptionFileError::OtherNetwork { tensors: 1, first: first_name };
    assert_eq!(other, expected);

    let twice =
        ["a", "b"].map(|model| weights(&format!("{model}.Conv2d_1a_3x3.conv.weight"), &[1, 1]));
    assert_eq!(problem_of(&twice), InceptionFileError::SeveralNetworks { places: 2 });

    let mut torchvision = first();
    torchvision.push(("fc.weight".into(), vec![1000, 2048], vec![0.0; 1000 * 2048]));
    assert_eq!(problem_of(&torchvision), InceptionFileError::Classes { found: 1000 });

    let program = PathBuf::from(FIXTURES).join("inception_program.pt");
    assert_eq!(problem_with(&program), InceptionFileError::TorchScript);
}

#[test]
fn numbers_that_no_trained_network_has_are_refused() {
    for (tensor, value) in [(0, f32::NAN), (2, f32::INFINITY), (4, -0.5)] {
        let mut tensors = first();
        tensors[tensor].2[1] = value;
        match problem_of(&tensors) {
            InceptionFileError::Value { name, value: found } => {
                assert_eq!((name, found.to_bits()), (tensors[tensor].0.clone(), value.to_bits()));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_is_no_file_of_weights_is_said_to_be_none() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let message = |problem: InceptionFileError| problem.to_string();
    assert!(message(problem_with(&path("absent.pth"))).starts_with("cannot be read: "));
    assert!(message(problem_with(folder.path())).contains("it is a folder"));

    let no_weights = [
        (&b""[..], "an empty file"),
        (b"<!DOCTYPE html>\n<p>", "one that begins with `<!DOCTYPE html>\\n<p>`"),
        (b"version https://git-lfs", "one that begins with `version https://git-lfs`"),
    ];
    for (bytes, found) in no_weights {
        fs::write(path("strange.pth"), bytes).unwrap();
        let problem = problem_with(&path("strange.pth"));
        assert_eq!(problem, InceptionFileError::NoWeights { found: found.to_owned() });
    }

    let whole = fs::read(PathBuf::from(FIXTURES).join("inception_beginning.pth")).unwrap();
    fs::write(path("half.pth"), &whole[..whole.len() / 2]).unwrap();
    let half = problem_with(&path("half.pth"));
    assert!(matches!(half, InceptionFileError::Broken { format: "PyTorch", .. }), "{half}");

    write(&path("whole.safetensors"), &first());
    let whole = fs::read(path("whole.safetensors")).unwrap();
    fs::write(path("half.safetensors"), &whole[..whole.len() / 2]).unwrap();
    let half = problem_with(&path("half.safetensors"));
    assert!(matches!(half, InceptionFileError::Broken { format: "safetensors", .. }), "{half}");
}
