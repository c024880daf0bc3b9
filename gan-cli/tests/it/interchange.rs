//! `gan import` and `gan export`: weights from PyTorch and for it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::program::{Place, Program};
use crate::samples::npy_values;

/// The settings of the fixtures' players.
const GAN: [&str; 2] = ["model.latent=3", "model.hidden=5"];
const DCGAN: [&str; 3] = ["model.latent=4", "model.generator_width=2", "model.critic_width=2"];
/// A step of the course's convolutional players on few digits.
const FEW: [&str; 4] =
    ["data.subset=8", "train.batch=4", "train.budget=1 step", "pictures.count=4"];

/// A place with the players of `tests/fixtures/pytorch/`.
fn with_fixtures() -> Place {
    let place = Place::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pytorch");
    for player in ["gan-generator", "gan-critic", "dcgan-generator", "dcgan-critic"] {
        for ending in ["safetensors", "pth"] {
            let name = format!("{player}.{ending}");
            place.write(&name, std::fs::read(folder.join(&name)).unwrap());
        }
    }
    place
}

fn set(program: Program, settings: &[&str]) -> Program {
    settings.iter().fold(program, |program, setting| program.set(setting))
}

fn import_gan(place: &Place, words: &str) -> Program {
    set(place.gan(&format!("import gan --out run {words}")), &GAN)
}

/// Type, shape and bytes of each tensor in a file of safetensors, and what its header says.
type Tensors = BTreeMap<String, (Value, Value, Vec<u8>)>;

fn tensors(file: &[u8]) -> (Tensors, Value) {
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let header: BTreeMap<String, Value> = serde_json::from_slice(&file[8..8 + length]).unwrap();
    let data = &file[8 + length..];
    let said = header.get("__metadata__").cloned().unwrap_or_default();
    let tensor = |(name, entry): (String, Value)| {
        let offset = |idx: usize| entry["data_offsets"][idx].as_u64().unwrap() as usize;
        let bytes = data[offset(0)..offset(1)].to_vec();
        (name, (entry["dtype"].clone(), entry["shape"].clone(), bytes))
    };
    let entries = header.into_iter().filter(|(name, _)| name != "__metadata__");
    (entries.map(tensor).collect(), said)
}

#[test]
fn what_is_imported_is_exported_bit_for_bit() {
    let place = with_fixtures();
    for (recipe, settings) in [("gan", &GAN[..]), ("dcgan", &DCGAN)] {
        for (generator, critic) in [("safetensors", "pth"), ("pth", "safetensors")] {
            let words = format!(
                "import {recipe} --generator {recipe}-generator.{generator} \
                 --critic {recipe}-critic.{critic} --out run --force"
            );
            set(place.gan(&words), settings).succeed();
            for (player, flag) in [("generator", ""), ("critic", "--critic")] {
                place.gan(&format!("export run {flag} --out x.safetensors --force")).succeed();
                let (found, _) = tensors(&place.bytes("x.safetensors"));
                let (mut expected, _) =
                    tensors(&place.bytes(&format!("{recipe}-{player}.safetensors")));
                expected.retain(|name, _| !name.ends_with("num_batches_tracked"));
                assert_eq!(found, expected, "{recipe} {player}");
            }
        }
    }
}

#[test]
fn an_export_says_what_it_is_of_and_lies_in_the_run_folder() {
    let place = Place::new();
    place.train("--steps 40 --out run").succeed();
    let path = place.gan("export run --format safetensors").succeed().stdout;
    assert_eq!(path, "run/generator-step40.safetensors\n");
    let (found, said) = tensors(&place.bytes(path.trim_end()));
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["hidden.0.bias", "hidden.0.weight", "output.bias", "output.weight"]);

    let said: Value = serde_json::from_str(said["gan"].as_str().unwrap()).unwrap();
    assert_eq!((&said["player"], &said["recipe"]), (&"generator".into(), &"gan".into()));
    assert_eq!((&said["step"], &said["latent_dim"]), (&40.into(), &32.into()));
    assert_eq!((&said["classes"], &said["sample_shape"]), (&0.into(), &vec![2].into()));

    let path = place.gan("export run --critic --from-step 20").succeed().stdout;
    assert_eq!(path, "run/critic-step20.safetensors\n");
    place.gan("export run --from-step 20 --out a.safetensors").succeed();
    assert_ne!(tensors(&place.bytes("a.safetensors")).0, found);
}

