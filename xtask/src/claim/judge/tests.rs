//! Judgements on small experiments.

use std::collections::{BTreeMap, BTreeSet};

use super::super::training::tests::training;
use super::super::{ClaimEntry, Judged, Tally};
use super::*;

fn claim(text: &str) -> Claim {
    toml::from_str::<ClaimEntry>(&format!("says = 'S.'\n{text}")).unwrap().checked().unwrap()
}

/// Runs of which each seed has these distances after each of four epochs.
fn evidence(runs: &[(&str, &[[f64; 4]])]) -> Evidence {
    let mut evidence = Evidence::default();
    for (run, seeds) in runs {
        let trainings = seeds.iter().enumerate().map(|(seed, f)| training(seed as u32, *f));
        evidence.runs.insert((*run).to_owned(), trainings.collect());
        evidence.planned.insert((*run).to_owned(), seeds.len());
    }
    evidence
}

fn judged(text: &str, evidence: &Evidence) -> (State, String) {
    let Verdict { state, because, .. } =
        judge(&claim(&format!("run = 'a'\nquantity = 'samples/frechet'\n{text}")), evidence);
    (state, because)
}

const END: [[f64; 4]; 3] = [[9.0, 3.0, 4.0, 5.0], [9.0, 2.0, 3.0, 4.0], [9.0, 2.0, 3.0, 2.5]];

#[test]
fn a_bound_is_checked_on_every_seed_or_on_as_many_as_it_says() {
    let evidence = evidence(&[("a", &END)]);
    let (state, because) = judged("at_most = 5", &evidence);
    assert_eq!(state, State::Held);
    assert_eq!(because, "samples/frechet of a at the end: 2.5 … 5, at most 5 on 3 of 3 seeds");
    let (state, because) = judged("at_most = 4", &evidence);
    assert_eq!(state, State::NotHeld);
    assert!(because.ends_with("at most 4 on 2 of 3 seeds"), "{because}");
    let (state, because) = judged("at_most = 4\nseeds = 2", &evidence);
    assert_eq!(state, State::Held);
    assert!(because.ends_with("on 2 of 3 seeds, 2 needed"), "{because}");
    assert_eq!(judged("at = '2 epochs'\nat_least = 2", &evidence).0, State::Held);
    assert_eq!(judged("at = 'lowest'\nat_most = 3", &evidence).0, State::Held);
}

#[test]
fn seeds_that_were_not_run_leave_it_open_unless_enough_have_refuted_it() {
    let mut evidence = evidence(&[("a", &END)]);
    evidence.planned.insert("a".into(), 10);
    let (state, because) = judged("at_most = 5", &evidence);
    assert_eq!(state, State::CannotSay);
    assert_eq!(because, "needs 10 seeds of `a`, 3 were run");
    assert_eq!(judged("at_most = 4", &evidence).0, State::NotHeld);
    assert_eq!(judged("at_most = 4\nseeds = 9", &evidence).0, State::CannotSay);
    assert_eq!(judged("at_most = 4\nseeds = 2", &evidence).0, State::Held);
}

#[test]
fn a_training_that_diverged_does_not_hold_and_is_said() {
    let mut evidence = evidence(&[("a", &END)]);
    evidence.runs.get_mut("a").unwrap()[2].diverged = true;
    let (state, because) = judged("at_most = 5", &evidence);
    assert_eq!(state, State::NotHeld);
    assert!(because.ends_with("on 2 of 3 seeds, 1 diverged"), "{because}");
    assert_eq!(judged("at_most = 5\nseeds = 2", &evidence).0, State::Held);
}

