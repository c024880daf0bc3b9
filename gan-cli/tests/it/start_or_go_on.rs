//! `--resume` where there is nothing yet to resume from, and records with holes.

use std::fs;

use serde_json::Value;

use crate::program::Place;
use crate::run_folder::json;

/// Steps and names of a run, without what depends on the clock.
fn results(place: &Place, run: &str) -> Vec<(String, u64)> {
    let mut found: Vec<_> = place
        .listing_of(run)
        .into_iter()
        .filter(|(name, _)| !name.contains("checkpoints/") && !name.ends_with(".json"))
        .collect();
    found.push(("sampled".to_owned(), sampled(place, run)));
    found
}

fn sampled(place: &Place, run: &str) -> u64 {
    let file = format!("{run}.npy");
    place.gan(&format!("sample {run} -n 20 --out {file} --force")).succeed();
    place.listing()[&file]
}

fn logged(place: &Place, run: &str) -> Vec<u64> {
    let step = |line| serde_json::from_str::<Value>(line).unwrap()["step"].as_u64().unwrap();
    place.text(&format!("{run}/metrics.jsonl")).lines().map(step).collect()
}

fn undisturbed() -> Place {
    let place = Place::new();
    place.train("--steps 60 --out one").succeed();
    place
}

#[test]
fn a_run_killed_before_its_first_checkpoint_begins_again_at_step_0() {
    let place = undisturbed();
    let mut running = place.train("--steps 60 --out other").set("checkpoint.every=1000 steps");
    running = running.set("log.every=1 step");
    let mut running = running.start();
    running.until(|| place.path("other/metrics.jsonl").exists());
    running.kill();
    assert!(place.names_in("other/checkpoints").is_empty());
    let program = place.gan("train --resume --out other").set("checkpoint.every=20 steps");
    program.succeed();
    assert_eq!(results(&place, "one"), results(&place, "other"));
}

#[test]
fn one_command_starts_a_run_or_goes_on_with_it() {
    let place = undisturbed();
    place.train("--steps 30 --resume --out other").succeed();
    place.train("--steps 60 --resume --out other").succeed();
    fs::remove_file(place.path("other/samples/step-0000030.png")).unwrap();
    assert_eq!(results(&place, "one"), results(&place, "other"));
}

#[test]
fn a_run_of_no_steps_becomes_longer() {
    let place = undisturbed();
    place.train("--steps 0 --out other").succeed();
    place.gan("train --resume --steps 60 --out other").succeed();
    assert_eq!(results(&place, "one"), results(&place, "other"));
}

#[test]
fn what_a_start_left_that_was_killed_is_no_run_and_in_nobodys_way() {
    for words in ["--steps 60 --out other", "--steps 60 --resume --out other"] {
        let place = undisturbed();
        place.write("other/manifest.json", "{\"half\":");
        place.write("other/.tmp77-0", "half");
        place.write("other/.lock", "");
        fs::create_dir_all(place.path("other/checkpoints/.unfinished-step-0000000020")).unwrap();
        place.train(words).succeed();
        assert_eq!(results(&place, "one"), results(&place, "other"));
    }
}

#[test]
fn a_start_that_fails_leaves_nothing() {
    let place = Place::new();
    place.train("--steps 5 --out run").succeed();
    let before = place.listing();
    for words in ["train gan --steps 5 --out new/run", "train gan --steps 5 --out run --force"] {
        let outcome = place.gan_with_little_disk(1, words).run();
        outcome.failed_saying(&["cannot write", "os error 27"]);
        assert_eq!(place.listing(), before, "{words}");
    }
}

#[test]
fn the_first_and_the_last_step_are_logged_and_a_longer_run_is_the_run_in_one_go() {
    let place = Place::new();
    let train = |words: &str| place.gan(&format!("train gan {words}")).succeed();
    train("--steps 9 --out nine");
    assert_eq!(logged(&place, "nine"), [1, 9]);
    train("--steps 120 --out one");
    train("--steps 70 --out other");
    assert_eq!(logged(&place, "other"), [1, 50, 70]);
    place.gan("train --resume --steps 120 --out other").succeed();
    assert_eq!(logged(&place, "other"), [1, 50, 100, 120]);
    assert_eq!(place.bytes("one/metrics.jsonl"), place.bytes("other/metrics.jsonl"));
}

