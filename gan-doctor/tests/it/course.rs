//! The course's DCGAN over 30 epochs, every seed: when its collapse is named. The README's table is what
//! comes of the recorded series here.

use gan_doctor::{Event, Monitor, Record, Severity};

use crate::runs::{self, alike_at};

const RUNS: &[u8] = include_bytes!("../recorded/course-dcgan.jsonl.gz");
const README: &str = include_str!("../../README.md");
/// Steps of an epoch.
const EPOCH: u64 = 937;

fn runs() -> Vec<Record> {
    let record = |(seed, (run, record)): (usize, (String, Record))| {
        assert_eq!(run, format!("dcgan-seed{seed}"));
        record
    };
    runs::named(RUNS).enumerate().map(record).collect()
}

/// What is opened, with its step, up to the first severe verdict.
fn named(record: &Record) -> Vec<(u64, &'static str)> {
    let mut named = Vec::new();
    for event in Monitor::history(record) {
        let Event::Opened { step, diagnosis } = event else { continue };
        named.push((step, diagnosis.rule));
        if diagnosis.severity == Severity::Severe {
            return named;
        }
    }
    panic!("a run that collapses is told so, found {named:?}");
}

#[test]
fn every_collapse_is_named_in_time_and_nothing_is_before_samples_are_worse() {
    for (seed, record) in runs().iter().enumerate() {
        let (alike, named) = (alike_at(&record.trace), named(record));
        let (severe, rule) = named[named.len() - 1];
        assert!(["batch-norm-collapse", "mode-collapse"].contains(&rule), "seed {seed}: {rule}");
        assert!(severe <= alike + 2 * EPOCH, "seed {seed}: {severe}, alike at {alike}");
        let distances = record.trace.recorded("samples/frechet").unwrap().points();
        let learned = || distances.iter().filter(|(step, _)| *step > 5 * EPOCH);
        let best = learned().map(|point| point.1).fold(f64::INFINITY, f64::min);
        let lost = learned().find(|(_, distance)| *distance > 2.0 * best).unwrap().0;
        assert!(named[0].0 >= lost, "seed {seed}: {named:?}, digits lost at {lost}");
    }
}

#[test]
fn the_table_is_what_the_recorded_runs_say() {
    let row = |(seed, record): (usize, &Record)| {
        let named = named(record);
        let steps: Vec<String> = named.iter().map(|(step, _)| with_comma(*step)).collect();
        let rules: Vec<String> = named.iter().map(|(_, rule)| format!("`{rule}`")).collect();
        let (alike, steps, rules) =
            (with_comma(alike_at(&record.trace)), steps.join(", then "), rules.join(", then "));
        format!("| {seed} | {alike} | {steps} | {rules} |")
    };
    let rows: Vec<String> = runs().iter().enumerate().map(row).collect();
    let (_, after) = README.split_once("\n| Seed | Spread below half").unwrap();
    let found: Vec<&str> = after.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert_eq!(found, rows, "\n{}", rows.join("\n"));
}

fn with_comma(step: u64) -> String {
    if step < 1000 { step.to_string() } else { format!("{},{:03}", step / 1000, step % 1000) }
}
