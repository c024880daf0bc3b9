//! Players of PyTorch, made by `tests/fixtures/pytorch/pytorch_players.py`, in Burn.

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use gan_core::batch::Batch;
use gan_core::latent::LatentPrior;
use gan_core::player::{Critic, Generator};
use gan_core::sampler::Sampler;
use gan_core::seed::Seed;
use gan_data::NpyHeader;
use gan_models::Networks;
use serde_json::json;

use super::*;
use crate::assemble::{NetworkVisitor, assemble};
use crate::config::Layers;
use crate::device;
use crate::sampling::Samples;

/// Recipe, settings and sample shape of the fixtures.
const PLAYERS: [(&str, &[&str], &[usize]); 2] = [
    ("gan", &["model.latent=3", "model.hidden=5"], &[2]),
    ("dcgan", &["model.latent=4", "model.generator_width=2", "model.critic_width=2"], &[1, 32, 32]),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pytorch").join(name)
}

/// Shape and values of a fixture.
fn array(name: &str) -> (Vec<usize>, Vec<f32>) {
    let bytes = std::fs::read(fixture(name)).unwrap();
    let mut values = &bytes[..];
    let NpyHeader { descr, shape } = NpyHeader::read(&mut values).unwrap();
    assert_eq!(descr, "<f4");
    let (values, []) = values.as_chunks() else { panic!("{name} is cut off") };
    let values = values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    (shape.into_iter().map(|length| length as usize).collect(), values)
}

/// Let `next` continue with the players of the fixtures called `recipe`.
fn with_players<N: NetworkVisitor>(recipe: &str, next: impl Fn(Device) -> N) -> N::Output {
    let (_, settings, shape) = PLAYERS.into_iter().find(|players| players.0 == recipe).unwrap();
    let mut layers = Layers::of_recipe(recipe).unwrap();
    settings.iter().for_each(|setting| layers.set(setting).unwrap());
    let device = device::open(None).unwrap().device;
    let model = layers.finish().unwrap().model;
    assemble(model, shape, 1, &device.clone().autodiff(), next(device)).unwrap()
}

/// The largest differences from what PyTorch's players make of the same: samples and scores.
struct Differences {
    recipe: &'static str,
    ending: &'static str,
    device: Device,
}

impl NetworkVisitor for Differences {
    type Output = [f32; 2];

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<[f32; 2]> {
        let Self { recipe, ending, device } = self;
        let open = |player: &str| StateDict::open(&fixture(&format!("{recipe}-{player}.{ending}")));
        let generator = open("generator")?.load_into(networks.generator)?.module.valid();
        let critic = open("critic")?.load_into(networks.critic)?.module.valid();

        let (_, latents) = array(&format!("{recipe}-latents.npy"));
        let latents: Vec<Vec<f32>> =
            latents.chunks_exact(generator.latent_dim()).map(<[f32]>::to_vec).collect();
        let sampler = Sampler::new(generator, LatentPrior::Normal, Seed(0).stream(""), &device);
        let made = Samples::of(sampler.at(&latents, None));

        let (shape, samples) = array(&format!("{recipe}-samples.npy"));
        let batch = Tensor::<D>::from_data(TensorData::new(samples.clone(), shape), &device);
        let scores = critic.score(Batch::unlabeled(batch)).raw();
        let scores: Vec<f32> = scores.into_data().iter().collect();
        let (_, expected) = array(&format!("{recipe}-scores.npy"));
        Ok([furthest(&made.values, &samples), furthest(&scores, &expected)])
    }
}

fn furthest(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).fold(0.0, |furthest, (a, b)| furthest.max((a - b).abs()))
}

#[test]
fn players_of_pytorch_give_the_outputs_that_they_gave_there() {
    for (recipe, ..) in PLAYERS {
        for ending in ["safetensors", "pth"] {
            let differences = with_players(recipe, |device| Differences { recipe, ending, device });
            assert!(
                differences.iter().all(|far| *far < 1e-5),
                "{recipe} {ending}: {differences:?}"
            );
        }
    }
}