#[test]
fn a_summary_lost_to_a_kill_is_written_again_with_its_readings() {
    let place = undisturbed();
    let before = json(&place, "one/summary.json");
    fs::remove_file(place.path("one/summary.json")).unwrap();
    place.gan("train --resume --out one").succeed();
    let after = json(&place, "one/summary.json");
    for key in [
        "critic/loss",
        "generator/loss",
        "critic/real_probability",
        "critic/gradient_norm",
        "samples/js",
    ] {
        assert_eq!(before[key], after[key], "{key}");
    }
    assert!(after["critic/loss"].is_f64());
}

#[test]
fn a_checkpoint_of_another_run_is_refused() {
    let place = undisturbed();
    place.train("--steps 80 --seed 9 --out seed").succeed();
    place.train("--steps 80 --out lr").set("train.critic.lr=0.5").succeed();
    let target = "one/checkpoints/step-0000000080";
    for (run, why) in [("seed", "its seed is 9, not 0"), ("lr", "train.critic.lr")] {
        let _ = fs::remove_dir_all(place.path(target));
        fs::create_dir(place.path(target)).unwrap();
        for name in place.names_in(&format!("{run}/checkpoints/step-0000000080")) {
            let bytes = place.bytes(&format!("{run}/checkpoints/step-0000000080/{name}"));
            place.write(&format!("{target}/{name}"), bytes);
        }
        let program = place.gan("train --resume --out one --steps 90");
        place.refuses(program, &[target, "is of another run", why]);
    }
    fs::remove_dir_all(place.path(target)).unwrap();
    fs::rename(place.path("one/checkpoints/step-0000000060"), place.path(target)).unwrap();
    let program = place.gan("train --resume --out one --steps 90");
    place.refuses(program, &[target, "it is of step 60"]);
}

/// `metrics.jsonl` changed by `change`; resumed, the program prints `told`.
fn check_damaged(change: impl Fn(Vec<String>) -> Vec<String>, told: &[&str], kept: usize) {
    let place = undisturbed();
    let lines = place.text("one/metrics.jsonl").lines().map(str::to_owned).collect();
    let changed = change(lines).join("\n") + "\n";
    place.write("one/metrics.jsonl", &changed);
    let outcome = place.gan("train --resume --out one --steps 70").succeed();
    for part in told {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    assert_eq!(logged(&place, "one").len(), kept);
    let is_damaged = told.iter().any(|part| part.contains("damaged-1"));
    assert_eq!(place.path("one/metrics.jsonl.damaged-1").exists(), is_damaged);
    if is_damaged {
        assert_eq!(place.text("one/metrics.jsonl.damaged-1"), changed);
    }
}

#[test]
fn a_damaged_or_missing_line_in_the_middle_is_said_and_nothing_is_lost() {
    let damaged = |line: &'static str| {
        move |mut lines: Vec<String>| {
            lines[9] = line.to_owned();
            lines
        }
    };
    let parts =
        ["damaged or out of order: line 10;", "damaged-1", "lacks 1 of 60 lines", "step 10"];
    check_damaged(damaged("{\"step\":10}"), &parts, 69);
    check_damaged(damaged("nonsense"), &parts, 69);
    let hole = |mut lines: Vec<String>| {
        lines.drain(4..6);
        lines
    };
    check_damaged(hole, &["lacks 2 of 60 lines", "step 5"], 68);
}

#[test]
fn a_torn_tail_that_is_no_text_is_cut() {
    let place = undisturbed();
    let whole = place.bytes("one/metrics.jsonl");
    place.write("one/metrics.jsonl", [&whole[..], b"{\"step\":61,\xff\xfe"].concat());
    let outcome = place.gan("train --resume --out one").succeed();
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    assert_eq!(place.bytes("one/metrics.jsonl"), whole);
}

#[test]
fn files_that_a_kill_left_half_written_are_swept() {
    let place = undisturbed();
    let before = place.listing();
    for name in ["one/plots/.tmp5-1", "one/samples/.tmpK6LV61", "one/.tmp5-2"] {
        place.write(name, "half");
    }
    place.gan("train --resume --out one").succeed();
    assert_eq!(place.listing(), before);
}
