//! What became of several trainings.

use std::fmt;

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    Finished,
    FinishedBefore,
    Elsewhere,
    Failed,
    Interrupted,
}

/// What became of the trainings of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Came to their end.
    pub finished: usize,
    /// Were at their end before.
    pub finished_before: usize,
    /// Are trained by another process.
    pub elsewhere: usize,
    /// The names of those that failed.
    pub failed: Vec<String>,
    /// Whether an early end was asked for, and something is left to do.
    pub is_interrupted: bool,
}

impl Tally {
    /// What a program exits with after an early end: `EX_TEMPFAIL`, "try again".
    pub const TRY_AGAIN: u8 = 75;

    pub(crate) fn count(&mut self, name: &str, became: Became) {
        match became {
            Became::Finished => self.finished += 1,
            Became::FinishedBefore => self.finished_before += 1,
            Became::Elsewhere => self.elsewhere += 1,
            Became::Failed => self.failed.push(name.to_owned()),
            Became::Interrupted => self.is_interrupted = true,
        }
    }

    /// [`TRY_AGAIN`](Self::TRY_AGAIN) where it was stopped early, 1 where a training failed, otherwise 0.
    pub fn exit_code(&self) -> u8 {
        match (self.is_interrupted, self.failed.is_empty()) {
            (true, _) => Self::TRY_AGAIN,
            (false, false) => 1,
            (false, true) => 0,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finished, finished_before, elsewhere, failed, is_interrupted } = self;
        write!(f, "{finished} finished")?;
        for (count, what) in
            [(finished_before, "finished before"), (elsewhere, "trained elsewhere")]
        {
            if *count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        if !failed.is_empty() {
            write!(f, ", {} failed ({})", failed.len(), failed.join(", "))?;
        }
        if *is_interrupted {
            f.write_str("; stopped early: start it again to go on")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_asks_to_be_tried_again_before_it_tells_of_failures() {
        let mut tally = Tally::default();
        tally.count("a", Became::Finished);
        assert_eq!((tally.exit_code(), tally.to_string()), (0, "1 finished".to_owned()));
        tally.count("b", Became::Failed);
        tally.count("c", Became::FinishedBefore);
        tally.count("d", Became::Elsewhere);
        assert_eq!(tally.exit_code(), 1);
        let words = "1 finished, 1 finished before, 1 trained elsewhere, 1 failed (b)";
        assert_eq!(tally.to_string(), words);
        tally.count("e", Became::Interrupted);
        assert_eq!(tally.exit_code(), 75);
        assert!(tally.to_string().ends_with("; stopped early: start it again to go on"));
    }
}
