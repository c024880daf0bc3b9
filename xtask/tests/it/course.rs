//! The course's experiments and pages, with a stand-in for gan.

use std::fs;
use std::path::Path;

use crate::stand_in::{Called, StandIn, text_of};

fn course(stand_in: &StandIn, more: &[&str], gan_exit: &str) -> Called {
    let (out, results) = (stand_in.out(), stand_in.results());
    let (out, results) = (out.to_str().unwrap(), results.to_str().unwrap());
    let args = ["experiment", "course", "--out", out, "--results", results];
    stand_in.xtask(&[&args, more].concat(), &[("GAN_EXIT", gan_exit)])
}

fn pages(stand_in: &StandIn, results: &Path, more: &[&str]) -> Called {
    let folder = stand_in.out().join("course");
    let gan = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand-ins/gan");
    let args = ["pages", "--out", folder.to_str().unwrap(), "--results", results.to_str().unwrap()];
    let args = [&args[..], &["--gan", gan.to_str().unwrap()], more].concat();
    stand_in.xtask(&args, &[("GAN_EXIT", "0")])
}

/// What the repository has measured.
fn kept() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../results")
}

#[test]
fn an_interrupted_course_says_what_there_is_and_how_to_go_on() {
    let stand_in = StandIn::new();
    let called = course(&stand_in, &["--jobs", "2"], "130");
    assert_eq!(called.code, 130, "{}", called.stderr);
    for line in ["moons-a: 0 of 10 trainings are kept, the others are run", "==== moons-a"] {
        assert!(called.stdout.contains(line), "{line}: {}", called.stdout);
    }
    assert!(!called.stdout.contains("==== moons-b"), "{}", called.stdout);
    let again = format!(
        "to go on with the course: cargo xtask experiment course --jobs 2 --out {} --results {}",
        stand_in.out().display(),
        stand_in.results().display()
    );
    assert_eq!(called.stdout.lines().last(), Some(again.as_str()));

    let failed = course(&stand_in, &[], "3");
    assert_eq!(failed.code, 1);
    assert!(
        failed.stderr.starts_with("error: the experiment `moons-a`; to go on: "),
        "{}",
        failed.stderr
    );
}

#[test]
fn every_short_form_of_the_course_is_run_and_the_pages_stay() {
    let stand_in = StandIn::new();
    let called = course(&stand_in, &["--quick"], "0");
    assert_eq!(called.code, 0, "{}", called.stderr);
    let begun: Vec<&str> =
        called.stdout.lines().filter_map(|line| line.strip_prefix("==== ")).collect();
    assert_eq!((begun[0], begun.len()), ("moons-a", 16), "{begun:?}");
    let calls = stand_in.calls();
    let branches: Vec<_> = calls.iter().filter(|call| call.contains(" --branch ")).collect();
    assert_eq!(branches.len(), 6, "{branches:?}");
    let stem = calls.iter().position(|call| call.contains("--seed 3 ")).unwrap();
    let first = calls.iter().position(|call| call.contains(" --branch ")).unwrap();
    assert!(stem < first, "a branch goes on from a run that has ended");
    let last = "The pages stay as they are: they are made of the full forms.";
    assert_eq!(called.stdout.lines().last(), Some(last));
    assert!(!stand_in.results().exists());
}

#[test]
fn pages_without_results_say_what_to_run() {
    let stand_in = StandIn::new();
    let called = pages(&stand_in, &stand_in.results(), &[]);
    assert_eq!(called.code, 0, "{}", called.stderr);
    let folder = stand_in.out().join("course");
    let mut n_pages = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = text_of(&path);
        n_pages += 1;
        assert!(text.contains("`cargo xtask experiment "), "{}", path.display());
        let empty = text.lines().find(|line| line.contains("|  |") || line.contains("![]("));
        assert_eq!(empty, None, "{}", path.display());
        for placeholder in ["{{", "{%", "NaN"] {
            assert!(!text.contains(placeholder), "{placeholder} in {}", path.display());
        }
    }
    assert_eq!(n_pages, 12);
    assert!(!folder.join("charts").exists(), "nothing is drawn of nothing");
}

#[test]
fn pages_are_those_that_what_is_kept_comes_to() {
    let stand_in = StandIn::new();
    assert_eq!(pages(&stand_in, &kept(), &[]).code, 0);
    let folder = stand_in.out().join("course");
    let chart = folder.join("charts/1-js");
    assert!(text_of(&chart.with_extension("csv")).starts_with("step,\"lr 1e-4, batch 50\","));
    assert!(chart.with_extension("svg").exists());
    let plots = stand_in.calls().into_iter().filter(|call| call.starts_with("plot ")).count();
    let again = pages(&stand_in, &kept(), &["--check"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(pages(&stand_in, &kept(), &[]).code, 0);
    let drawn = stand_in.calls().into_iter().filter(|call| call.starts_with("plot ")).count();
    assert_eq!(drawn, plots, "a chart of the same table is not drawn again");

    let page = folder.join("1-moons.md");
    let text = text_of(&page);
    assert!(text.contains("| The fit is better than that of the first experiment. | **held** |"));
    fs::write(&page, text.replace("**held**", "**proved**")).unwrap();
    fs::remove_file(chart.with_extension("svg")).unwrap();
    fs::write(folder.join("6-more.md"), "").unwrap();
    let differing = pages(&stand_in, &kept(), &["--check"]);
    assert_eq!(differing.code, 1);
    for line in [
        "1-moons.md is not what is kept comes to now",
        "charts/1-js.svg is not drawn from what is kept now",
        "6-more.md belongs to no page",
        "To write them: cargo xtask pages",
    ] {
        assert!(differing.stderr.contains(line), "{line}: {}", differing.stderr);
    }
}

/// A claim or a table that only one language shows would be missed by readers of the other.
#[test]
fn both_languages_ask_for_the_same() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages");
    for entry in fs::read_dir(pages.join("en")).unwrap() {
        let path = entry.unwrap().path();
        let other = pages.join("zh").join(path.file_name().unwrap());
        assert_eq!(named(&text_of(&path)), named(&text_of(&other)), "{}", other.display());
    }
}

/// What a template names of experiments, in its order: claims and runs in quotes, with a slash.
fn named(template: &str) -> Vec<String> {
    let quoted = template.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-/.{}_".contains(letter);
        text.contains('/') && text.chars().all(plain)
    };
    quoted.filter(is_name).map(str::to_owned).collect()
}