/// The bytes that the generator is written as, imported from a fixture or with its own weights.
struct Written;

impl NetworkVisitor for Written {
    type Output = Vec<u8>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<u8>> {
        let generator = StateDict::open(&fixture("dcgan-generator.pth"))?;
        let generator = generator.load_into(networks.generator)?;
        safetensors(
            generator.module.valid(),
            &json!({ "step": 0, "recipe": "dcgan", "classes": 0 }),
        )
    }
}

#[test]
fn the_same_weights_are_the_same_bytes() {
    let bytes = || with_players("dcgan", |_| Written);
    assert_eq!(bytes(), bytes());
}

/// What is wrong with a file as the weights of the generator of `gan`.
struct Problem {
    path: PathBuf,
}

impl NetworkVisitor for Problem {
    type Output = String;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<String> {
        let loaded =
            StateDict::open(&self.path).and_then(|dict| dict.load_into(networks.generator));
        Ok(format!("{:#}", loaded.map(|loaded| loaded.notes).unwrap_err()))
    }
}

/// A file in the format of safetensors, of tensors whose values are all alike.
fn write(path: &Path, tensors: &[(&str, &str, &[usize], &[u8])]) {
    let mut header = serde_json::Map::new();
    let mut data = Vec::new();
    for (name, dtype, shape, value) in tensors {
        let begin = data.len();
        data.extend(value.repeat(shape.iter().product()));
        let entry = json!({ "dtype": dtype, "shape": shape, "data_offsets": [begin, data.len()] });
        header.insert((*name).to_owned(), entry);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let length = (header.len() as u64).to_le_bytes();
    std::fs::write(path, [&length[..], &header, &data].concat()).unwrap();
}

#[test]
fn tensors_that_do_not_fit_are_counted_by_kind_and_named_with_both_shapes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wrong.safetensors");
    let one = 1.0_f32.to_le_bytes();
    write(
        &path,
        &[
            ("hidden.0.weight", "F32", &[3, 5], &one),
            ("hidden.0.bias", "F32", &[5], &f32::NAN.to_le_bytes()),
            ("output.weight", "I32", &[2, 5], &[1, 0, 0, 0]),
            ("norm.num_batches_tracked", "I64", &[], &[1, 0, 0, 0, 0, 0, 0, 0]),
            ("extra.weight", "F32", &[7], &one),
        ],
    );
    let message = with_players("gan", |_| Problem { path: path.clone() });
    let expected = "wrong.safetensors does not fit this architecture: \
                    1 of another shape (hidden.0.weight must be [5, 3], found [3, 5]); \
                    1 with values that are not finite (hidden.0.bias); \
                    1 not floating point (output.weight, found I32); \
                    1 missing (output.bias [2]); \
                    1 without a place in it (extra.weight [7]); \
                    expected the weights of this recipe, with its sizes as --set model.…";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn double_and_half_precision_become_single() {
    struct Loaded {
        path: PathBuf,
    }

    impl NetworkVisitor for Loaded {
        type Output = Vec<f32>;

        fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
            self,
            networks: Networks<G, C>,
        ) -> anyhow::Result<Vec<f32>> {
            let generator =
                StateDict::open(&self.path)?.load_into(networks.generator)?.module.valid();
            let device = device::open(None)?.device;
            let stream = Seed(0).stream("");
            let sampler = Sampler::new(generator, LatentPrior::Normal, stream, &device);
            Ok(Samples::of(sampler.at(&[vec![1.0; 3]], None)).values)
        }
    }

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mixed.safetensors");
    let (double, half) = (0.5_f64.to_le_bytes(), 0x3800_u16.to_le_bytes());
    write(
        &path,
        &[
            ("hidden.0.weight", "F64", &[5, 3], &double),
            ("hidden.0.bias", "F16", &[5], &half),
            ("output.weight", "F16", &[2, 5], &half),
            ("output.bias", "F64", &[2], &double),
        ],
    );
    // Five units of 3·½ + ½, halved and summed, and ½.
    assert_eq!(with_players("gan", |_| Loaded { path: path.clone() }), [5.5, 5.5]);
}

