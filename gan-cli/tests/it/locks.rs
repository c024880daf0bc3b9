//! One writer a run, and what it does when its folder goes away.

use std::fs;

use crate::program::{Outcome, Place};
use crate::signals::logged;

/// A run that is being trained, with a checkpoint of its own.
fn live(place: &Place) -> crate::running::Running {
    let mut running = place.train("--steps 1000000 --out run").start();
    running.until(|| place.path("run/checkpoints/step-0000000040").exists());
    running
}

fn failed(outcome: &Outcome, parts: &[&str]) {
    outcome.failed_saying(parts);
}

#[test]
fn a_live_run_is_refused_to_every_other_writer_and_open_to_readers() {
    let place = Place::new();
    let mut running = live(&place);
    let held = ["run is being trained by process", "(since 2", "wait for it or stop it first"];
    for words in
        ["train --resume --out run", "train gan --out run", "train gan --force --out run --steps 1"]
    {
        failed(&place.gan(words).run(), &held);
    }
    for n in 0..5 {
        place.gan(&format!("sample run --out samples-{n}.csv")).succeed();
    }
    let then = logged(&place);
    running.until(|| logged(&place) > then + 3);
    running.kill();
    assert!(!place.path("run.old-1").exists());
    let end = logged(&place) + 5;
    place.gan(&format!("train --resume --out run --steps {end}")).succeed();
    assert_eq!(logged(&place), end);
    assert!(!place.path("run/.lock").exists());
}

#[test]
fn a_lock_left_by_a_dead_process_holds_nothing() {
    let place = Place::new();
    place.train("--steps 20 --out run").succeed();
    place.write("run/.lock", "process 1 (since 2020-01-01 00:00:00 UTC)");
    place.gan("train --resume --out run --steps 25").succeed();
    place.write("run/.lock", "process 1 (since 2020-01-01 00:00:00 UTC)");
    place.train("--steps 2 --out run --force").succeed();
    assert!(place.path("run.old-1/summary.json").is_file());
}

/// Starts two at once; those that were refused reported that, and one continued.
fn one_of_two_goes_on(place: &Place, words: &str, refusals: &[&str]) {
    let both = [0, 1].map(|_| place.train(words).start());
    let outcomes = both.map(crate::running::Running::wait);
    let ended_well = outcomes.iter().filter(|outcome| outcome.code == Some(0)).count();
    assert!(ended_well >= 1, "{} {}", outcomes[0].stderr, outcomes[1].stderr);
    for outcome in outcomes.iter().filter(|outcome| outcome.code != Some(0)) {
        let told = refusals.iter().any(|refusal| outcome.stderr.contains(refusal));
        assert!(told, "{}", outcome.stderr);
    }
}

#[test]
fn of_two_that_start_at_once_one_goes_on_and_nothing_is_lost() {
    let refusals = ["is being trained by", "run exists", "has been begun by another process"];
    for _ in 0..3 {
        let place = Place::new();
        one_of_two_goes_on(&place, "--steps 400 --out run", &refusals);
        assert_eq!(logged(&place), 400);
        one_of_two_goes_on(&place, "--steps 900 --resume --out run", &refusals);
        assert_eq!(logged(&place), 900);
        let before = place.listing_of("run");
        one_of_two_goes_on(&place, "--steps 400 --force --out run", &refusals);
        assert_eq!(logged(&place), 400);
        assert_eq!(place.listing_of("run.old-1"), before);
    }
}

#[test]
fn a_run_folder_that_is_moved_or_deleted_leaves_no_ghost() {
    for remove in [false, true] {
        let place = Place::new();
        let running = live(&place);
        fs::rename(place.path("run"), place.path("moved")).unwrap();
        if remove {
            fs::remove_dir_all(place.path("moved")).unwrap();
        }
        let outcome = running.wait();
        failed(&outcome, &["error: the run folder run has gone (moved or deleted)", "--resume"]);
        assert!(!place.path("run").exists());
        if !remove {
            let end = 5000;
            place.gan(&format!("train --resume --out moved --steps {end}")).succeed();
        }
    }
}

#[test]
fn a_run_begun_under_the_name_of_one_that_was_moved_is_left_alone() {
    let place = Place::new();
    let running = live(&place);
    fs::rename(place.path("run"), place.path("moved")).unwrap();
    fs::create_dir(place.path("run")).unwrap();
    place.write("run/mine.txt", "mine");
    failed(&running.wait(), &["has gone"]);
    assert_eq!(place.names_in("run"), ["mine.txt"]);
}
