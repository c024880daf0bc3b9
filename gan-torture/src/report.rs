//! How often each format was read, and how that ended.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::oracle::Verdict;

/// A fault and how to see it again.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// The format.
    pub(crate) format: &'static str,
    /// The number of the case.
    pub(crate) case: u64,
    /// What happened.
    pub(crate) what: String,
    /// The path of the input.
    pub(crate) kept: PathBuf,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, case, what, kept } = self;
        write!(f, "FAULT --format {format} --case {case}: {what}; input in {}", kept.display())
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    accepted: u64,
    refused: u64,
    faults: u64,
}

impl Counts {
    fn executions(self) -> u64 {
        self.accepted + self.refused + self.faults
    }
}

/// Counts by format.
#[derive(Debug, Default)]
pub(crate) struct Report {
    counts: BTreeMap<usize, (&'static str, Counts)>,
    /// Time from beginning to end.
    pub(crate) time: Duration,
}

impl Report {
    /// One case of the format with this index and name has ended.
    pub(crate) fn add(&mut self, index: usize, name: &'static str, verdict: &Verdict) {
        let (_, counts) = self.counts.entry(index).or_insert((name, Counts::default()));
        match verdict {
            Verdict::Accepted => counts.accepted += 1,
            Verdict::Refused => counts.refused += 1,
            Verdict::Fault(_) => counts.faults += 1,
        }
    }

    /// Faults of all formats.
    pub(crate) fn n_faults(&self) -> u64 {
        self.counts.values().map(|(_, counts)| counts.faults).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sum = Counts::default();
        writeln!(f, "| Format | executions | accepted | refused | faults |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        let mut row = |name: &str, counts: Counts| {
            let Counts { accepted, refused, faults } = counts;
            let executions = counts.executions();
            writeln!(f, "| {name} | {executions} | {accepted} | {refused} | {faults} |")
        };
        for &(name, counts) in self.counts.values() {
            row(name, counts)?;
            sum.accepted += counts.accepted;
            sum.refused += counts.refused;
            sum.faults += counts.faults;
        }
        row("all", sum)?;
        write!(f, "\n{} executions, ", sum.executions())?;
        write!(f, "{} faults, {:.0} s", sum.faults, self.time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up() {
        let mut report = Report::default();
        report.add(1, "npy", &Verdict::Refused);
        report.add(0, "csv", &Verdict::Accepted);
        report.add(0, "csv", &Verdict::Fault("panic".to_owned()));
        assert_eq!(report.n_faults(), 1);
        let text = report.to_string();
        let rows =
            ["| csv | 2 | 1 | 0 | 1 |", "| npy | 1 | 0 | 1 | 0 |", "| all | 3 | 1 | 1 | 1 |"];
        assert!(text.contains(&rows.join("\n")), "{text}");
        assert!(text.ends_with("3 executions, 1 faults, 0 s"), "{text}");
    }
}
