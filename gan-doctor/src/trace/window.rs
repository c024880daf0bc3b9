//! A stretch of a run.

use std::fmt;

use serde::Serialize;

/// The stretch of a series that a number was computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// Its first step.
    pub from: u64,
    /// Its last step.
    pub to: u64,
    /// How many points of the series it holds.
    pub points: usize,
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, points } = self;
        let plural = if *points == 1 { "" } else { "s" };
        write!(f, "steps {from} to {to}, {points} point{plural}")
    }
}
