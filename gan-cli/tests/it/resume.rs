//! Resuming a run: what may change, what may not, and what if a checkpoint is broken.

use serde_json::Value;

use crate::program::Place;

/// A run of 60 steps with checkpoints at 20, 40 and 60.
fn begun() -> Place {
    let place = Place::new();
    place.train("--steps 60 --out run").succeed();
    place
}

fn checkpoint(step: u64, file: &str) -> String {
    format!("run/checkpoints/step-{step:010}/{file}")
}

/// The steps in `metrics.jsonl`.
fn logged(place: &Place) -> Vec<u64> {
    let step = |line| serde_json::from_str::<Value>(line).unwrap()["step"].as_u64().unwrap();
    place.text("run/metrics.jsonl").lines().map(step).collect()
}

#[test]
fn a_run_may_become_longer() {
    let place = begun();
    place.gan("train --resume --out run --steps 70").succeed();
    assert_eq!(logged(&place), (1..=70).collect::<Vec<_>>());
    let summary: Value = serde_json::from_str(&place.text("run/summary.json")).unwrap();
    assert_eq!(summary["steps"], 70);
    assert!(place.path(&checkpoint(70, "state.json")).is_file());
}

#[test]
fn a_run_may_be_watched_differently() {
    let place = begun();
    let program = place.gan("train --resume --out run --steps 65").set("pictures.count=9");
    program.set("checkpoint.every=1 step").set("checkpoint.keep=2").succeed();
    assert_eq!(place.names_in("run/checkpoints"), ["step-0000000064", "step-0000000065"]);
}

#[test]
fn a_changed_configuration_lists_every_difference_with_both_values() {
    let place = begun();
    let program = place.gan("train --resume --out run --steps 70 --seed 3");
    let program = program.set("train.batch=64").set("train.critic.lr=0.5");
    place.refuses(
        program,
        &[
            "run was begun with another configuration",
            "seed: was 0, now 3",
            "train.batch: was 50, now 64",
            "train.critic.lr: was 0.0001, now 0.5",
        ],
    );
}

#[test]
fn another_recipe_is_a_changed_configuration() {
    let place = begun();
    let program = place.gan("train dcgan --resume --out run --steps 70").set("data.subset=64");
    place.refuses(program, &["recipe: was \"gan\", now \"dcgan\"", "data.kind: was \"moons\""]);
}

#[test]
fn data_that_has_changed_behind_the_configuration_is_refused() {
    let place = Place::new();
    place.write("points.csv", "0,1\n1,0\n");
    let program = place.train("--steps 5 --out run").set("data.kind=points");
    program.set("data.file=points.csv").set("train.batch=2").succeed();
    place.write("points.csv", "0,1\n1,1\n");
    let program = place.gan("train --resume --out run --steps 9");
    place.refuses(program, &["run was begun with other data", "SHA-256 was", "now it is"]);
    place.write("points.csv", "0,1\n1,0\n");
    place.gan("train --resume --out run --steps 9").succeed();
}

#[test]
fn a_run_cannot_become_shorter() {
    let place = begun();
    let program = place.gan("train --resume --out run --steps 30");
    place.refuses(program, &["`train.budget` is 30 steps", "run has come to step 60"]);
}

#[test]
fn a_finished_run_that_is_resumed_stays_as_it_is() {
    let place = begun();
    let before = place.listing();
    place.gan("train --resume --out run").succeed();
    assert_eq!(place.listing(), before);
}

#[test]
fn a_folder_that_is_no_run_is_refused() {
    let place = Place::new();
    place.write("photos/cat.txt", "a cat");
    for words in ["train --resume --out photos", "train gan --resume --out photos"] {
        place.refuses(place.gan(words), &["photos is not a run folder", "config.toml"]);
    }
    place.refuses(place.gan("train --resume --out nowhere"), &["nowhere is not a run folder"]);
}

#[test]
fn a_run_without_a_checkpoint_begins_at_its_first_step() {
    let place = begun();
    let before = place.bytes("run/metrics.jsonl");
    std::fs::remove_dir_all(place.path("run/checkpoints")).unwrap();
    let program = place.gan("train --resume --from-step 20 --out run");
    place.refuses(program, &["run has no checkpoint of step 20"]);
    place.gan("train --resume --out run").succeed();
    assert_eq!(place.bytes("run/metrics.jsonl"), before);
}

#[test]
fn a_checkpoint_that_is_not_there_is_told_which_are() {
    let place = begun();
    let program = place.gan("train --resume --out run --from-step 30");
    place.refuses(program, &["no checkpoint of step 30", "20, 40, 60"]);
}

#[test]
fn going_on_from_an_older_checkpoint_moves_the_later_ones_aside() {
    let place = begun();
    let later = place.listing_of("run/checkpoints/step-0000000060");
    let program = place.gan("train --resume --from-step 20 --out run --steps 30");
    let outcome = program.set("checkpoint.keep=1").succeed();
    let told = "moved the checkpoints after step 20 to run/checkpoints.old-1";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    assert_eq!(place.names_in("run/checkpoints"), ["step-0000000030"]);
    assert_eq!(place.listing_of("run/checkpoints.old-1/step-0000000060"), later);
    assert_eq!(logged(&place), (1..=30).collect::<Vec<_>>());

    place.gan("train --resume --out run --steps 40").succeed();
    assert_eq!(logged(&place), (1..=40).collect::<Vec<_>>());
}

