//! `cargo xtask test`: every test of the workspace, summed up in one line.

use crate::report::Report;
use crate::step::{run_tests, timed};
use crate::workspace::{cargo, succeeds};

/// Runs the tests and prints their sum as the last line, whether they passed or not.
///
/// # Errors
/// A test failed or could not be built.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut report = Report::default();
    let result = run_into(&mut report);
    report.close();
    result
}

/// The same as part of a longer series, with its own closing line.
///
/// # Errors
/// A test failed or could not be built. The tests that ran are counted all the same.
pub(crate) fn run_into(report: &mut Report) -> anyhow::Result<()> {
    let tally = &mut report.tally;
    if succeeds(&mut cargo(&["nextest", "--version"])) {
        let nextest =
            ["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--no-tests=pass"];
        timed("tests", || run_tests(&mut cargo(&nextest), tally))?;
        let doc = ["test", "--doc", "--workspace", "--locked", "--no-fail-fast"];
        timed("doc tests", || run_tests(&mut cargo(&doc), tally))
    } else {
        let all = ["test", "--workspace", "--locked", "--no-fail-fast"];
        timed("tests and doc tests", || run_tests(&mut cargo(&all), tally))
    }
}
