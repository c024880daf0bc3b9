//! What every format must have.

use super::*;
use crate::case::{Case, Kind};
use crate::oracle::{self, Verdict};

/// Cases of a format that are looked at.
const CASES: u64 = 300;

fn judged(format: &Format, kind: Kind, expected: &str, input: &Input) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    input.write(folder.path()).unwrap();
    oracle::verdict(format, kind, expected, folder.path())
}

fn digest(format: &Format, input: &Input) -> String {
    let folder = tempfile::tempdir().unwrap();
    input.write(folder.path()).unwrap();
    (format.read)(folder.path()).unwrap().digest
}

#[test]
fn seeds_are_accepted() {
    for format in ALL {
        let seeds = (format.seeds)();
        assert!(seeds.len() > 1, "{} has {} seeds", format.name, seeds.len());
        for (index, seed) in seeds.iter().enumerate() {
            let expected = digest(format, seed);
            let verdict = judged(format, Kind::Seed, &expected, seed);
            assert_eq!(verdict, Verdict::Accepted, "seed {index} of {}", format.name);
        }
    }
}

#[test]
fn other_spellings_read_equal() {
    for format in ALL {
        let seeds = (format.seeds)();
        let respelled = (0..CASES).map(|number| Case::of(format, &seeds, number));
        for case in respelled.filter(|case| case.kind == Kind::Respelled) {
            let expected = digest(format, &seeds[case.seed]);
            let verdict = judged(format, case.kind, &expected, &case.input);
            assert_eq!(verdict, Verdict::Accepted, "seed {} of {}", case.seed, format.name);
        }
    }
}

#[test]
fn a_case_follows_from_its_number() {
    for format in ALL {
        let (seeds, again) = ((format.seeds)(), (format.seeds)());
        let mut n_changed = 0;
        for number in 0..CASES {
            let case = Case::of(format, &seeds, number);
            assert_eq!(case, Case::of(format, &again, number), "{} {number}", format.name);
            n_changed += u64::from(case.input != seeds[case.seed]);
        }
        assert!(n_changed > CASES * 8 / 10, "{n_changed} cases of {} are damaged", format.name);
    }
}

#[test]
fn names_are_distinct_and_unknown_ones_are_told_the_known() {
    let mut names: Vec<&str> = ALL.iter().chain(planted::ALL).map(|format| format.name).collect();
    names.sort_unstable();
    let n_names = names.len();
    names.dedup();
    assert_eq!(names.len(), n_names);
    let message = called("pgn").unwrap_err().to_string();
    assert!(message.contains("csv, npy, npz, idx, idx.gz, png"), "{message}");
}