/// The generator's tensors of `gan` with a name before each, in single precision.
fn named(prefix: &str) -> Vec<(String, &'static [usize])> {
    let tensors: [(&str, &[usize]); 4] = [
        ("hidden.0.weight", &[5, 3]),
        ("hidden.0.bias", &[5]),
        ("output.weight", &[2, 5]),
        ("output.bias", &[2]),
    ];
    tensors.into_iter().map(|(name, shape)| (format!("{prefix}{name}"), shape)).collect()
}

/// A file of such tensors.
fn write_named(path: &Path, tensors: &[(String, &[usize])]) {
    let one = 1.0_f32.to_le_bytes();
    let tensors: Vec<_> =
        tensors.iter().map(|(name, shape)| (name.as_str(), "F32", *shape, &one[..])).collect();
    write(path, &tensors);
}

/// Names of a megabyte or of control characters, as the issue trackers of readers have them.
#[test]
fn a_message_about_names_is_one_short_line_that_a_terminal_may_show() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hostile.safetensors");
    let dots = ".".repeat(1_000_000);
    for name in ["x".repeat(2_000_000), "a\u{1b}[31m\nb".to_owned(), dots] {
        let extra: (String, &[usize]) = (name, &[1]);
        let many = (0..100).map(|idx| (format!("layer.{idx}"), &[1][..]));
        write_named(&path, &[named(""), vec![extra], many.collect()].concat());
        let message = with_players("gan", |_| Problem { path: path.clone() });
        assert!(message.chars().count() < 700, "{message}");
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(message.contains("101 without a place in it ("), "{message}");
        assert!(message.contains(" and 98 more"), "{message}");
    }
}

#[test]
fn a_file_in_which_nothing_fits_is_told_by_where_most_of_it_fits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nearly.safetensors");
    let mut tensors = [named("net.module."), named("other.")[..2].to_vec()].concat();
    tensors[3].1 = &[9];
    write_named(&path, &tensors);
    let message = with_players("gan", |_| Problem { path: path.clone() });
    let part = "does not fit this architecture behind `net.module.`: 1 of another shape \
                (output.bias must be [2], found [9]); expected";
    assert!(message.contains(part), "{message}");
}

#[test]
fn a_name_after_the_file_chooses_among_sets_of_weights() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("two.safetensors");
    write_named(&path, &[named(""), named("ema.")].concat());
    let message = with_players("gan", |_| Problem { path: path.clone() });
    let part = "2 sets of weights fit (the outermost names, ema): choose one as FILE:NAME";
    assert!(message.contains(part), "{message}");
    let chosen = |name: &str| PathBuf::from(format!("{}:{name}", path.display()));
    let notes = |name: &str| with_players("gan", |_| Notes { path: chosen(name) });
    let passed = "passed over 4 other tensors (hidden.0.bias, hidden.0.weight, output.bias and 1";
    assert!(notes("ema")[0].ends_with("two.safetensors: `ema.` taken off every name"));
    assert!(notes("ema")[1].contains(passed), "{:?}", notes("ema"));
    let passed = "passed over 4 other tensors (ema.hidden.0.bias, ema.hidden";
    assert!(notes("")[0].contains(passed), "{:?}", notes(""));
    let message = with_players("gan", |_| Problem { path: chosen("emma") });
    let part = "nothing is called `emma` there, found ema, hidden, output";
    assert!(message.contains(part), "{message}");
}

/// What is reported of a file that fits the generator of `gan`.
struct Notes {
    path: PathBuf,
}

impl NetworkVisitor for Notes {
    type Output = Vec<String>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Vec<String>> {
        Ok(StateDict::open(&self.path)?.load_into(networks.generator)?.notes)
    }
}
