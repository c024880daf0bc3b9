//! Claims: what an experiment's file says of its results, as data that a program can check.
//!
//! A claim is read from the file ([`stated`], [`moment`]) and judged ([`mod@judge`]) by what was measured
//! ([`evidence`], [`training`]): seed by seed, by the exact rank-sum test ([`rank_sum`]) or by a rank
//! correlation ([`correlation`]).

mod correlation;
mod entry;
mod evidence;
mod judge;
mod moment;
mod rank_sum;
mod ranks;
mod report;
mod stated;
mod training;

pub(crate) use entry::ClaimEntry;
pub(crate) use evidence::Evidence;
pub(crate) use judge::{Figures, State, Verdict, judge};
pub(crate) use moment::Moment;
pub(crate) use report::{Judged, Tally};
pub(crate) use stated::{Bound, Claim, Condition, First, Other, Reading, Side};
#[cfg(test)]
pub(crate) use training::Measurement;
pub(crate) use training::Training;