/// A run whose newest checkpoint has been changed by `damage` is refused with the file's name
/// and the checkpoint before it; from that one it resumes.
fn check_damaged(file: &str, damage: impl Fn(&mut Vec<u8>)) {
    let place = begun();
    let name = checkpoint(60, file);
    let mut bytes = place.bytes(&name);
    damage(&mut bytes);
    place.write(&name, bytes);
    let parts = [&name, "damaged", "SHA-256", "expected", "intact", "--from-step 40"];
    place.refuses(place.gan("train --resume --out run --steps 70"), &parts);
    place.refuses(place.gan("sample run --out samples.csv"), &[&name, "--from-step 40"]);

    place.gan("train --resume --from-step 40 --out run --steps 70").succeed();
    assert_eq!(logged(&place), (1..=70).collect::<Vec<_>>());
    place.gan("sample run --from-step 60 --out samples.csv").succeed();
}

#[test]
fn a_checkpoint_with_a_flipped_byte_is_refused_and_the_one_before_it_works() {
    for file in ["generator.bpk", "critic-optimizer.bpk"] {
        check_damaged(file, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
    }
}

#[test]
fn a_truncated_checkpoint_is_refused_and_the_one_before_it_works() {
    for file in ["critic.bpk", "state.json"] {
        check_damaged(file, |bytes| bytes.truncate(bytes.len() / 2));
    }
}

#[test]
fn a_checkpoint_that_lacks_a_file_is_refused_and_the_one_before_it_offered() {
    for file in ["critic.bpk", "SHA256SUMS"] {
        let place = begun();
        std::fs::remove_file(place.path(&checkpoint(60, file))).unwrap();
        let program = place.gan("train --resume --out run --steps 70");
        place.refuses(program, &[&checkpoint(60, file), "--from-step 40"]);
    }
}

#[test]
fn damaged_checkpoints_are_passed_over_when_one_is_offered() {
    let place = begun();
    for step in [40, 60] {
        place.write(&checkpoint(step, "generator.bpk"), "nothing");
    }
    let program = place.gan("train --resume --out run --steps 70");
    place.refuses(program, &[&checkpoint(60, "generator.bpk"), "--from-step 20"]);
    place.write(&checkpoint(20, "generator.bpk"), "nothing");
    let program = place.gan("train --resume --out run --steps 70");
    place.refuses(program, &[&checkpoint(60, "generator.bpk"), "no intact checkpoint"]);
}

#[test]
fn a_damaged_configuration_is_named() {
    let place = begun();
    place.write("run/config.toml", "recipe = \"gan\"\nseed = ");
    place.refuses(place.gan("train --resume --out run"), &["run/config.toml"]);
    place.refuses(place.gan("sample run --out samples.csv"), &["run/config.toml"]);
}

/// 100 KiB: more than any picture, less than the generator of 4096 hidden units.
#[cfg(unix)]
const LITTLE: u32 = 200;

#[cfg(unix)]
#[test]
fn a_full_disk_names_the_file_and_spares_the_checkpoint_before() {
    let place = Place::new();
    place.train("--steps 10 --out run --set model.hidden=4096").succeed();
    let before = place.listing_of("run/checkpoints");
    let outcome = place.gan_with_little_disk(LITTLE, "train --resume --out run --steps 20").run();
    outcome.failed_saying(&["cannot write run/checkpoints/", "generator.bpk", "os error 27"]);
    assert_eq!(place.listing_of("run/checkpoints"), before);

    place.gan("train --resume --out run --steps 20").succeed();
    assert_eq!(logged(&place), (1..=20).collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn a_full_disk_at_the_first_checkpoint_leaves_none_behind() {
    let place = Place::new();
    let words = "train gan --steps 10 --out run --set model.hidden=4096 --set pictures.count=16";
    let outcome = place.gan_with_little_disk(LITTLE, words).run();
    outcome.failed_saying(&["cannot write run/checkpoints/", "generator.bpk", "os error 27"]);
    assert!(place.listing_of("run/checkpoints").is_empty());
    place.gan("train --resume --out run").succeed();
    assert_eq!(logged(&place).last(), Some(&10));
}

#[test]
fn data_that_has_moved_is_found_by_its_digest() {
    let place = Place::new();
    place.write("here/points.csv", "0,1\n1,0\n");
    let program = place.train("--steps 5 --out run").set("data.kind=points");
    program.set("data.file=here/points.csv").set("train.batch=2").succeed();
    std::fs::rename(place.path("here"), place.path("there")).unwrap();
    let again = "train --resume --out run --steps 9";
    place.refuses(place.gan(again), &["`data.file` is here/points.csv", "--set data.file="]);
    place.gan(again).set("data.file=there/points.csv").succeed();
    assert!(place.text("run/config.toml").contains("there/points.csv"));
    place.write("other.csv", "0,1\n1,1\n");
    let other = place.gan(again).set("data.file=other.csv");
    place.refuses(other, &["begun with other data", "SHA-256 was", "now it is"]);
    // From another folder, and from home.
    std::fs::create_dir(place.path("elsewhere")).unwrap();
    let mut program = place.gan("train --resume --out ../run --steps 10");
    program.command.current_dir(place.path("elsewhere"));
    program.set("data.file=../there/points.csv").succeed();
    let home = place.path("there").display().to_string();
    place
        .gan("train --resume --out run --steps 11")
        .set("data.file=~/points.csv")
        .env("HOME", &home)
        .succeed();
    let bob = place.gan("train --resume --out run").set("data.file=~bob/points.csv");
    place.refuses(bob, &["`~bob/points.csv`", "another user"]);
}

#[test]
fn what_a_kill_left_beside_the_last_checkpoint_goes_when_the_run_is_resumed() {
    let place = begun();
    place.write("run/checkpoints/.unfinished-123/critic.bpk", "half removed");
    place.write("run/plots/.tmp123-0", "half written");
    place.gan("train --resume --out run").succeed();
    assert!(place.names_in("run/checkpoints").iter().all(|name| name.starts_with("step-")));
    assert!(!place.path("run/plots/.tmp123-0").exists());
}
