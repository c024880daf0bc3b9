//! Points against the known density of their data: at the end of a run, along it, and afterwards.

use serde_json::Value;

use crate::program::{Place, Program};

const MEASURES: [&str; 4] =
    ["samples/js", "samples/kl_model_to_data", "samples/kl_data_to_model", "samples/sliced_w2"];
const OF_MODES: [&str; 3] = ["samples/modes_covered", "samples/high_quality", "samples/mode_kl"];

/// A short run on `data` that is evaluated every 20 steps on few samples.
fn train(place: &Place, data: &str, words: &str) -> Program {
    let program = place.train(words).set(&format!("data.kind={data}"));
    let program = program.set("evaluation.every=20 steps").set("evaluation.samples=200");
    program.set("evaluation.mode_samples=100")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The lines of a run's metrics that compare samples with the density.
fn evaluated(place: &Place, run: &str) -> Vec<Value> {
    let lines = place.text(&format!("{run}/metrics.jsonl"));
    let lines = lines.lines().map(json);
    lines.filter(|line| line.get("samples/sliced_w2").is_some()).collect()
}

#[test]
fn a_run_on_a_known_density_ends_with_its_distance_beside_that_of_real_samples() {
    let place = Place::new();
    train(&place, "ring", "--steps 40 --out run").succeed();
    let summary = json(&place.text("run/summary.json"));
    for name in MEASURES.iter().chain(&OF_MODES).filter(|name| **name != "samples/mode_kl") {
        assert!(summary[*name].is_number(), "{name}: {summary}");
    }
    assert_eq!(summary["samples/modes_covered/of_real"], 8.0);
    assert!(summary["samples/js/of_real"].as_f64() < summary["samples/js"].as_f64(), "{summary}");

    let lines = evaluated(&place, "run");
    assert_eq!(lines.iter().map(|line| &line["step"]).collect::<Vec<_>>(), [20, 40]);
    assert_eq!(lines[1]["samples/js"], summary["samples/js"], "the last line is the end");
}

#[test]
fn modes_are_for_data_that_has_them_and_distances_for_a_density_that_is_known() {
    let place = Place::new();
    train(&place, "moons", "--steps 2 --out moons").succeed();
    let summary = json(&place.text("moons/summary.json"));
    assert!(
        summary["samples/js"].is_number() && summary.get("samples/modes_covered").is_none(),
        "{summary}"
    );

    place.train("--steps 2 --out line").set("data.noise=0").succeed();
    let summary = json(&place.text("line/summary.json"));
    assert!(summary.get("samples/js").is_none(), "{summary}");
    assert!(evaluated(&place, "line").is_empty());
    place.refuses(place.gan("evaluate line"), &["density", "line", "moons, ring or grid"]);
}

#[test]
fn a_resumed_run_is_evaluated_as_the_uninterrupted_one() {
    let place = Place::new();
    train(&place, "moons", "--steps 60 --out whole").succeed();
    train(&place, "moons", "--steps 60 --out parts").succeed();
    place.gan("train --resume --out parts --from-step 20").succeed();
    assert_eq!(place.bytes("whole/metrics.jsonl"), place.bytes("parts/metrics.jsonl"));
    assert_eq!(evaluated(&place, "whole").len(), 3);
}

#[test]
fn evaluate_says_of_a_checkpoint_what_the_run_said() {
    let place = Place::new();
    train(&place, "ring", "--steps 40 --out run").succeed();
    let line = evaluated(&place, "run").remove(0);
    let printed = place.gan("evaluate run --from-step 20 --json").succeed().stdout;
    let printed = json(&printed);
    assert_eq!(printed["step"], 20);
    for name in MEASURES {
        // To the last bit is promised on `flex` alone.
        let [one, other] = [&printed["measured"][name], &line[name]].map(|v| v.as_f64().unwrap());
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
        assert!(json(&place.text(&format!("{run}/summary.json")))["samples/js"].is_number());
        assert_eq!(evaluated(&place, run).len(), 2);
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
    for (noise, said) in [("0.001", "leaves out `samples/js`"), ("1e-300", "no evaluation")] {
        let program = place.train("--steps 2 --force --out run").set("evaluation.samples=200");
        let program =
            program.set("evaluation.mode_samples=100").set(&format!("data.noise={noise}"));
        let outcome = program.succeed();
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        let summary = json(&place.text("run/summary.json"));
        assert!(summary.get("samples/js").is_none());
        assert_eq!(summary["samples/sliced_w2"].is_number(), noise == "0.001", "{summary}");
    }
    place.refuses(place.gan("evaluate run"), &["no evaluation", "`data.noise` is 1e-300"]);
}

/// The end of the shorter run is compared with the density; in the longer one that step is not due.
#[test]
fn a_run_that_becomes_longer_is_measured_as_if_it_had_been_so_from_the_start() {
    let place = Place::new();
    train(&place, "moons", "--steps 30 --out parts").succeed();
    assert_eq!(evaluated(&place, "parts").len(), 2);
    place.gan("train --resume --out parts --steps 60").succeed();
    train(&place, "moons", "--steps 60 --out whole").succeed();
    assert_eq!(place.bytes("whole/metrics.jsonl"), place.bytes("parts/metrics.jsonl"));
}

#[test]
fn what_is_measured_appears_in_plots_lines_of_progress_and_events() {
    let place = Place::new();
    let program = train(&place, "ring", "--steps 40 --out run");
    let stderr = program.arg("--show").arg("samples/js,critic/gradient_norm").succeed().stderr;
    let last = stderr.lines().rfind(|line| line.contains("step 40/40")).unwrap();
    assert!(last.contains("samples/js ") && last.contains("critic/gradient_norm "), "{last}");
    let js = place.text("run/plots/samples-js.svg");
    assert!(js.contains("samples/js (nats)") && js.contains("real samples"));
    assert!(place.path("run/plots/samples-modes_covered.svg").exists());
    let summary = json(&place.text("run/summary.json"));
    let value = format!("samples/js {:.4}", summary["samples/js"].as_f64().unwrap());
    assert!(last.contains(&value), "{last}, expected {value}");

    let events = train(&place, "ring", "--steps 20 --out other --json").succeed().stdout;
    let events: Vec<Value> = events.lines().map(json).collect();
    let measured = events.iter().find(|event| event["step"] == 20).unwrap();
    assert!(measured["samples/js"].is_number() && measured["samples/js/of_real"].is_number());

    let unknown = train(&place, "ring", "--steps 1 --out third").arg("--show").arg("samples/jss");
    place.refuses(unknown, &["--show names `samples/jss`", "did you mean `samples/js`"]);
}
