//! Points against the known density of their data: at the end of a run, along it, and afterwards.

use serde_json::Value;

use crate::program::{Place, Program};

const MEASURES: [&str; 4] = ["js", "kl_model_to_data", "kl_data_to_model", "sliced_w2"];
const OF_MODES: [&str; 3] = ["modes_covered", "high_quality", "mode_kl"];

/// A short run on `data` that is evaluated every 20 steps on few samples.
fn train(place: &Place, data: &str, words: &str) -> Program {
    let program = place.train(words).set(&format!("data.kind={data}"));
    let program = program.set("evaluation.every=20 steps").set("evaluation.samples=200");
    program.set("evaluation.mode_samples=100")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_run_on_a_known_density_ends_with_its_distance_beside_that_of_real_samples() {
    let place = Place::new();
    train(&place, "ring", "--steps 40 --out run").succeed();
    let summary = json(&place.text("run/summary.json"));
    for name in MEASURES.iter().chain(&OF_MODES).filter(|name| **name != "mode_kl") {
        assert!(summary[*name].is_number(), "{name}: {summary}");
    }
    assert_eq!(summary["modes_covered_of_real"], 8.0);
    assert!(summary["js_of_real"].as_f64() < summary["js"].as_f64(), "{summary}");

    let lines: Vec<Value> = place.text("run/evaluation.jsonl").lines().map(json).collect();
    assert_eq!(lines.iter().map(|line| &line["step"]).collect::<Vec<_>>(), [20, 40]);
    assert_eq!(lines[1]["js"], summary["js"], "the last line is the end");
}

#[test]
fn modes_are_for_data_that_has_them_and_distances_for_a_density_that_is_known() {
    let place = Place::new();
    train(&place, "moons", "--steps 2 --out moons").succeed();
    let summary = json(&place.text("moons/summary.json"));
    assert!(summary["js"].is_number() && summary.get("modes_covered").is_none(), "{summary}");

    place.train("--steps 2 --out line").set("data.noise=0").succeed();
    let summary = json(&place.text("line/summary.json"));
    assert!(summary.get("js").is_none(), "{summary}");
    assert!(!place.path("line/evaluation.jsonl").exists());
    place.refuses(place.gan("evaluate line"), &["density", "line", "moons, ring or grid"]);
}

#[test]
fn a_resumed_run_is_evaluated_as_the_uninterrupted_one() {
    let place = Place::new();
    train(&place, "moons", "--steps 60 --out whole").succeed();
    train(&place, "moons", "--steps 60 --out parts").succeed();
    place.gan("train --resume --out parts --from-step 20").succeed();
    assert_eq!(place.bytes("whole/evaluation.jsonl"), place.bytes("parts/evaluation.jsonl"));
    assert_eq!(place.text("whole/evaluation.jsonl").lines().count(), 3);
}

#[test]
fn evaluate_says_of_a_checkpoint_what_the_run_said() {
    let place = Place::new();
    train(&place, "ring", "--steps 40 --out run").succeed();
    let line = json(place.text("run/evaluation.jsonl").lines().next().unwrap());
    let printed = place.gan("evaluate run --from-step 20 --json").succeed().stdout;
    let printed = json(&printed);
    assert_eq!(printed["step"], 20);
    for name in MEASURES {
        // To the last bit is promised on `flex` alone.
        let [one, other] = [&printed["generated"][name], &line[name]].map(|v| v.as_f64().unwrap());
        assert!((one - other).abs() < 1e-3, "{name}: {one} {other}");
    }
    let table = place.gan("evaluate run --samples 50 --seed 9").succeed().stdout;
    assert!(table.starts_with("Step 40: 50 samples, 50 of them for modes\n"), "{table}");
    for name in MEASURES.iter().chain(&OF_MODES) {
        assert!(table.contains(name), "{name}: {table}");
    }
}

#[test]
fn sizes_that_the_estimators_cannot_use_are_refused_by_key() {
    let place = Place::new();
    for (setting, parts) in [
        ("evaluation.samples=9", ["`evaluation.samples`", "found 9"]),
        ("evaluation.mode_samples=0", ["`evaluation.mode_samples`", "found 0"]),
        ("evaluation.mode_samples=10001", ["`evaluation.mode_samples`", "found 10001"]),
        ("evaluation.every=0 steps", ["`evaluation.every`", "found 0 steps"]),
    ] {
        place.refuses(place.gan("train gan --steps 1 --out run").set(setting), &parts);
    }
}

#[test]
fn labeled_points_are_trained_evaluated_and_sampled() {
    let place = Place::new();
    let short = "--steps 4 --out";
    let small = |program: Program| {
        program
            .set("evaluation.every=2 steps")
            .set("evaluation.samples=101")
            .set("pictures.count=16")
            .set("evaluation.mode_samples=51")
    };
    small(place.gan(&format!("train gan {short} moons"))).set("model.classes=2").succeed();
    small(place.gan(&format!("train gan {short} ring")))
        .set("data.kind=ring")
        .set("model.classes=8")
        .succeed();
    small(place.gan(&format!("train cgan {short} cgan"))).set("data.kind=moons").succeed();
    assert!(place.text("cgan/config.toml").contains("classes = 2"));
    for run in ["moons", "ring", "cgan"] {
        assert!(json(&place.text(&format!("{run}/summary.json")))["js"].is_number());
        assert_eq!(place.text(&format!("{run}/evaluation.jsonl")).lines().count(), 2);
        place.gan(&format!("evaluate {run} --samples 100")).succeed();
        place.gan(&format!("sample {run} -n 3 --out {run}.csv")).succeed();
        place.gan(&format!("train --resume --out {run} --steps 6")).succeed();
    }
    let program = place.gan("train gan --steps 1 --out run").set("model.classes=3");
    place.refuses(program, &["`model.classes` is 3", "2 classes"]);
}

#[test]
fn a_small_noise_ends_soon_and_says_what_is_left_out() {
    let place = Place::new();
    for (noise, said) in [("0.001", "leaves out `js`"), ("1e-300", "no evaluation")] {
        let program = place.train("--steps 2 --force --out run").set("evaluation.samples=200");
        let program =
            program.set("evaluation.mode_samples=100").set(&format!("data.noise={noise}"));
        let outcome = program.succeed();
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        let summary = json(&place.text("run/summary.json"));
        assert!(summary.get("js").is_none());
        assert_eq!(summary["sliced_w2"].is_number(), noise == "0.001", "{summary}");
    }
    place.refuses(place.gan("evaluate run"), &["no evaluation", "`data.noise` is 1e-300"]);
}
