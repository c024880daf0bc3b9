//! Runs on stacked digits: trained, resumed, evaluated by the modes of their samples.

use serde_json::Value;

use crate::program::{Place, Program};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A small run on two hundred stacked digits whose modes are counted every 2 steps.
fn train(place: &Place, recipe: &str, words: &str) -> Program {
    let program = place.gan(&format!("train {recipe} {words}"));
    let small = [
        "data.kind=stacked-mnist",
        "data.samples=200",
        "train.batch=8",
        "model.latent=4",
        "pictures.count=6",
        "log.every=1 steps",
        "checkpoint.every=2 steps",
        "evaluation.features=auto",
        "evaluation.samples=30",
        "evaluation.every=2 steps",
    ];
    small.iter().fold(program, |program, setting| program.set(setting))
}

fn convolutional(place: &Place, words: &str) -> Program {
    let program = train(place, "dcgan", words);
    program.set("model.generator_width=2").set("model.critic_width=2")
}

#[test]
fn stacked_digits_are_learned_resumed_and_counted() {
    let place = Place::new();
    let outcome = convolutional(&place, "--steps 2 --out run").succeed();
    for part in [
        "200 stacked digits 3×32×32 in 1000 classes (000 ",
        "each of three of 60000 digits",
        "evaluation: 30 samples every 2 steps, in the features mnist-1-",
        "modes ",
        "KL ",
        "(real ",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    convolutional(&place, "--steps 4 --out whole").succeed();
    place.gan("train --resume --out run --steps 4").set("evaluation.features=auto").succeed();
    assert_eq!(place.bytes("run/metrics.jsonl"), place.bytes("whole/metrics.jsonl"));
    let lines: Vec<Value> = place.text("run/metrics.jsonl").lines().map(json).collect();
    let with = lines.iter().find(|line| line["step"] == 2).unwrap();
    for name in ["modes", "confident_modes", "modes_kl", "confident"] {
        for part in ["", "/of_real", "/standard_error"] {
            assert!(with[format!("samples/{name}{part}")].is_number(), "{name}{part}: {with}");
        }
    }
    let real = with["samples/modes/of_real"].as_f64().unwrap();
    assert!((25.0..=30.0).contains(&real), "{real}");
    let manifest = json(&place.text("run/manifest.json"));
    assert_eq!(manifest["data"]["shape"], serde_json::json!([3, 32, 32]));
    assert_eq!(manifest["data"]["classes"], 1000);
    assert_eq!(manifest["evaluation"]["metric_version"], "mnist-1");
    assert!(place.text("run/config.toml").contains("samples = 200"));
    // A sheet of six samples in RGB: the color type is byte 25 of a PNG.
    assert_eq!(place.bytes("run/samples/step-0000004.png")[25], 2);
}

#[test]
fn runs_on_stacked_digits_are_evaluated_beside_real_ones_and_controls() {
    let place = Place::new();
    convolutional(&place, "--steps 4 --out run").succeed();
    let table = place.gan("evaluate run --samples 40").succeed().stdout;
    for part in ["Step 4: 40 samples in the features mnist-1-", "samples/modes_kl", "one repeated"]
    {
        assert!(table.contains(part), "{part}: {table}");
    }
    let one = json(&place.gan("evaluate run --samples 40 --json").succeed().stdout);
    assert_eq!(
        (one["samples"].as_u64(), one["controls"]["one repeated"]["samples/modes"].as_f64()),
        (Some(40), Some(1.0))
    );
    assert!(
        one["measured"]["samples/modes"].as_f64()
            < one["measured"]["samples/modes/of_real"].as_f64()
    );
    assert!(one["measured"]["samples/label_agreement"].is_null());
    let all = json(&place.gan("evaluate run --all --samples 40 --json").succeed().stdout);
    assert_eq!((&all[0]["step"], &all[1]["step"]), (&2.into(), &4.into()));
    assert_eq!(all[1]["measured"], one["measured"]);
    place
        .refuses(place.gan("evaluate run --samples 0"), &["from 1 to 10000000 samples", "found 0"]);
}

#[test]
fn stacked_digits_of_another_program_are_counted() {
    let place = Place::new();
    place.gan("data stacked-mnist -n 30 --out fakes.npz").succeed();
    let words = "evaluate --samples fakes.npz --reference stacked-mnist";
    let one = json(&place.gan(&format!("{words} --json")).succeed().stdout);
    let number = |name: &str| one["measured"][name].as_f64().unwrap();
    assert!((27.0..=30.0).contains(&number("samples/modes")), "{one}");
    assert!(number("samples/confident") > 0.8 && number("samples/modes/of_real") > 26.0, "{one}");
    // How the file was read is said before what is wrong with it.
    let fails = |words: &str, parts: &[&str]| place.gan(words).run().failed_saying(parts);
    fails("evaluate --samples fakes.npz", &["--reference stacked-mnist"]);
    let pixels = format!("{words} --features pixels");
    fails(&pixels, &["classifier of gray digits", "leave out --features"]);
    place.gan("data mnist -n 30 --out gray.npz").succeed();
    let gray = "evaluate --samples gray.npz --reference stacked-mnist";
    fails(gray, &["3 channels", "1×28×28"]);
}

#[test]
fn a_conditional_recipe_has_a_thousand_classes_and_shows_some() {
    let place = Place::new();
    let program = train(&place, "cgan", "--steps 2 --out run").set("model.hidden=8");
    program.set("data.size=28").succeed();
    assert!(place.text("run/config.toml").contains("classes = 1000"));
    let last = json(place.text("run/metrics.jsonl").lines().last().unwrap());
    assert!(last["samples/label_agreement"].is_number(), "{last}");
    place.gan("sample run --labels 7,123,999 -n 2 --out three.npz").succeed();
    place.refuses(
        place.gan("sample run --labels 1000 --out none.npz"),
        &["class 1000", "1000 classes"],
    );
    // Six samples in two rows, as large as the sheet may be, and not a thousand rows.
    let png = place.bytes("run/samples/step-0000002.png");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert!(number(16) <= 900 && number(20) <= 900, "{}×{}", number(16), number(20));
}

#[test]
fn stacked_digits_are_written_by_gan_data() {
    let place = Place::new();
    place.gan("data stacked-mnist -n 9 --seed 3 --out nine.npy").succeed();
    place.gan("data stacked-mnist -n 4 --seed 3 --out four.npy").succeed();
    // 128 bytes of header, then values; a shorter set is the beginning of a longer one.
    let (nine, four) = (place.bytes("nine.npy"), place.bytes("four.npy"));
    assert_eq!((nine.len(), four.len()), (128 + 9 * 3 * 784 * 4, 128 + 4 * 3 * 784 * 4));
    assert_eq!(nine[128..four.len()], four[128..]);
    place.gan("data stacked-mnist -n 4 --out four/").succeed();
    assert!(place.names_in("four").iter().all(|name| name.len() == 3), "a folder a class");
    place.refuses(place.gan("data stacked-mnist -n 4 --noise 1 --out x.npy"), &["--noise"]);
}

#[test]
fn unusable_settings_of_stacked_digits_are_refused_by_key() {
    let place = Place::new();
    let refused = |setting: &str, parts: &[&str]| {
        let program = place.gan("train dcgan --steps 1 --out run").set("data.kind=stacked-mnist");
        place.refuses(program.set(setting), parts);
    };
    refused("data.samples=0", &["`data.samples` must be at least 1, found 0"]);
    refused("data.samples=10000001", &["`data.samples` must be at most 10000000"]);
    refused("data.size=30", &["28", "32", "30"]);
    refused("data.size=28", &["dcgan", "--set data.size=32"]);
    refused("data.subset=5", &["`data.subset`", "not a configuration key"]);
    refused("data.dir=nowhere", &["`data.dir` is nowhere"]);
    refused("evaluation.features=nothing.bin", &["cannot read nothing.bin"]);
    refused("data.samples=10", &["`train.batch` is 64", "10 samples"]);
}
