//! The loop over an experiment's trainings, with a stand-in for gan.

use std::path::Path;

use crate::stand_in::{Called, StandIn, text_of};

pub(crate) const RUN: &str = "lr-1e-3-batch-250";

pub(crate) fn moons(stand_in: &StandIn, more: &[&str], gan_exit: &str) -> Called {
    moons_in(&stand_in.out(), stand_in, more, &[("GAN_EXIT", gan_exit)])
}

/// The same with another folder for its trainings.
pub(crate) fn moons_in(
    out: &Path,
    stand_in: &StandIn,
    more: &[&str],
    settings: &[(&str, &str)],
) -> Called {
    let results = stand_in.results();
    let (out, results) = (out.to_str().unwrap(), results.to_str().unwrap());
    let args = ["experiment", "moons", "--out", out, "--results", results];
    stand_in.xtask(&[&args, more].concat(), settings)
}

#[test]
fn every_seed_is_trained_and_the_end_says_what_to_open() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "2", "--quick", "--device", "flex"], "0");
    assert_eq!(called.code, 0, "{}", called.stderr);

    let results = stand_in.out().join("moons-quick");
    let calls = stand_in.calls();
    assert_eq!(calls.len(), 4);
    for (seed, call) in calls[..2].iter().enumerate() {
        let folder = results.join(format!("{RUN}-seed{seed}"));
        let out = folder.display();
        let end = format!("--seed {seed} --device flex --out {out} --doctor warn");
        assert!(call.starts_with("train gan --set train.batch=250 "), "{call}");
        assert!(call.ends_with(&end), "{call}");
    }
    for seed in [0, 1] {
        let picture = results.join(format!("{RUN}-seed{seed}/samples/step-100.png"));
        assert!(calls[3].contains(&picture.display().to_string()), "{}", calls[3]);
    }
    let page = results.join("report.html");
    assert!(calls[2].starts_with("report ") && page.exists(), "{}", calls[2]);
    assert!(called.stdout.contains(&format!("Report:  {}\n", page.display())));
    let sheet = results.join("summary.png");
    assert!(calls[3].starts_with("montage ") && sheet.exists(), "{}", calls[3]);
    let last = called.stdout.lines().last().unwrap();
    assert_eq!(last, format!("Open:    {}", sheet.display()));
    assert!(called.stdout.contains(&format!("Results: {}\n", results.display())));
    let expected = format!("run,seed,samples/js,steps\n{RUN},0,0.1,100\n{RUN},1,0.1,100\n");
    assert_eq!(text_of(&results.join("summary.csv")), expected);
    let summary = text_of(&results.join("summary.md"));
    assert!(summary.contains("| steps | 100 (100 … 100) |"), "{summary}");
    assert!(summary.contains("\n- not checked The points come"), "{summary}");
    assert!(!stand_in.results().exists(), "a short form is not kept");
}

#[test]
fn an_interrupted_experiment_says_how_to_continue_and_continues() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "2"], "130");
    assert_eq!(called.code, 130, "{}", called.stderr);
    let out = stand_in.out();
    let hint = format!(
        "to continue: cargo xtask experiment moons --seeds 2 --out {} --results {} --resume",
        out.display(),
        stand_in.results().display()
    );
    assert!(called.stdout.contains(&hint), "{}", called.stdout);
    assert_eq!(stand_in.calls().len(), 1);

    let again = moons(&stand_in, &["--seeds", "2"], "0");
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("unfinished run; continue it with --resume"), "{}", again.stderr);

    let resumed = moons(&stand_in, &["--seeds", "2", "--resume"], "0");
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    let calls = stand_in.calls();
    assert_eq!(
        calls.len(),
        6,
        "a look at the kernels, two trainings, a report and a sheet of pictures"
    );
    assert!(calls[2].contains("--seed 0") && calls[2].ends_with(" --resume"), "{}", calls[2]);
    assert!(calls[3].contains("--seed 1") && !calls[3].contains("--resume"), "{}", calls[3]);

    let kept = moons(&stand_in, &["--seeds", "2", "--resume"], "0");
    assert_eq!(kept.code, 0, "{}", kept.stderr);
    let trainings = stand_in.calls().iter().filter(|call| call.starts_with("train")).count();
    assert_eq!(trainings, 4, "finished runs are not trained again");
}

#[test]
fn a_single_training_ends_with_its_own_picture() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "1"], "0");
    assert_eq!((called.code, stand_in.calls().len()), (0, 2), "{}", called.stderr);
    let picture = stand_in.out().join(format!("moons/{RUN}-seed0/samples/step-100.png"));
    let last = called.stdout.lines().last().unwrap();
    assert_eq!(last, format!("Open:    {}", picture.display()));
}

#[test]
fn several_trainings_at_once_are_the_same_trainings() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "4", "--jobs", "2"], "0");
    assert_eq!(called.code, 0, "{}", called.stderr);
    let mut calls = stand_in.calls();
    calls.retain(|call| call.starts_with("train"));
    calls.sort();
    assert_eq!(calls.len(), 4);
    for (seed, call) in calls.iter().enumerate() {
        assert!(call.contains(&format!("--seed {seed} ")), "{call}");
    }

    let stand_in = StandIn::new();
    let called = moons(&stand_in, &["--seeds", "4", "--jobs", "2"], "3");
    assert_eq!(called.code, 1);
    assert!(called.stderr.contains("error: the stand-in fails"), "{}", called.stderr);
}

#[test]
fn a_failed_training_is_named_with_its_folder() {
    let stand_in = StandIn::new();
    let called = moons(&stand_in, &[], "3");
    assert_eq!(called.code, 1);
    for part in [RUN, "seed 0", "exit status: 3", "--resume"] {
        assert!(called.stderr.contains(part), "{part}: {}", called.stderr);
    }
}