#[test]
fn a_seed_is_compared_with_itself_at_another_time() {
    let evidence = evidence(&[("a", &END)]);
    let text = "higher_than = { at = 'lowest', times = 1.5 }\nseeds = 2";
    let (state, because) = judged(text, &evidence);
    assert_eq!(state, State::Held);
    let expected = "samples/frechet of a at the end: 2.5 … 5, higher than 1.5 times samples/frechet of \
                    a at its lowest (3 … 4.5) on 2 of 3 seeds, 2 needed";
    assert_eq!(because, expected);
    let (state, because) = judged("higher_than = { at = '9 epochs' }", &evidence);
    assert_eq!(state, State::CannotSay);
    assert_eq!(because, "`a` ends after 4 epochs with seed 0");
}

#[test]
fn a_seed_is_compared_with_the_same_of_another_run() {
    let mut evidence = evidence(&[("a", &END), ("b", &END)]);
    let text = "lower_than = { run = 'b', times = 2 }";
    assert_eq!(judged(text, &evidence).0, State::Held);
    assert_eq!(judged("lower_than = { run = 'b' }", &evidence).0, State::NotHeld);
    evidence.runs.get_mut("b").unwrap().remove(1);
    assert_eq!(judged(text, &evidence).1, "seed 1 of `b` was not run");
}

#[test]
fn two_runs_are_compared_by_the_rank_sum_test() {
    let far = END.map(|seed| seed.map(|value| 10.0 * value));
    let evidence = evidence(&[("a", &END), ("b", &far)]);
    let (state, because) = judged("lower_than = { run = 'b', p = 0.05 }", &evidence);
    assert_eq!(state, State::Held);
    assert!(because.contains("lower with p = 0.05 over 3 and 3 seeds"), "{because}");
    let (state, because) = judged("higher_than = { run = 'b', p = 0.05 }", &evidence);
    assert_eq!((state, because.contains("p = 1 over")), (State::NotHeld, true), "{because}");
    let (state, because) = judged("lower_than = { run = 'b', p = 0.04 }", &evidence);
    assert_eq!(state, State::CannotSay);
    assert_eq!(because, "over 3 and 3 seeds no p is below 0.05, and 0.04 is asked for");
}

#[test]
fn not_being_told_apart_is_said_to_be_weak() {
    let far = END.map(|seed| seed.map(|value| 10.0 * value));
    let evidence = evidence(&[("a", &END), ("b", &END), ("c", &far)]);
    let (state, because) = judged("like = { run = 'b', p = 0.1 }", &evidence);
    assert_eq!(state, State::Held);
    assert!(because.contains("which is weak evidence") && because.contains("p = 1 "), "{because}");
    let (state, because) = judged("like = { run = 'c', p = 0.1 }", &evidence);
    assert_eq!(
        (state, because.contains("told apart: p = 0.1 ")),
        (State::NotHeld, true),
        "{because}"
    );
    let (state, because) = judged("like = { run = 'c', p = 0.05 }", &evidence);
    assert_eq!(
        (state, because.contains("no p is below 0.1")),
        (State::CannotSay, true),
        "{because}"
    );
}

#[test]
fn nan_is_no_number_to_test() {
    let mut evidence = evidence(&[("a", &END), ("b", &END)]);
    let trainings = evidence.runs.get_mut("b").unwrap();
    trainings[1].numbers.insert("samples/frechet".into(), f64::NAN);
    let (state, because) = judged("lower_than = { run = 'b', p = 0.5 }", &evidence);
    assert_eq!(state, State::CannotSay);
    assert_eq!(because, "samples/frechet of b at the end is nan with seed 1");
}

#[test]
fn a_correlation_is_over_the_measurements_of_each_seed() {
    let mut evidence = evidence(&[("a", &END)]);
    let with = |text: &str| format!("correlates_with = {{ quantity = 'critic/loss', {text} }}");
    let (state, because) = judged(&with("at_least = 0.5"), &evidence);
    // At the ten steps of the loss there are measurements of the distance from the third on.
    assert_eq!(state, State::NotHeld, "{because}");
    let expected = "rank correlation of samples/frechet with critic/loss, a: ";
    assert!(
        because.starts_with(expected) && because.ends_with("at least 0.5 on 0 of 3 seeds"),
        "{because}"
    );
    let series = &mut evidence.runs.get_mut("a").unwrap()[0].series;
    series.retain(|line| line.step < 20);
    let (state, because) = judged(&with("at_least = 0.5"), &evidence);
    assert_eq!(state, State::CannotSay);
    assert_eq!(because, "a rank correlation needs 5 measurements of both, seed 0 has 2");
}