#[test]
fn an_imported_run_can_be_sampled_walked_through_and_trained() {
    let place = with_fixtures();
    let out = import_gan(&place, "--generator gan-generator.pth --critic gan-critic.safetensors")
        .succeed()
        .stdout;
    assert_eq!(out, "run\n");
    assert_eq!(place.names_in("run/checkpoints"), ["step-0000000000"]);
    place.gan("sample run -n 4 --out a.npy").succeed();
    assert_eq!(npy_values(&place.bytes("a.npy")).len(), 8);
    place.gan("interpolate run").succeed();
    // As a run that was begun here: the first step is step 1, from the imported weights.
    place.gan("train --resume --out run --steps 3").succeed();
    let last = place.names_in("run/checkpoints").pop().unwrap();
    assert_eq!(last, "step-0000000003");
    place.gan("sample run -n 4 --from-step 0 --out b.npy").succeed();
    assert_eq!(place.bytes("a.npy"), place.bytes("b.npy"));
    place.gan("sample run -n 4 --out c.npy").succeed();
    assert_ne!(place.bytes("a.npy"), place.bytes("c.npy"));
}

#[test]
fn images_learn_on_from_imported_weights_and_statistics() {
    let place = with_fixtures();
    let words = "import dcgan --generator dcgan-generator.safetensors --out run --seed 5";
    set(set(place.gan(words), &DCGAN), &FEW).succeed();
    place.gan("train --resume --out run").succeed();
    assert_eq!(place.names_in("run/samples").len(), 2);
}

#[test]
fn a_critic_that_is_not_given_starts_as_that_of_a_new_run() {
    let place = with_fixtures();
    import_gan(&place, "--generator gan-generator.pth --seed 4").succeed();
    place.gan("export run --critic --out imported.safetensors").succeed();
    let started = place.gan("import gan --generator gan-generator.pth --out other --seed 4");
    set(started, &GAN).succeed();
    place.gan("export other --critic --out again.safetensors").succeed();
    assert_eq!(place.bytes("imported.safetensors"), place.bytes("again.safetensors"));
    let (critic, _) = tensors(&place.bytes("imported.safetensors"));
    let (given, _) = tensors(&place.bytes("gan-critic.safetensors"));
    assert_ne!(critic, given);
}

#[test]
fn weights_of_another_architecture_are_refused_by_name_with_both_shapes() {
    let place = with_fixtures();
    let wider = place.gan("import gan --generator gan-generator.pth --out run");
    let parts = [
        "gan-generator.pth does not fit this architecture",
        "hidden.0.weight must be [128, 32], found [5, 3]",
        "output.bias",
    ];
    place.refuses(wider.set("model.hidden=128"), &parts[..2]);
    let parts = ["output.weight [2, 5] is missing", "score.weight [1, 5] has no place in it"];
    place.refuses(import_gan(&place, "--generator gan-critic.safetensors"), &parts);
    let parts = ["gan-generator.safetensors does not fit", "score.bias [1] is missing"];
    let words = "--generator gan-generator.pth --critic gan-generator.safetensors";
    place.refuses(import_gan(&place, words), &parts);
}

#[test]
fn files_that_are_no_weights_are_refused() {
    let place = with_fixtures();
    place.write("text.safetensors", "not tensors at all");
    place.write("text.pth", "not a pickle at all");
    let whole = place.bytes("dcgan-generator.pth");
    place.write("half.pth", &whole[..whole.len() / 2]);
    for (file, part) in [
        ("nowhere.pth", "cannot read nowhere.pth"),
        ("nowhere.safetensors", "cannot read nowhere.safetensors"),
        ("text.safetensors", "text.safetensors is not a safetensors file"),
        ("text.pth", "text.pth is not a file of PyTorch"),
        ("half.pth", "half.pth is not a file of PyTorch"),
        ("weights.onnx", "expected a file that ends in .safetensors, .pth or .pt"),
    ] {
        place.refuses(import_gan(&place, &format!("--generator {file}")), &[part]);
    }
    place.refuses(place.gan("import gan --out run"), &["--generator"]);
}

#[test]
fn a_run_folder_that_exists_is_imported_over_only_by_force() {
    let place = with_fixtures();
    place.train("--steps 1 --out run").succeed();
    place.refuses(import_gan(&place, "--generator gan-generator.pth"), &["run exists", "--force"]);
    import_gan(&place, "--generator gan-generator.pth --force").succeed();
    assert!(place.path("run.old-1/config.toml").exists());
}

#[test]
fn exports_that_cannot_be_are_refused() {
    let place = Place::new();
    place.train("--steps 1 --out run").succeed();
    place.write("mine.safetensors", "mine");
    for (words, part) in [
        ("export nowhere", "nowhere is not a run folder"),
        ("export run --out g.pth", "which this program only reads"),
        ("export run --out g.onnx", "expected a file that ends in .safetensors"),
        ("export run --format onnx", "'onnx'"),
        ("export run --from-step 7", "no checkpoint of step 7"),
        ("export run --out mine.safetensors", "mine.safetensors exists; replace it by --force"),
    ] {
        place.refuses(place.gan(words), &[part]);
    }
    place.gan("export run --out mine.safetensors --force").succeed();
}
