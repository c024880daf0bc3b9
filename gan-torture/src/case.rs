//! Test cases: from a number to an input.

use crate::draw::Draw;
use crate::format::Format;
use crate::input::{Entry, Input};
use crate::mutate;

/// What was done to the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: it must be read.
    Seed,
    /// It is spelled otherwise: it must be read as the same.
    Respelled,
    /// It is damaged: it may be read or refused.
    Mutated,
}

/// An input and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    /// What was done to the seed.
    pub(crate) kind: Kind,
    /// The index of the seed.
    pub(crate) seed: usize,
    /// The input.
    pub(crate) input: Input,
}

/// One case in this many is a seed as it is.
const ONE_SEED_IN: usize = 50;
/// One case in this many is a seed in another spelling.
const ONE_RESPELLED_IN: usize = 8;
/// The maximum number of changes of a damaged input.
const MOST_CHANGES: usize = 4;

impl Case {
    /// The case of a number: the same for the same seeds.
    pub(crate) fn of(format: &Format, seeds: &[Input], number: u64) -> Self {
        let mut draw = Draw::of_case(format.name, number);
        let seed = draw.below(seeds.len());
        let input = seeds[seed].clone();
        if draw.once_in(ONE_SEED_IN) {
            return Self { kind: Kind::Seed, seed, input };
        }
        if draw.once_in(ONE_RESPELLED_IN)
            && let Some(input) = (format.respell)(&input, &mut draw)
        {
            return Self { kind: Kind::Respelled, seed, input };
        }
        let mut case = Self { kind: Kind::Mutated, seed, input };
        for _ in 0..=draw.below(MOST_CHANGES) {
            let other = draw.pick(seeds);
            change(format, &mut case.input, other, &mut draw);
        }
        case
    }
}

fn change(format: &Format, input: &mut Input, other: &Input, draw: &mut Draw) {
    if !draw.once_in(3) {
        return (format.mutate)(input, draw);
    }
    let n_files = input.n_files();
    let index = draw.below(n_files);
    let others: Vec<&Vec<u8>> = other.entries.values().filter_map(bytes_of).collect();
    let other = others.get(draw.below(others.len())).map_or(&[][..], |bytes| bytes);
    if let Some(bytes) = input.bytes_mut(index) {
        mutate::bytes(bytes, other, draw);
    }
}

fn bytes_of(entry: &Entry) -> Option<&Vec<u8>> {
    match entry {
        Entry::File(bytes) => Some(bytes),
        _ => None,
    }
}
