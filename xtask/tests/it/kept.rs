//! Results that are kept, and claims that are checked by them, with a stand-in for gan.

use std::fs;

use crate::experiment::{RUN, moons, moons_in};
use crate::stand_in::{Called, StandIn, text_of};

/// The claim of `moons` is of three of its five seeds.
fn claims(stand_in: &StandIn, more: &[&str]) -> Called {
    let results = stand_in.results();
    let args = ["claims", "moons", "--results", results.to_str().unwrap()];
    stand_in.xtask(&[&args, more].concat(), &[])
}

#[test]
fn a_training_that_has_ended_is_kept_and_not_repeated() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "3"], "0");
    assert_eq!(called.code, 0, "{}", called.stderr);
    let kept = stand_in.results().join("moons").join(format!("{RUN}-seed0"));
    assert!(
        called.stdout.contains(&format!("is kept in {}\n", kept.display())),
        "{}",
        called.stdout
    );
    for name in ["config.toml", "manifest.json", "summary.json", "metrics.jsonl.gz"] {
        assert!(kept.join(name).exists(), "{name}");
    }
    let held = "held        The points come to lie on both half circles on most seeds, within 30,000 steps. [samples/js of \
                lr-1e-3-batch-250 at the end: 0.1, at most 0.2 on 3 of 3 seeds, 3 needed]";
    assert!(called.stdout.contains(held), "{}", called.stdout);

    let elsewhere = stand_in.out().join("elsewhere");
    let n_calls = stand_in.calls().len();
    let again = moons_in(&elsewhere, &stand_in, &["--seeds", "3"], &[("GAN_EXIT", "0")]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let calls = stand_in.calls().split_off(n_calls);
    assert_eq!(calls.len(), 2, "a look at the settings and a sheet of pictures: {calls:?}");
    assert!(calls[0].contains("--set train.budget=\"1 steps\""), "{}", calls[0]);
    assert!(again.stdout.contains(&format!("is kept in {}", kept.display())), "{}", again.stdout);
    assert!(text_of(&elsewhere.join("moons/summary.md")).contains("## Claims\n\n- held "));
    assert!(!elsewhere.join("moons").join(format!("{RUN}.tmp")).exists());
}

#[test]
fn a_result_of_other_settings_is_said_and_replaced() {
    let stand_in = StandIn::new();
    assert_eq!(moons(&stand_in, &["--seeds", "1"], "0").code, 0);
    let config = stand_in.results().join(format!("moons/{RUN}-seed0/config.toml"));
    let other = text_of(&config).replace("train.batch=250", "train.batch=64");
    fs::write(&config, other).unwrap();

    let listed = claims(&stand_in, &[]);
    let passed = "train.batch is 64, the experiment has 250";
    assert!(listed.stdout.contains(passed), "{}", listed.stdout);
    assert!(listed.stdout.contains("not run     The points come"), "{}", listed.stdout);

    let elsewhere = stand_in.out().join("elsewhere");
    let again = moons_in(&elsewhere, &stand_in, &["--seeds", "1"], &[("GAN_EXIT", "0")]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let said = "is of another training and will be replaced: train.batch: was 64, now 250";
    assert!(again.stdout.contains(said), "{}", again.stdout);
    assert!(again.stdout.contains(", in the place of what was kept there"), "{}", again.stdout);
    assert!(text_of(&config).contains("train.batch=250"));
}

#[test]
fn kernels_are_not_mixed_in_one_table_unless_asked() {
    let stand_in = StandIn::new();
    assert_eq!(moons(&stand_in, &["--seeds", "1"], "0").code, 0);
    let elsewhere = stand_in.out().join("elsewhere");
    let other = [("GAN_EXIT", "0"), ("GAN_KERNELS", "avx512")];
    let refused = moons_in(&elsewhere, &stand_in, &["--seeds", "2"], &other);
    assert_eq!(refused.code, 1);
    let expected =
        "avx2 in f32 (lr-1e-3-batch-250, seed 0) and avx512 in f32 (what is still to be trained)";
    assert!(refused.stderr.contains(expected), "{}", refused.stderr);
    assert!(refused.stdout.contains("by other kernels, avx2 in f32"), "{}", refused.stdout);
    let mixed = moons_in(&elsewhere, &stand_in, &["--seeds", "2", "--mixed"], &other);
    assert_eq!(mixed.code, 0, "{}", mixed.stderr);
    let line = "Kernels: avx2 in f32 and avx512 in f32. Build: abcdef0.";
    assert!(mixed.stdout.contains(line), "{}", mixed.stdout);
    // A table of what is all kept is not mixed, whatever this program computes with.
    assert_eq!(moons_in(&elsewhere, &stand_in, &["--seeds", "1"], &other).code, 0);
}

#[test]
fn claims_that_are_not_held_have_an_exit_code_of_their_own() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "2", "--check"], "0");
    assert_eq!(called.code, 3, "{}", called.stderr);
    let open = "cannot say  The points come to lie on both half circles on most seeds, within 30,000 steps. [needs 3 seeds of \
                `lr-1e-3-batch-250`, 2 were run]";
    assert!(called.stdout.contains(open), "{}", called.stdout);
    assert_eq!(claims(&stand_in, &["--check"]).code, 3);
    let told = claims(&stand_in, &[]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert_eq!(told.stdout.lines().last(), Some("0 held, 0 not held, 1 cannot be said, 0 not run"));

    let third = moons(&stand_in, &["--seeds", "3", "--resume", "--check"], "0");
    assert_eq!(third.code, 0, "{}", third.stderr);
    assert_eq!(claims(&stand_in, &["--check"]).code, 0);
}

