//! On `flex` a run is a function of its configuration: to the last bit, however it came about.

use serde_json::Value;

use crate::program::{Place, Program, watched};
use crate::run_folder::json;
use crate::samples::npy_values;
#[cfg(unix)]
use crate::signals::{interrupted, killed, logged};

/// Both runs logged the same numbers, drew the same pictures and learned the same weights.
///
/// `other` may have more pictures: a run that was interrupted draws one where it stopped.
fn check_same(place: &Place, one: &str, other: &str) {
    let metrics = |run: &str| place.text(&format!("{run}/metrics.jsonl"));
    assert!(!metrics(one).is_empty());
    assert_eq!(metrics(one), metrics(other));
    let pictures = |run: &str| place.listing_of(&format!("{run}/samples"));
    let drawn = pictures(other);
    for (name, hash) in pictures(one) {
        assert_eq!(drawn.get(&name), Some(&hash), "{name} of {one} and {other}");
    }
    assert_eq!(sampled(place, one), sampled(place, other));
}

fn sampled(place: &Place, run: &str) -> Vec<u8> {
    let file = format!("{}.npy", run.replace('/', "-"));
    place.gan(&format!("sample {run} -n 20 --out {file} --device flex --force")).succeed();
    place.bytes(&file)
}

fn train(place: &Place, words: &str) -> Program {
    place.train(&format!("--device flex {words}"))
}

fn small_dcgan(place: &Place, words: &str) -> Program {
    let program = watched(place.gan(&format!("train dcgan --device flex --steps 6 {words}")));
    let program = program.set("data.subset=256").set("train.batch=32");
    program.set("model.generator_width=8").set("model.critic_width=4")
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let place = Place::new();
    for run in ["one", "other"] {
        train(&place, &format!("--steps 60 --seed 7 --out {run}")).succeed();
    }
    check_same(&place, "one", "other");
}

#[test]
fn another_seed_gives_another_run() {
    let place = Place::new();
    for seed in [1, 2] {
        train(&place, &format!("--steps 10 --seed {seed} --out {seed}")).succeed();
    }
    assert_ne!(place.text("1/metrics.jsonl"), place.text("2/metrics.jsonl"));
    assert_ne!(sampled(&place, "1"), sampled(&place, "2"));
}

#[test]
fn the_resolved_configuration_gives_the_same_run() {
    let place = Place::new();
    let program = train(&place, "--steps 30 --seed 7 --out one").set("train.batch=20");
    program.set("data.noise=0.1").succeed();
    place.gan("train one/config.toml --device flex --out other").succeed();
    assert_eq!(place.text("one/config.toml"), place.text("other/config.toml"));
    check_same(&place, "one", "other");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let place = Place::new();
    for threads in ["1", "2"] {
        let program = train(&place, &format!("--steps 60 --out points-{threads}"));
        program.env("RAYON_NUM_THREADS", threads).succeed();
        let program = small_dcgan(&place, &format!("--out images-{threads}"));
        program.env("RAYON_NUM_THREADS", threads).succeed();
    }
    check_same(&place, "points-1", "points-2");
    check_same(&place, "images-1", "images-2");
}

