//! Passed and failed tests, added up from the closing lines of the test runners.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed and how many did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: usize,
    /// Tests that failed, ran out of time or could not be started.
    pub(crate) failed: usize,
}

impl Tally {
    /// What a line of a runner's output adds: nothing, unless it is the runner's closing line.
    pub(crate) fn of_line(line: &str) -> Self {
        let line = without_colors(line);
        let line = line.trim();
        if let Some((_, counts)) = line.strip_prefix("test result:").and_then(|l| l.split_once('.'))
        {
            return Self::of_counts(counts.split(';'));
        }
        let closing = line.strip_prefix("Summary [").and_then(|rest| rest.split_once("run:"));
        match closing {
            Some((_, counts)) => Self::of_counts(without_parentheses(counts).split(',')),
            None => Self::default(),
        }
    }

    fn of_counts<'a>(counts: impl Iterator<Item = &'a str>) -> Self {
        let mut tally = Self::default();
        for count in counts {
            let Some((number, label)) = count.trim().split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match label {
                "passed" => tally.passed += number,
                "failed" | "timed out" | "exec failed" => tally.failed += number,
                _ => {}
            }
        }
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The line without its escape sequences `ESC [ … m`.
fn without_colors(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

/// `3 passed (1 slow, 1 flaky), 1 failed` without what stands between parentheses.
fn without_parentheses(counts: &str) -> String {
    let mut depth = 0_u32;
    let mut plain = String::new();
    for letter in counts.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain.replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(line: &str, passed: usize, failed: usize) {
        assert_eq!(Tally::of_line(line), Tally { passed, failed }, "{line}");
    }

    #[test]
    fn closing_lines_of_cargo_test_count() {
        counts("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out", 5, 0);
        counts("test result: FAILED. 5 passed; 2 failed; 0 ignored; finished in 0.1s\n", 5, 2);
    }

    #[test]
    fn closing_lines_of_nextest_count() {
        counts("     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped", 5, 0);
        counts("     Summary [   9.9s] 1 test run: 1 passed, 3 skipped", 1, 0);
        let mixed = "Summary [ 1s] 9 tests run: 3 passed (1 slow, 1 flaky), 2 failed, \
                     1 timed out (1 leaky), 1 exec failed, 4 skipped";
        counts(mixed, 3, 4);
        counts("Summary [ 1s] 5/10 tests run: 4 passed, 1 failed, 0 skipped", 4, 1);
    }

    #[test]
    fn colors_do_not_hide_a_closing_line() {
        counts("\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] 2 tests run: \u{1b}[1m2 passed", 2, 0);
        counts("test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 4 passed; 0 failed", 4, 0);
    }

    #[test]
    fn other_lines_add_nothing() {
        for line in ["", "running 5 tests", "test a ... ok", "Summary", "5 passed, 1 failed"] {
            counts(line, 0, 0);
        }
    }

    #[test]
    fn tallies_add_up_and_read_well() {
        let mut sum = Tally { passed: 2, failed: 1 };
        sum += Tally { passed: 40, failed: 0 };
        assert_eq!(sum.to_string(), "42 passed, 1 failed");
    }
}