#[test]
fn results_from_elsewhere_are_recorded() {
    let stand_in = StandIn::new();
    assert_eq!(moons(&stand_in, &["--seeds", "2"], "0").code, 0);
    let from = stand_in.out().join("moons");
    fs::remove_file(from.join(format!("{RUN}-seed1/summary.json"))).unwrap();
    let kept = stand_in.out().join("kept");
    let args = ["--from", from.to_str().unwrap(), "--results", kept.to_str().unwrap()];
    let called = stand_in.xtask(&[&["record", "moons"], &args[..]].concat(), &[]);
    assert_eq!(called.code, 0, "{}", called.stderr);
    let last = format!("1 of 5 trainings kept in {}", kept.join("moons").display());
    assert_eq!(called.stdout.lines().last(), Some(last.as_str()));
    let passed = format!("{RUN}-seed1, which has not come to its end");
    assert!(called.stdout.contains(&passed), "{}", called.stdout);
    assert!(kept.join(format!("moons/{RUN}-seed0/summary.json")).exists());
}

#[test]
fn a_claim_compares_with_what_is_kept_of_another_experiment() {
    let stand_in = StandIn::new();
    let (out, results) = (stand_in.out(), stand_in.results());
    let (out, results) = (out.to_str().unwrap(), results.to_str().unwrap());
    let run = |name: &str| {
        let args = ["experiment", name, "--out", out, "--results", results];
        stand_in.xtask(&args, &[("GAN_EXIT", "0")])
    };
    let alone = run("moons-b");
    let missing = "[no seed of `moons-a/lr-1e-4-batch-50` was run]";
    assert!(alone.stdout.contains(missing), "{}", alone.stdout);
    assert_eq!(run("moons-a").code, 0);
    let called = stand_in.xtask(&["claims", "moons-b", "--results", results], &[]);
    let compared = "NOT held    The fit is better than that of the first experiment. [samples/js of \
                    lr-1e-3-batch-250 at the end: 0.1, samples/js of moons-a/lr-1e-4-batch-50 at the end: \
                    0.1; lower with p = 1 over 10 and 10 seeds, at most 0.05 claimed (exact rank-sum test)]";
    assert!(called.stdout.contains(compared), "{}", called.stdout);
}