/// Sums and weights are in `f32` and the factors are rounded to 8 bits: losses stay close, and no
/// number is quite the same.
#[test]
fn products_in_bfloat16_change_little_and_the_threads_nothing() {
    let place = Place::new();
    small_dcgan(&place, "--out single").succeed();
    for threads in ["1", "2"] {
        let program = small_dcgan(&place, &format!("--out half-{threads}"));
        program.set("train.precision=bf16").env("RAYON_NUM_THREADS", threads).succeed();
    }
    check_same(&place, "half-1", "half-2");

    let manifest = json(&place, "half-1/manifest.json");
    assert_eq!(manifest["precision"]["asked"], "bf16");
    let rounds = manifest["precision"]["used"] == "bf16";
    #[cfg(target_arch = "x86_64")]
    assert_eq!(rounds, is_x86_feature_detected!("avx512bf16"));
    let warnings = manifest["warnings"].as_array().unwrap();
    let refused = |warning: &Value| warning.as_str().unwrap().contains("though bfloat16 was asked");
    assert_eq!(warnings.iter().any(refused), !rounds);
    assert_eq!(json(&place, "single/manifest.json")["precision"]["used"], "f32");

    // The faster of the two makes the same bits as whoever asks for it.
    small_dcgan(&place, "--out auto").set("train.precision=auto").succeed();
    let precision = &json(&place, "auto/manifest.json")["precision"];
    assert!(precision["why"].as_str().unwrap().contains("bfloat16"), "{precision}");
    let same = if precision["used"] == "bf16" { "half-1" } else { "single" };
    check_same(&place, "auto", same);

    let loss = |run: &str| json(&place, &format!("{run}/summary.json"))["critic/loss"].clone();
    let [single, half] = ["single", "half-1"].map(|run| loss(run).as_f64().unwrap());
    assert!((single - half).abs() < 0.03 * single.abs(), "{single} {half}");
    assert_eq!(single.to_bits() != half.to_bits(), rounds, "{single} {half}");
}

#[test]
fn a_sample_is_the_same_to_the_last_bit_however_many_are_drawn() {
    let place = Place::new();
    train(&place, "--steps 20 --out points").succeed();
    small_dcgan(&place, "--out images").succeed();
    for run in ["points", "images"] {
        let drawn = |n: u32| {
            let file = format!("{run}-{n}.npy");
            place.gan(&format!("sample {run} -n {n} --out {file} --device flex")).succeed();
            npy_values(&place.bytes(&file))
        };
        let all = drawn(300);
        for n in [1, 2, 10, 257] {
            let few = drawn(n);
            assert_eq!(few, all[..few.len()], "{n} samples of {run}");
        }
    }
}

#[test]
fn progress_as_json_changes_nothing() {
    let place = Place::new();
    train(&place, "--steps 20 --out one").succeed();
    train(&place, "--steps 20 --out other --json").succeed();
    check_same(&place, "one", "other");
}

#[test]
fn a_resumed_run_is_the_run_in_one_go() {
    let place = Place::new();
    train(&place, "--steps 200 --out one").succeed();
    train(&place, "--steps 100 --out other").succeed();
    place.gan("train --resume --out other --steps 200 --device flex").succeed();
    check_same(&place, "one", "other");
    assert_eq!(place.text("one/config.toml"), place.text("other/config.toml"));
}

#[test]
fn resumed_images_are_the_images_in_one_go() {
    let place = Place::new();
    small_dcgan(&place, "--out one").succeed();
    small_dcgan(&place, "--out other").set("checkpoint.every=3 steps").succeed();
    place.gan("train --resume --from-step 3 --out other --device flex").succeed();
    check_same(&place, "one", "other");
}

#[test]
fn a_run_that_goes_on_from_an_older_checkpoint_is_the_run_in_one_go() {
    let place = Place::new();
    train(&place, "--steps 60 --out one").succeed();
    train(&place, "--steps 60 --out other").succeed();
    place.write("other/checkpoints/step-0000000060/critic.bpk", "nothing");
    place.gan("train --resume --from-step 20 --out other --device flex").succeed();
    check_same(&place, "one", "other");
}

#[cfg(unix)]
#[test]
fn a_killed_run_that_goes_on_is_the_run_in_one_go() {
    let place = killed();
    let end = logged(&place) + 10;
    place.gan(&format!("train --resume --out run --steps {end} --device flex")).succeed();
    train(&place, &format!("--steps {end} --out one")).succeed();
    check_same(&place, "one", "run");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_that_goes_on_is_the_run_in_one_go() {
    let (place, step) = interrupted();
    let end = step + 10;
    place.gan(&format!("train --resume --out run --steps {end} --device flex")).succeed();
    train(&place, &format!("--steps {end} --out one")).succeed();
    check_same(&place, "one", "run");
}
