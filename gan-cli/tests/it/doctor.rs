//! `gan doctor`, and the doctor beside a training.

use serde_json::Value;

use crate::program::Place;

/// A training of a second, of which the doctor is asked about.
const TRAIN: &str = "train gan --steps 600 --set train.loss=minimax";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_run_is_examined_with_what_was_checked_and_what_was_not() {
    let place = Place::new();
    place.gan(&format!("{TRAIN} --out run")).succeed();
    let found = json(&place.gan("doctor run --json").succeed().stdout);
    assert_eq!(found["step"], 600);
    let names = |list: &str| -> Vec<String> {
        let rules = found[list].as_array().unwrap().iter();
        rules.map(|each| each["rule"].as_str().or(each.as_str()).unwrap().to_owned()).collect()
    };
    let (healthy, not_checked) = (names("healthy"), names("not_checked"));
    assert!(healthy.contains(&"non-finite".to_owned()), "{healthy:?}");
    assert!(not_checked.contains(&"memorizing-generator".to_owned()), "{not_checked:?}");
    assert!(names("does_not_apply").contains(&"clip-wall".to_owned()));
    let listed = json(&place.gan("doctor --list --json").succeed().stdout);
    let lists = ["findings", "healthy", "not_checked", "too_short", "does_not_apply"];
    let symptoms: usize = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["symptoms"].as_array().map_or(0, Vec::len))
        .sum();
    let asked = lists.iter().map(|list| names(list).len()).sum::<usize>() + symptoms;
    assert_eq!(listed.as_array().unwrap().len(), asked, "every rule has answered");
    let text = place.gan("doctor run").succeed();
    assert!(text.stdout.contains("Not checked:") && text.stderr.is_empty(), "{}", text.stderr);
}

#[test]
fn a_cure_is_a_command_that_the_program_takes() {
    let place = Place::new();
    let fast = "--set train.generator.lr=0.5 --set train.critic.lr=0.5";
    place.gan(&format!("{TRAIN} {fast} --out run")).succeed();
    let stdout = place.gan("doctor run").succeed().stdout;
    assert!(stdout.contains("unusual-learning-rate (severe"), "{stdout}");
    let command = stdout.lines().find_map(|line| line.trim().strip_prefix("gan ")).unwrap();
    place.gan(&format!("{command} --steps 2")).succeed();
    let cured = place.text("run-cured/config.toml");
    assert!(cured.contains("lr = 0.001\n"), "{cured}");
}

#[test]
fn watching_a_run_changes_none_of_its_bytes_and_a_resumed_one_has_the_same_diagnoses() {
    let place = Place::new();
    let fast = "--set train.critic.lr=0.02";
    let train =
        |words: &str| place.gan(&format!("{TRAIN} {fast} {words}")).set("log.every=10 steps");
    train("--out alone").succeed();
    let watched = train("--out watched --doctor warn").succeed();
    assert_eq!(place.text("alone/metrics.jsonl"), place.text("watched/metrics.jsonl"));
    for run in ["alone", "watched"] {
        place.gan(&format!("export {run} --out {run}.safetensors")).succeed();
    }
    assert_eq!(place.bytes("alone.safetensors"), place.bytes("watched.safetensors"));
    let diagnoses = place.text("watched/diagnoses.jsonl");
    let said = watched.stderr.lines().filter(|line| line.starts_with("doctor: "));
    let (at_the_end, said): (Vec<_>, Vec<_>) =
        said.partition(|line| line.starts_with("doctor: open at the end: "));
    assert_eq!((at_the_end.len(), diagnoses.lines().count()), (1, said.len()));
    assert!(!said.is_empty(), "{}", watched.stderr);
    place.gan("train --resume --out watched --steps 600 --doctor warn").succeed();
    assert_eq!(place.text("watched/diagnoses.jsonl"), diagnoses);
}

#[test]
fn a_severe_finding_ends_a_run_that_asked_for_it_with_a_code_of_its_own() {
    let place = Place::new();
    let fast = "--set train.generator.lr=0.5 --set train.critic.lr=0.5";
    let stopped = place.gan(&format!("{TRAIN} {fast} --out run --doctor stop")).run();
    assert_eq!(stopped.code, Some(3), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("the cure as a command: gan doctor run"), "{}", stopped.stderr);
    place.gan("train --resume --out run --doctor off").succeed();
}

