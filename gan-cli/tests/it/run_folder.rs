//! What a run leaves behind, and that nothing of it is ever overwritten by accident.

use std::fs::File;
use std::io::BufReader;

use serde_json::Value;

use crate::program::Place;

pub(crate) fn json(place: &Place, name: &str) -> Value {
    serde_json::from_str(&place.text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Width and height of a picture, decoded to its last row.
fn png_size(place: &Place, name: &str) -> (u32, u32) {
    let file = BufReader::new(File::open(place.path(name)).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    while reader.next_row().unwrap().is_some() {}
    reader.info().size()
}

fn a_run() -> Place {
    let place = Place::new();
    let outcome = place.train("--steps 60 --seed 5 --out run").succeed();
    assert_eq!(outcome.stdout, "run\n");
    place
}

#[test]
fn a_run_leaves_metrics_pictures_plots_checkpoints_and_a_summary() {
    let place = a_run();
    let names = place.names_in("run");
    let expected = [
        "checkpoints",
        "config.toml",
        "manifest.json",
        "metrics.jsonl",
        "plots",
        "samples",
        "summary.json",
    ];
    assert_eq!(names, expected);

    let metrics = place.text("run/metrics.jsonl");
    let lines: Vec<Value> =
        metrics.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let steps: Vec<_> = lines.iter().map(|line| line["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, (1..=60).collect::<Vec<_>>());
    for key in [
        "critic/loss",
        "generator/loss",
        "critic/real_probability",
        "critic/fake_probability",
        "critic/gradient_norm",
        "generator/gradient_norm",
    ] {
        assert!(lines.iter().all(|line| line[key].is_f64()), "{key}: {metrics}");
        assert_eq!(json(&place, "run/summary.json")[key], lines[59][key], "{key}");
    }
    assert_eq!(json(&place, "run/summary.json")["steps"], 60);

    let checkpoints = ["step-0000000020", "step-0000000040", "step-0000000060"];
    assert_eq!(place.names_in("run/checkpoints"), checkpoints);
}

#[test]
fn the_pictures_and_plots_of_a_run_can_be_opened() {
    let place = a_run();
    let pictures = place.names_in("run/samples");
    let steps = ["step-0000000.png", "step-0000020.png", "step-0000040.png", "step-0000060.png"];
    assert_eq!(pictures, steps);
    for name in pictures {
        let (width, height) = png_size(&place, &format!("run/samples/{name}"));
        assert!(width >= 100 && height >= 100, "{name}: {width}×{height}");
    }
    let plots = place.names_in("run/plots");
    let charts = [
        "dead_units",
        "gradients",
        "held_out_gap",
        "input_gradient_norm",
        "losses",
        "noise_sensitivity",
        "sample_gradient_norm",
        "samples-js",
        "samples-kl_data_to_model",
        "samples-kl_model_to_data",
        "samples-sliced_w2",
        "samples-spread",
        "saturated_scores",
        "score_overlap",
        "score_size",
        "scores",
        "update_ratio",
        "weights",
    ];
    assert_eq!(plots, charts.map(|chart| format!("{chart}.svg")));
    for name in plots {
        let text = place.text(&format!("run/plots/{name}"));
        let svg = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(svg.root_element().tag_name().name(), "svg", "{name}");
    }
}

#[test]
fn a_grid_of_images_is_a_picture() {
    let place = Place::new();
    let program = place.gan("train dcgan --steps 1 --out run").set("pictures.count=6");
    let program = program.set("data.subset=16").set("train.batch=16");
    program.set("model.generator_width=8").set("model.critic_width=4").succeed();
    let (width, height) = png_size(&place, "run/samples/step-0000001.png");
    assert!(width >= 3 * 32 && height >= 2 * 32, "{width}×{height}");
}

/// The best that this processor has on `flex`.
fn kernels_on(device: &serde_json::Value) -> Option<&'static str> {
    #[cfg(target_arch = "x86_64")]
    if device == "flex" && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        return Some(if is_x86_feature_detected!("avx512f") { "avx512" } else { "avx2" });
    }
    if cfg!(target_arch = "aarch64") && device == "flex" {
        return Some("neon");
    }
    None
}

#[test]
fn the_manifest_says_what_the_run_was_made_with() {
    let place = a_run();
    let manifest = json(&place, "run/manifest.json");
    for key in ["gan", "burn", "git_commit", "device", "backends", "command", "source"] {
        assert!(manifest.get(key).is_some(), "{key}: {manifest}");
    }
    assert_eq!(manifest["kernels"].as_str(), kernels_on(&manifest["device"]));
    assert_eq!((&manifest["recipe"], &manifest["seed"]), (&"gan".into(), &5.into()));
    assert_eq!(manifest["data"]["samples"], 10_000);
    assert_eq!(manifest["data"]["shape"], serde_json::json!([2]));
    let sha256 = manifest["data"]["sha256"].as_str().unwrap();
    assert!(sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit()), "{sha256}");
    assert!(!manifest["command"].as_array().unwrap().is_empty());
}

#[test]
fn a_run_folder_that_exists_is_refused() {
    let place = a_run();
    place.refuses(place.train("--steps 60 --out run"), &["run exists", "--resume", "--force"]);
    place.write("notes/diary.txt", "mine");
    place.refuses(place.train("--steps 60 --out notes"), &["notes exists"]);
}

#[test]
fn an_empty_folder_may_become_a_run_folder() {
    let place = Place::new();
    std::fs::create_dir(place.path("run")).unwrap();
    place.train("--steps 1 --out run").succeed();
}

#[test]
fn the_default_run_folder_is_named_after_recipe_and_seed() {
    let place = Place::new();
    place.train("--steps 1 --seed 4").succeed();
    assert!(place.path("runs/gan-seed4/summary.json").is_file());
}

#[test]
fn force_moves_the_old_run_aside_and_loses_nothing() {
    let place = a_run();
    place.write("run/notes.txt", "mine");
    for aside in ["run.old-1", "run.old-2"] {
        let before = place.listing_of("run");
        let outcome = place.train("--steps 2 --out run --force").succeed();
        assert!(outcome.stderr.contains(&format!("moved the old run to {aside}")));
        assert_eq!(place.listing_of(aside), before);
    }
    assert_eq!(json(&place, "run/summary.json")["steps"], 2);
    assert!(!place.path("run/notes.txt").exists());
}

#[test]
fn a_refused_run_moves_nothing_aside_even_by_force() {
    let place = a_run();
    let force = |words: &str| place.gan(&format!("{words} --steps 2 --out run --force"));
    place.refuses(force("train dcgan").set("data.kind=moons"), &["dcgan", "[2]"]);
    place.refuses(force("train gan").set("model.hidden=0"), &["`model.hidden`"]);
    place.refuses(force("train gan").set("data.noise=-1"), &["noise", "-1"]);
    place.refuses(force("train gan --tui"), &["--tui"]);
    place.refuses(force("train dcgan --data-dir nowhere"), &["nowhere"]);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    place.write("file", "mine");
    place.refuses(place.train("--steps 1 --out file/run"), &["file/run", "cannot make the folder"]);
    place.refuses(place.train("--steps 1 --out file"), &["file exists"]);
}

#[cfg(unix)]
#[test]
fn whoever_may_read_ordinary_files_may_read_a_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = a_run();
    place.write("ordinary", "");
    let mode = |name: &str| std::fs::metadata(place.path(name)).unwrap().permissions().mode();
    for name in
        ["config.toml", "manifest.json", "metrics.jsonl", "summary.json", "plots/losses.svg"]
    {
        assert_eq!(mode(&format!("run/{name}")), mode("ordinary"), "{name}");
    }
}
