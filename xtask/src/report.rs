//! What a series of steps reports at its end: skipped checks and the sum of the tests.

use crate::tally::Tally;

/// Collected while the steps run, printed once after the last of them.
#[derive(Default)]
pub(crate) struct Report {
    /// All tests that ran, by whatever runner.
    pub(crate) tally: Tally,
    skipped: Vec<String>,
}

impl Report {
    /// Prints that something was not checked, and why; it is printed again at the end.
    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        let line = format!("SKIPPED: {what}: {why}");
        say!("==> {line}");
        self.skipped.push(line);
    }

    /// Prints the skipped checks and, as the very last line, `N passed, N failed`.
    pub(crate) fn close(&self) {
        for line in &self.skipped {
            say!("{line}");
        }
        say!("{}", self.tally);
    }
}
