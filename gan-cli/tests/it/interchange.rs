//! `gan import` and `gan export`: weights from PyTorch and for it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::program::{Place, Program};
use crate::samples::npy_values;

/// The settings of the fixtures' players.
const GAN: [&str; 2] = ["model.latent=3", "model.hidden=5"];
const DCGAN: [&str; 3] = ["model.latent=4", "model.generator_width=2", "model.critic_width=2"];
/// A step of the recipe `dcgan`'s players on few digits.
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

/// A place with the files of the fixtures that training programs leave.
fn with_wrapped() -> Place {
    let place = with_fixtures();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pytorch");
    for name in [
        "gan-parallel.pth",
        "gan-compiled.bin",
        "gan-lightning.ckpt",
        "gan-averages.pt",
        "gan-legacy.pth",
        "gan-whole.pth",
    ] {
        place.write(name, std::fs::read(folder.join(name)).unwrap());
    }
    place
}

/// The tensors that a player has after an import.
fn exported(place: &Place, flag: &str) -> Tensors {
    place.gan(&format!("export run {flag} --out x.safetensors --force")).succeed();
    tensors(&place.bytes("x.safetensors")).0
}

/// Each tensor's values, for those in single precision.
fn values(tensors: &Tensors) -> Vec<f32> {
    let bytes = tensors.values().flat_map(|(_, _, bytes)| bytes.chunks_exact(4));
    bytes.map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
}

/// Type, shape and bytes of each tensor in a file of safetensors, and the contents of its header.
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
        "output.weight",
    ];
    place.refuses(wider.set("model.hidden=128"), &parts[..2]);
    let parts = [
        "2 missing (output.weight [2, 5], output.bias [2])",
        "2 without a place in it (score.bias [1], score.weight [1, 5])",
    ];
    place.refuses(import_gan(&place, "--generator gan-critic.safetensors"), &parts);
    let parts = ["gan-generator.safetensors does not fit", "score.bias [1]"];
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
    let whole = place.bytes("dcgan-generator.safetensors");
    place.write("half.safetensors", &whole[..whole.len() / 2]);
    place.write("empty.pth", "");
    place.write("lfs.pth", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    place.write("keras.pth", b"\x89HDF\r\n\x1a\n");
    for (file, part) in [
        ("nowhere.pth", "cannot read nowhere.pth"),
        ("nowhere.safetensors", "cannot read nowhere.safetensors"),
        ("text.safetensors", "found one that begins with `not tensors at a`"),
        ("text.pth", "text.pth has no weights: expected a file of safetensors or of PyTorch"),
        ("half.pth", "half.pth is not a file of PyTorch that can be read"),
        ("half.safetensors", "half.safetensors is not a whole file of safetensors"),
        ("empty.pth", "found an empty file"),
        ("lfs.pth", "found a pointer of Git LFS"),
        ("keras.pth", "found an HDF5 file"),
        (".", ". is a folder, expected a file of weights"),
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

#[test]
fn prefixes_and_nestings_are_taken_off_and_said() {
    let place = with_wrapped();
    let (generator, _) = tensors(&place.bytes("gan-generator.safetensors"));
    let (critic, _) = tensors(&place.bytes("gan-critic.safetensors"));
    for (file, said) in [
        ("gan-parallel.pth", "gan-parallel.pth: `module.` taken off every name"),
        ("gan-lightning.ckpt", "`state_dict.generator.` taken off every name"),
        ("gan-averages.pt:G", "`G.` taken off every name"),
    ] {
        let ran = import_gan(&place, &format!("--generator {file} --force")).succeed();
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
        assert_eq!(exported(&place, ""), generator, "{file}");
    }
    let words = "--generator gan-lightning.ckpt --critic gan-lightning.ckpt --force";
    let ran = import_gan(&place, words).succeed();
    for said in [
        "`state_dict.discriminator.` taken off every name",
        " and 3 other entries that are no tensors (epoch, global_step, hyper_parameters)",
    ] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert_eq!(exported(&place, "--critic"), critic);
    assert_eq!(exported(&place, ""), generator);
}

#[test]
fn what_a_file_is_its_content_says_and_not_the_end_of_its_name() {
    let place = with_wrapped();
    let (generator, _) = tensors(&place.bytes("gan-generator.safetensors"));
    for (name, of) in [
        ("WEIGHTS.PTH", "gan-generator.pth"),
        ("weights", "gan-generator.pth"),
        ("g:1.SafeTensors", "gan-generator.safetensors"),
        ("model.bin", "gan-generator.safetensors"),
        ("legacy.pt", "gan-legacy.pth"),
        ("whole.ckpt", "gan-whole.pth"),
    ] {
        place.write(name, place.bytes(of));
        import_gan(&place, &format!("--generator {name} --force")).succeed();
        assert_eq!(exported(&place, ""), generator, "{name}");
    }
}

#[test]
fn a_generator_and_its_averages_are_told_apart_by_a_name_after_the_file() {
    let place = with_wrapped();
    let parts = [
        "gan-averages.pt: 3 sets of weights fit (G, g_ema, generator_ema.module)",
        "choose one as FILE:NAME",
    ];
    place.refuses(import_gan(&place, "--generator gan-averages.pt"), &parts);
    let parts = ["nothing is called `Gema` there, found D, G, g_ema and 1 more"];
    place.refuses(import_gan(&place, "--generator gan-averages.pt:Gema"), &parts);
    let plain = values(&tensors(&place.bytes("gan-generator.safetensors")).0);
    for (name, factor) in [("g_ema", 0.5), ("generator_ema", 2.0)] {
        let words = format!("--generator gan-averages.pt:{name} --critic gan-averages.pt --force");
        import_gan(&place, &words).succeed();
        let expected: Vec<f32> = plain.iter().map(|value| value * factor).collect();
        assert_eq!(values(&exported(&place, "")), expected, "{name}");
    }
}

#[test]
fn half_precision_becomes_single_and_is_said() {
    let place = with_wrapped();
    let ran = import_gan(&place, "--generator gan-compiled.bin").succeed();
    assert!(ran.stderr.contains("`module._orig_mod.` taken off every name"), "{}", ran.stderr);
    let said = "tensors converted to F32: 2 of BF16, 2 of F16";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let plain = values(&tensors(&place.bytes("gan-generator.safetensors")).0);
    let found = values(&exported(&place, ""));
    assert_eq!(found.len(), plain.len());
    for (found, plain) in found.iter().zip(&plain) {
        assert!((found - plain).abs() <= plain.abs() / 256.0, "{found} for {plain}");
    }
    assert_ne!(found, plain);
}