#[test]
fn the_log_of_another_program_is_read_when_its_columns_are_named() {
    let place = Place::new();
    let rows: String = (0..100)
        .map(|i| format!("{},{},0.7\n", i * 10, if i < 90 { "1.3" } else { "nan" }))
        .collect();
    place.write("log.csv", format!("iter,d_loss,g_loss\n{rows}").as_bytes());
    place.refuses(place.gan("doctor --metrics log.csv"), &["log.csv", "critic/loss=d_loss"]);
    let map = "--map step=iter,critic/loss=d_loss,generator/loss=g_loss";
    let found =
        json(&place.gan(&format!("doctor --metrics log.csv {map} --json")).succeed().stdout);
    assert_eq!(found["findings"][0]["rule"], "non-finite");
    assert_eq!(found["findings"][0]["since"], 900);
}

#[test]
fn rules_are_explained_and_a_wrong_name_is_answered_with_the_nearest() {
    let place = Place::new();
    let page = place.gan("doctor --explain mode-collapse").succeed().stdout;
    assert!(page.contains("# Told apart from") && page.contains("arXiv:"), "{page}");
    place.refuses(place.gan("doctor --explain mode-colapse"), &["`mode-collapse`"]);
    let nothing = place.gan("doctor").run();
    assert_eq!(nothing.code, Some(2), "{}", nothing.stderr);
    assert!(nothing.stderr.contains("--explain"), "{}", nothing.stderr);
}

#[test]
fn a_record_has_the_findings_of_its_run_and_what_is_none_is_refused() {
    let place = Place::new();
    place.gan(&format!("{TRAIN} --out run")).succeed();
    let of_run = json(&place.gan("doctor run --record run.json --json").succeed().stdout);
    let of_record = json(&place.gan("doctor --recorded run.json --json").succeed().stdout);
    let rules = |of: &Value| -> Vec<Value> {
        of["findings"].as_array().unwrap().iter().map(|each| each["rule"].clone()).collect()
    };
    assert_eq!(rules(&of_run), rules(&of_record));
    assert!(place.bytes("run.json").len() < 60_000);
    place.write("run.json", &place.bytes("run.json")[..500]);
    place.refuses(place.gan("doctor --recorded run.json"), &["run.json", "no record of a run"]);
}

#[test]
fn a_cure_is_tried_and_measured() {
    let place = Place::new();
    let slow = "--set train.generator.lr=1e-3 --set train.critic.lr=1e-7";
    let few = "--set evaluation.samples=500 --set evaluation.mode_samples=500";
    let run = place.gan(&format!("train gan --steps 1500 {slow} {few} --out run"));
    run.set("evaluation.every=100 steps").succeed();
    let tried = place.gan("doctor run --try-cure --json").succeed();
    let found = json(&tried.stdout);
    assert_eq!(found["helped"], true, "{found}");
    assert_eq!(found["quantity"], "samples/js");
    assert!(found["after"].as_f64().unwrap() < found["before"].as_f64().unwrap());
    assert!(place.text("run-cured/config.toml").contains("lr = "));
    // Another one has a folder of its own, and a cure that cannot be is no reason to fail.
    let again = place.gan("doctor run --try-cure --budget").arg("50 steps").succeed();
    assert!(again.stdout.contains("run-cured-2"), "{}", again.stdout);
    let wrong = place.gan("doctor run --try-cure --budget banana").run();
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
}

#[test]
fn copies_and_constant_coordinates_are_found_before_the_first_step() {
    let place = Place::new();
    let rows: String = (0..400).map(|i| format!("{},{},7\n", i % 20, (i % 20) * 3)).collect();
    place.write("table.csv", rows.as_bytes());
    let data = "--set data.kind=points --set data.file=table.csv";
    let said = place.gan(&format!("train gan --steps 5 {data} --out run --doctor warn")).succeed();
    for rule in ["constant-channel", "duplicate-data"] {
        assert!(said.stderr.contains(&format!("doctor: {rule} (")), "{}", said.stderr);
    }
    // Data that have changed since are not looked at, and that is said.
    place.write("table.csv", b"1,2,3\n4,5,6\n");
    let later = place.gan("doctor run --json").succeed();
    assert!(later.stderr.contains("the data were not looked at"), "{}", later.stderr);
}

#[test]
fn another_program_is_told_of_a_diagnosis_among_the_events() {
    let place = Place::new();
    let fast = "--set train.generator.lr=0.5 --set train.critic.lr=0.5";
    let told = place.gan(&format!("{TRAIN} {fast} --out run --doctor warn --json")).succeed();
    let events: Vec<Value> = told.stdout.lines().map(json).collect();
    let diagnoses: Vec<&Value> =
        events.iter().filter(|event| event["event"] == "diagnosis").collect();
    assert_eq!(diagnoses.len(), place.text("run/diagnoses.jsonl").lines().count());
    assert_eq!(diagnoses[0]["change"], "opened");
    assert!(diagnoses[0]["diagnosis"]["rule"].is_string(), "{}", diagnoses[0]);
    assert_eq!(events.last().unwrap()["event"], "finished");
}
