//! `gan runs` and `gan diff`.

use std::fs;

use serde_json::Value;

use crate::program::Place;

/// Two finished runs, of which the second is ill, in a folder of its own.
fn two() -> Place {
    let place = Place::new();
    let few = "--set evaluation.samples=200 --set evaluation.mode_samples=200";
    let train = |words: &str| {
        place.gan(&format!("train gan --steps 200 {few} {words}")).set("evaluation.every=50 steps")
    };
    train("--out runs/a").succeed();
    train("--out runs/deep/b --seed 3 --set train.generator.lr=0.5").succeed();
    place
}

fn listed(place: &Place, words: &str) -> Vec<Value> {
    let stdout = place.gan(&format!("runs {words} --json")).succeed().stdout;
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn folders(runs: &[Value]) -> Vec<&str> {
    runs.iter().map(|run| run["folder"].as_str().unwrap()).collect()
}

#[test]
fn runs_are_listed_with_state_distance_and_findings() {
    let place = two();
    let runs = listed(&place, "");
    assert_eq!(folders(&runs), ["runs/a", "runs/deep/b"]);
    let (a, b) = (&runs[0], &runs[1]);
    assert_eq!((&a["state"], &a["step"]), (&Value::from("finished"), &Value::from(200)));
    assert_eq!((&a["quantity"], &a["seed"]), (&Value::from("samples/js"), &Value::from(0)));
    let value = |run: &Value, which: &str| run[which]["value"].as_f64().unwrap();
    assert!(value(a, "best") <= value(a, "last"), "{a}");
    let findings = b["findings"].as_array().unwrap();
    assert!(findings.contains(&Value::from("unusual-learning-rate")), "{b}");
    let table = place.gan("runs").succeed().stdout;
    assert!(table.starts_with("Runs in runs: 2\n"), "{table}");
    let row = table.lines().find(|line| line.contains("deep/b")).unwrap();
    assert!(row.contains("finished") && row.contains("200/200"), "{row}");
}

#[test]
fn runs_are_filtered_and_sorted() {
    let place = two();
    let ill = listed(&place, "runs --finding unusual-learning-rate");
    assert_eq!(folders(&ill), ["runs/deep/b"]);
    assert_eq!(folders(&listed(&place, "--state stopped")), [""; 0]);
    let best = listed(&place, "--sort best");
    let other_way = listed(&place, "--sort best --reverse");
    assert_eq!(folders(&best), folders(&other_way).into_iter().rev().collect::<Vec<_>>());
    assert!(best[0]["best"]["value"].as_f64() <= best[1]["best"]["value"].as_f64());
    assert_eq!(folders(&listed(&place, "--recipe dcgan")), [""; 0]);
    let filtered = place.gan("runs --recipe gan --finding unusual-learning-rate").succeed().stdout;
    assert!(filtered.starts_with("Runs in runs: 1 of 2\n"), "{filtered}");
}

#[test]
fn what_is_no_run_or_cannot_be_read_is_said() {
    let place = two();
    place.refuses(place.gan("runs nowhere"), &["nowhere is no folder"]);
    place.refuses(place.gan("runs --finding mode-colapse"), &["`mode-collapse`"]);
    fs::write(place.path("runs/a/config.toml"), "half = ").unwrap();
    let listed = place.gan("runs --json").succeed();
    assert_eq!(listed.stdout.lines().count(), 1);
    assert!(listed.stderr.contains("note: runs/a: "), "{}", listed.stderr);
    fs::create_dir(place.path("empty")).unwrap();
    assert_eq!(place.gan("runs empty").succeed().stdout, "There is no run in empty\n");
}

#[test]
fn a_killed_run_is_stopped_and_one_in_progress_is_running() {
    let place = Place::new();
    let mut running = place.train("--steps 1000000 --out runs/a").start();
    running.until(|| place.path("runs/a/metrics.jsonl").exists());
    running.until(|| place.text("runs/a/metrics.jsonl").lines().count() > 3);
    assert_eq!(listed(&place, "")[0]["state"], "running");
    running.kill();
    assert_eq!(listed(&place, "")[0]["state"], "stopped");
}

#[test]
fn two_runs_differ_in_what_was_set_and_in_what_came_of_it() {
    let place = two();
    let text = place.gan("diff runs/a runs/deep/b").succeed().stdout;
    let line = |begin: &str| text.lines().find(|line| line.trim().starts_with(begin)).unwrap();
    assert!(line("train.generator.lr").ends_with("0.5"), "{text}");
    assert!(line("doctor").contains("unusual-learning-rate"), "{text}");
    assert!(line("critic/loss").split_whitespace().count() == 4, "{text}");
    assert!(!text.contains("of_real"), "{text}");
    let stdout = place.gan("diff runs/a runs/deep/b --json").succeed().stdout;
    let found: Value = serde_json::from_str(&stdout).unwrap();
    let keys: Vec<&str> = found["configuration"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["seed", "train.generator.lr"]);
    assert!(found["last"]["samples/js"][1].is_number(), "{found}");
    let same = place.gan("diff runs/a runs/a").succeed().stdout;
    assert!(same.starts_with("Configuration: the same, of the recipe gan\n"), "{same}");
    place.refuses(place.gan("diff runs/a nothing"), &["nothing is not a run folder"]);
}
