//! The worker process, which reads the inputs: one line before each case and one after it.

use std::fs;
use std::io::{self, Write as _};

use anyhow::Context as _;

use crate::args::Work;
use crate::case::{Case, Kind};
use crate::oracle::{self, Verdict};

/// Read all cases of the work and report how each ended.
///
/// # Errors
/// There is no room for the inputs, or the supervisor is gone.
pub(crate) fn run(work: &Work) -> anyhow::Result<()> {
    let format = work.format;
    oracle::record_panics();
    let scratch = tempfile::tempdir().context("cannot make a folder for the inputs")?;
    let seeds = (format.seeds)();
    let mut digests: Vec<Option<String>> = vec![None; seeds.len()];
    for number in work.cases.clone() {
        // Large inputs take their time to make, which is not that of the reader.
        let case = Case::of(format, &seeds, number);
        if case.kind != Kind::Mutated && digests[case.seed].is_none() {
            let folder = scratch.path().join("seed");
            seeds[case.seed].write(&folder)?;
            let read = (format.read)(&folder).map(|reading| reading.digest);
            digests[case.seed] = Some(read.unwrap_or_default());
            let _ = fs::remove_dir_all(&folder);
        }
        let folder = scratch.path().join("input");
        case.input.write(&folder).context("cannot write an input")?;
        say(BEGUN)?;
        let expected = digests[case.seed].as_deref().unwrap_or_default();
        let verdict = oracle::verdict(format, case.kind, expected, &folder);
        let _ = fs::remove_dir_all(&folder);
        say(&end_line(&verdict))?;
    }
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Printed before an input is read.
const BEGUN: &str = "begin";

fn end_line(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Refused => "refused".to_owned(),
        Verdict::Fault(text) => format!("fault {}", shortened(text)),
    }
}

/// Characters of a fault's description that are kept.
const LONGEST: usize = 400;

/// On one line, with control characters escaped.
pub(crate) fn shortened(text: &str) -> String {
    let escaped: String = text
        .chars()
        .take(LONGEST)
        .map(|character| match character.is_control() {
            true => character.escape_default().to_string(),
            false => character.to_string(),
        })
        .collect();
    let is_cut = text.chars().count() > LONGEST;
    if is_cut { escaped + "…" } else { escaped }
}

/// What a worker has reported.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    /// It begins to read the input of a case.
    Begun,
    /// It is through with the case.
    Ended(Verdict),
}

impl Said {
    /// The meaning of a line.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        if line == BEGUN {
            return Some(Self::Begun);
        }
        Some(Self::Ended(match line.strip_prefix("fault ") {
            Some(text) => Verdict::Fault(text.to_owned()),
            None if line == "accepted" => Verdict::Accepted,
            None if line == "refused" => Verdict::Refused,
            None => return None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood() {
        assert_eq!(Said::parse(BEGUN), Some(Said::Begun));
        for verdict in [Verdict::Accepted, Verdict::Refused, Verdict::Fault("a b".to_owned())] {
            assert_eq!(Said::parse(&end_line(&verdict)), Some(Said::Ended(verdict)));
        }
        assert_eq!(Said::parse("something else"), None);
    }

    #[test]
    fn a_fault_is_one_short_line() {
        assert_eq!(shortened("a\nb\u{1b}"), "a\\nb\\u{1b}");
        assert_eq!(shortened(&"x".repeat(500)).chars().count(), LONGEST + 1);
    }
}