#[test]
fn a_quantity_that_is_not_measured_gets_the_nearest() {
    let evidence = evidence(&[("a", &END)]);
    let verdict = judge(&claim("run = 'a'\nquantity = 'samples/frechat'\nat_most = 1"), &evidence);
    assert_eq!(verdict.state, State::CannotSay);
    let expected = "`a` does not measure `samples/frechat`; did you mean `samples/frechet`?";
    assert_eq!(verdict.because, expected);
}

#[test]
fn nothing_measured_is_not_run() {
    let nothing = Evidence::default();
    let (state, because) = judged("at_most = 1", &nothing);
    assert_eq!((state, because.as_str()), (State::NotRun, "no seed of `a` was run"));
    let other = judged("like = { run = 'b', p = 0.1 }", &evidence(&[("a", &END)]));
    assert_eq!(other, (State::NotRun, "no seed of `b` was run".to_owned()));
    assert_eq!(judge(&claim("quantity = 'recall'\nat_least = 1"), &nothing).state, State::NotRun);
}

#[test]
fn figures_are_of_the_whole_experiment() {
    let figures = Some(BTreeMap::from([("known/recall".to_owned(), 0.93)]));
    let evidence = Evidence { figures, ..Evidence::default() };
    let verdict = judge(&claim("quantity = 'known/recall'\nat_least = 0.95"), &evidence);
    assert_eq!(verdict.state, State::NotHeld);
    assert_eq!(verdict.because, "known/recall is 0.93, at least 0.95 claimed");
    let verdict = judge(&claim("quantity = 'knwn/recall'\nat_least = 0.95"), &evidence);
    assert_eq!(verdict.state, State::CannotSay);
    assert!(verdict.because.contains("did you mean `known/recall`?"), "{}", verdict.because);
}

#[test]
fn kernels_are_not_mixed_unless_asked() {
    let mut evidence = evidence(&[("a", &END), ("b", &END)]);
    for (run, kernels) in [("a", "avx512, f32"), ("b", "avx2, f32")] {
        evidence.kernels.insert(run.into(), BTreeSet::from([kernels.to_owned()]));
    }
    let text = "lower_than = { run = 'b', times = 2 }";
    let (state, because) = judged(text, &evidence);
    assert_eq!(state, State::CannotSay);
    assert!(because.contains("avx2, f32 and avx512, f32; --mixed"), "{because}");
    assert_eq!(judged("at_most = 5", &evidence).0, State::Held);
    evidence.mixed = true;
    assert_eq!(judged(text, &evidence).0, State::Held);
}

#[test]
fn a_line_has_the_state_the_words_and_the_numbers_and_the_first_version_beside_it() {
    let evidence = evidence(&[("a", &END)]);
    let text = "run = 'a'\nquantity = 'samples/frechet'\nat_most = 5\n\
                first = { says = 'It is 4.', why = 'one seed was not.', at_most = 4 }";
    let claim = claim(text);
    let judged = Judged::by(&claim, &evidence);
    let lines: Vec<String> = judged.to_string().lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("held        S. [samples/frechet of a"), "{lines:?}");
    let first = "            first claimed: It is 4. Rewritten: one seed was not. It is NOT held [";
    assert!(lines[1].starts_with(first), "{lines:?}");
    let tally = Tally::of([&judged]);
    assert_eq!(tally.to_string(), "1 held, 0 not held, 0 cannot be said, 0 not run");
    assert!(tally.all_held());
    let unchecked = Judged::unchecked(&claim);
    assert!(unchecked.to_string().starts_with("not checked S.\n"), "{unchecked}");
    assert_eq!(Tally::of([&unchecked]), Tally::default());
}
