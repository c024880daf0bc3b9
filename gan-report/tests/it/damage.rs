//! Files that are missing, torn or damaged.

use std::fs;

use gan_report::{Language, Run};

use crate::fixture::{Fixture, count, curve, metrics, parsed, remove, text, texts};

fn notes(fixture: &Fixture) -> Vec<String> {
    texts(&parsed(&fixture.page(Language::English)), "#notes li")
}

#[test]
fn each_file_may_be_missing() {
    for file in ["config.toml", "manifest.json", "metrics.jsonl"] {
        let fixture = Fixture::new("digits");
        remove(&fixture.folder, file);
        assert_eq!(notes(&fixture), [format!("There is no {file}.")]);
        parsed(&fixture.page(Language::Chinese));
    }
    let fixture = Fixture::new("digits");
    remove(&fixture.folder, "summary.json");
    assert!(notes(&fixture)[0].contains("the run is in progress, or it was ended by force"));
}

#[test]
fn all_files_but_one_may_be_missing() {
    for file in ["config.toml", "manifest.json", "metrics.jsonl"] {
        let (whole, fixture) = (Fixture::new("digits"), Fixture::new("digits"));
        fs::remove_dir_all(&fixture.folder).unwrap();
        fs::create_dir(&fixture.folder).unwrap();
        fs::copy(whole.path(file), fixture.path(file)).unwrap();
        let notes = notes(&fixture);
        assert_eq!(notes.len(), 4, "{notes:?}");
        assert!(notes.contains(&"There is no picture of samples (samples/step-*.png).".to_owned()));
    }
}

#[test]
fn a_torn_last_line_is_left_out() {
    let fixture = Fixture::new("digits");
    let text = metrics(10, 100, 0.0);
    fixture.write("metrics.jsonl", &text[..text.len() - 40]);
    assert_eq!(
        notes(&fixture),
        ["The last line of metrics.jsonl (line 100) is torn and was left out."]
    );
}

#[test]
fn damaged_lines_are_named() {
    let fixture = Fixture::new("digits");
    let lines = metrics(10, 100, 0.0).replacen("{\"step\":30,", "{\"step\":,", 1);
    let lines = lines.replacen("{\"step\":50,", "{\"step\":40,", 1);
    fixture.write("metrics.jsonl", &lines);
    fixture.write("diagnoses.jsonl", "{\"event\":\"opened\"}\nnoise\n");
    let expected = [
        "A line of metrics.jsonl is damaged and was left out: line 3.",
        "Steps go back in metrics.jsonl, from line 5 on; lines left out: 1.",
        "2 lines of diagnoses.jsonl are damaged and were left out: lines 1, 2.",
    ];
    assert_eq!(notes(&fixture), expected);
}

#[test]
fn files_that_are_something_else_are_named() {
    let fixture = Fixture::new("digits");
    fixture.write("config.toml", "seed = ");
    fixture.write("manifest.json", "[1, 2");
    fixture.write("summary.json", "\u{0}");
    fixture.write("samples/step-0000500.png", "GIF89a");
    let cut = fs::read(fixture.path("samples/step-0000250.png")).unwrap();
    fs::write(fixture.path("samples/step-0000250.png"), &cut[..cut.len() / 2]).unwrap();
    let notes = notes(&fixture);
    assert_eq!(notes.len(), 5, "{notes:?}");
    for part in
        ["config.toml cannot be used: ", "samples/step-0000500.png cannot be used: it is no PNG"]
    {
        assert!(notes.iter().any(|note| note.contains(part)), "{notes:?}");
    }
    assert!(
        notes.iter().any(|note| note.contains("step-0000250.png cannot be used: it is cut off"))
    );
    assert_eq!(count(&parsed(&fixture.page(Language::English)), ".picture"), 3);
}

#[test]
fn numbers_that_are_not_finite_leave_gaps() {
    let fixture = Fixture::new("digits");
    let lines = metrics(10, 100, 0.0);
    let broken = lines.replace("\"generator/loss\":4.", "\"generator/loss\":\"nan\",\"x/y\":4.");
    fixture.write("metrics.jsonl", &broken);
    remove(&fixture.folder, "diagnoses.jsonl");
    let page = fixture.page(Language::English);
    let html = parsed(&page);
    let verdict = text(&html, "#verdict h2");
    assert!(verdict.contains("NaN or infinite"), "the doctor reads NaN, and said: {verdict}");
    let curve = curve(&html, "generator/loss", "y");
    let [.., last, gap] = curve[..] else { panic!("{curve:?}") };
    assert_eq!((last.0, gap.0), (820, 821), "the curve ends before the first NaN");
    assert!(last.1.is_finite() && gap.1.is_nan());
}

#[test]
fn a_run_of_which_little_is_known_is_not_called_healthy() {
    let fixture = Fixture::new("digits");
    let lines =
        (1..=100).map(|step| format!("{{\"step\":{step},\"epoch\":0,\"critic/loss\":1.3}}\n"));
    fixture.write("metrics.jsonl", &lines.collect::<String>());
    remove(&fixture.folder, "diagnoses.jsonl");
    let html = parsed(&fixture.page(Language::English));
    assert_eq!(text(&html, "#verdict h2"), "Nothing found in what could be checked");
    assert_eq!(count(&html, "#verdict.healthy"), 0);
}

#[test]
fn a_run_without_measurements_is_no_healthy_run() {
    let fixture = Fixture::new("digits");
    fixture.write("metrics.jsonl", "");
    remove(&fixture.folder, "diagnoses.jsonl");
    let html = parsed(&fixture.page(Language::English));
    assert_eq!(text(&html, "#verdict h2"), "Nothing was measured");
    assert!(Run::read(&fixture.folder).is_ok());
}
