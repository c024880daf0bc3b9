//! What stays of `metrics.jsonl` when a run resumes from a checkpoint.

use std::path::{Path, PathBuf};

use gan_run::MetricsLine;

use super::{Due, bytes_of};

/// The lines up to a checkpoint.
pub(super) struct Continued {
    pub(super) kept: Vec<u8>,
    steps: Vec<u64>,
    /// The numbers of the lines before the end that are damaged or out of their order, from 1 on.
    pub(super) damaged: Vec<usize>,
}

impl Continued {
    pub(super) fn of(bytes: &[u8], step: u64, due: &Due) -> anyhow::Result<Self> {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        let parsed: Vec<Option<MetricsLine>> = lines.iter().map(|line| whole(line)).collect();
        let is_before =
            |found: &Option<MetricsLine>| found.as_ref().is_some_and(|line| line.step <= step);
        // What comes after the last line of the checkpoint is the tail, torn or not.
        let end = parsed.iter().rposition(is_before).map_or(0, |last| last + 1);
        let mut continued = Self { kept: Vec::new(), steps: Vec::new(), damaged: Vec::new() };
        for (idx, (line, found)) in lines.iter().zip(parsed).take(end).enumerate() {
            match found.filter(|found| found.step <= step && continued.follows(found.step)) {
                Some(found) => continued.keep(line, found, due)?,
                None => continued.damaged.push(idx + 1),
            }
        }
        Ok(continued)
    }

    /// Keep of a line what is due: the last line of a run that has become longer has more.
    fn keep(&mut self, line: &[u8], mut found: MetricsLine, due: &Due) -> anyhow::Result<()> {
        let (step, all) = (found.step, found.numbers.len());
        found.numbers.retain(|(name, _)| due.has(name, step));
        if found.numbers.is_empty() {
            return Ok(());
        }
        if found.numbers.len() == all {
            self.kept.extend_from_slice(line);
        } else {
            self.kept.extend(bytes_of(&found)?);
        }
        self.steps.push(step);
        Ok(())
    }

    fn follows(&self, step: u64) -> bool {
        self.steps.last().is_none_or(|&last| last < step)
    }

    pub(super) fn damage(&self, path: &Path, beside: &Path) -> String {
        let lines: Vec<String> = self.damaged.iter().take(5).map(usize::to_string).collect();
        let more = if self.damaged.len() > 5 { ", …" } else { "" };
        format!(
            "{}: damaged or out of order: line {}{more}; the file as it was is kept as {}",
            path.display(),
            lines.join(", "),
            beside.display()
        )
    }

    /// What is missing of the lines up to `step`, if anything is.
    pub(super) fn missing(&self, step: u64, due: &Due) -> Option<String> {
        let expected: Vec<u64> = (1..=step).filter(|&step| due.logs(step)).collect();
        let lacks = |step: &&u64| self.steps.binary_search(step).is_err();
        let first = expected.iter().find(lacks)?;
        Some(format!(
            "lacks {} of {} lines, the first of them that of step {first}",
            expected.iter().filter(lacks).count(),
            expected.len()
        ))
    }
}

/// The line, if it is whole.
fn whole(line: &[u8]) -> Option<MetricsLine> {
    MetricsLine::parse(line.strip_suffix(b"\n")?)
}

/// `NAME.damaged-1`, `NAME.damaged-2`, …: the first that is free.
pub(super) fn damaged_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let candidates = (1_u32..).map(|n| path.with_file_name(format!("{name}.damaged-{n}")));
    candidates.into_iter().find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}
