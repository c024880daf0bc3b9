//! `gan train --branch`: another run that begins where a checkpoint of a run stands.

use std::fs;

use serde_json::Value;

use crate::program::{Place, Program, watched};

/// A run of 60 steps with checkpoints every 20.
fn origin() -> Place {
    let place = Place::new();
    place.train("--steps 60 --out one").succeed();
    place
}

fn branch(place: &Place, words: &str) -> Program {
    place.gan(&format!("train --branch one {words}"))
}

/// The live weights of a run's newest checkpoint.
fn weights(place: &Place, run: &str) -> Vec<u8> {
    place.gan(&format!("export {run} --weights live --out {run}.safetensors --force")).succeed();
    place.bytes(&format!("{run}.safetensors"))
}

fn manifest(place: &Place, run: &str) -> Value {
    serde_json::from_slice(&place.bytes(&format!("{run}/manifest.json"))).unwrap()
}

#[test]
fn a_branch_that_changes_nothing_is_the_run_itself() {
    let place = origin();
    let before = place.listing_of("one");
    branch(&place, "--from-step 20 --out other").succeed();
    assert_eq!(weights(&place, "one"), weights(&place, "other"));
    assert_eq!(place.text("one/metrics.jsonl"), place.text("other/metrics.jsonl"));
    let from = &manifest(&place, "other")["branched_from"];
    assert_eq!((&from["run"], &from["step"]), (&Value::from("one"), &Value::from(20)));
    assert!(manifest(&place, "one")["branched_from"].is_null());
    assert_eq!(place.listing_of("one"), before, "a branch changes nothing of its origin");
}

#[test]
fn what_a_branch_changes_it_changes_from_there_on() {
    let place = origin();
    let slower = branch(&place, "--from-step 20").set("train.critic.lr=1e-5").succeed();
    assert_eq!(slower.stdout.trim(), "one-branch");
    let logged = |run: &str| place.text(&format!("{run}/metrics.jsonl"));
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let (one, other) = (lines(&logged("one")), lines(&logged("one-branch")));
    assert_eq!(one.len(), other.len());
    assert_eq!(one[..20], other[..20]);
    assert!(one[21..].iter().zip(&other[21..]).all(|(one, other)| one != other));
    assert_ne!(weights(&place, "one"), weights(&place, "one-branch"));
    // Another one has a folder of its own.
    assert_eq!(branch(&place, "").succeed().stdout.trim(), "one-branch-2");
}

#[test]
fn a_branch_needs_its_origin_no_more() {
    let place = origin();
    branch(&place, "--from-step 20 --out whole").set("train.critic.lr=1e-4").succeed();
    branch(&place, "--from-step 20 --steps 40 --out half").set("train.critic.lr=1e-4").succeed();
    fs::remove_dir_all(place.path("one")).unwrap();
    place.gan("train --resume --out half --steps 60").succeed();
    assert_eq!(weights(&place, "whole"), weights(&place, "half"));
    fs::remove_dir_all(place.path("half/checkpoints")).unwrap();
    let lost = ["half has lost the checkpoint", "gan train --branch one --from-step 20"];
    place.refuses(place.gan("train --resume --out half"), &lost);
}

#[test]
fn an_average_and_another_optimizer_begin_at_the_branch() {
    let place = origin();
    let changed = branch(&place, "--from-step 60 --steps 61 --out other")
        .set("train.ema.half_life=1000000 steps")
        .set("train.generator.kind=rms-prop");
    changed.succeed();
    place.gan("export one --out one.safetensors").succeed();
    place.gan("export other --weights ema --out ema.safetensors").succeed();
    place.gan("export other --weights live --out live.safetensors").succeed();
    let files = ["one", "ema", "live"].map(|name| place.bytes(&format!("{name}.safetensors")));
    // One step of a very slow average is next to nothing; none at all would be a copy.
    assert_ne!(files[1], files[2]);
    let distance = |one: &[u8], other: &[u8]| {
        let values = |bytes: &[u8]| -> Vec<f32> {
            let (length, rest) = bytes.split_at(8);
            let header = u64::from_le_bytes(length.try_into().unwrap()) as usize;
            let data = rest[header..].as_chunks::<4>().0;
            data.iter().map(|value| f32::from_le_bytes(*value)).collect()
        };
        let (one, other) = (values(one), values(other));
        assert_eq!(one.len(), other.len());
        one.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    assert!(distance(&files[0], &files[1]) < 1e-6);
    assert!(distance(&files[0], &files[2]) > 1e-4);
}

#[test]
fn a_branch_that_cannot_be_is_refused_and_leaves_nothing() {
    let place = origin();
    let refused = |program: Program, parts: &[&str]| place.refuses(program, parts);
    refused(
        branch(&place, "--out other").set("model.hidden=7"),
        &["the networks of one", "`model.hidden` was 128 and is now 7", "begins anew"],
    );
    refused(
        branch(&place, "--from-step 30 --out other"),
        &["no checkpoint of step 30", "20, 40, 60"],
    );
    refused(branch(&place, "--out one"), &["--out is the run to branch off from"]);
    refused(branch(&place, "--from-step 60 --steps 20 --out other"), &["has come to step 60"]);
    refused(place.gan("train --branch two"), &["two is not a run folder"]);
    let both = place.gan("train gan --branch one").run();
    assert_eq!(both.code, Some(2), "{}", both.stderr);
    let alone = place.gan("train gan --from-step 20").run();
    assert_eq!(alone.code, Some(2), "{}", alone.stderr);
    // A run that is to go on otherwise is told how.
    let other = place.gan("train --resume --out one").set("train.critic.lr=1e-5");
    refused(other, &["gan train --branch one"]);
}

#[test]
fn the_best_checkpoint_is_one_to_branch_from_or_to_go_on_from() {
    let place = Place::new();
    let best = "--set checkpoint.keep_best=samples/js --set evaluation.samples=200";
    let run = watched(place.gan(&format!("train gan --steps 60 {best} --out one")));
    run.set("evaluation.every=20 steps").set("evaluation.mode_samples=200").succeed();
    branch(&place, "--from-step best --steps 61 --out other").succeed();
    let step = manifest(&place, "other")["branched_from"]["step"].as_u64().unwrap();
    assert!([20, 40, 60].contains(&step), "{step}");
    place.gan("train --resume --from-step best --out one").succeed();
}
