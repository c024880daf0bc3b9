//! The order of the checks.

use std::process::Command;
use std::time::Instant;

use crate::ci::{
    aarch64, backends, edges, examples, files, manifest, on_ndarray, outside, packages, ranks,
    readme,
};
use crate::pages::{self, Pages};
use crate::report::Report;
use crate::step::{run as run_command, run_tests, timed};
use crate::suite;
use crate::survival;
use crate::tally::Tally;
use crate::torture;
use crate::workspace::{LINT, cargo, root, succeeds};

/// Runs every check; the last line of a success is the sum of all tests.
///
/// # Errors
/// The first check that fails, by name.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut report = Report::default();
    let begin = Instant::now();
    let result = texts(&mut report).and_then(|()| builds(&mut report));
    say!("time of all steps: {:.0} s", begin.elapsed().as_secs_f64());
    if result.is_ok() || report.tally != Tally::default() {
        report.close();
    }
    result
}

/// What can be checked without building the workspace.
fn texts(report: &mut Report) -> anyhow::Result<()> {
    step("formatting", &["fmt", "--all", "--check"])?;
    timed("file names and sizes", files::check)?;
    timed("crate edges", || edges::check(&manifest::Manifest::read()?))?;
    timed("experiments", readme::check_experiments)?;
    timed("commands in README.md", readme::check_xtask_commands)?;
    timed("the course's pages", || pages::check(&Pages::default()))?;
    timed("package sizes", packages::sizes)?;
    packages::rehearse(report)?;
    if succeeds(Command::new("typos").arg("--version")) {
        timed("spelling", || run_command(Command::new("typos").current_dir(root())))?;
    } else {
        report.skip("spelling", "typos is not installed");
    }
    if succeeds(&mut cargo(&["deny", "--version"])) {
        // Advisories would need a database from the network, which this command does without.
        step("licenses and sources", &["deny", "--locked", "check", "bans", "licenses", "sources"])
    } else {
        report.skip("licenses and sources", "cargo-deny is not installed");
        Ok(())
    }
}

/// What has to be built. The steps with the default features come first and together, so that
/// Burn is built for them once; each backend after them builds the parts that it changes.
fn builds(report: &mut Report) -> anyhow::Result<()> {
    timed("gan-divergence without std", || {
        let bare = ["check", "-p", "gan-divergence", "--no-default-features", "--locked"];
        run_command(cargo(&bare).args(LINT))
    })?;
    timed("clippy", || {
        let all = ["clippy", "--workspace", "--all-targets", "--locked"];
        run_command(cargo(&all).args(LINT).args(["--", "-D", "warnings"]))
    })?;
    timed("docs", || {
        let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
        run_command(command.args(LINT).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    backends::check(report)?;
    aarch64::check(report)?;
    suite::run_into(report)?;
    with_parquet(report)?;
    ranks::check(report)?;
    timed("examples", examples::check)?;
    timed("a crate outside the workspace", outside::check)?;
    timed("commands of gan in README.md", readme::check_gan_commands)?;
    survival::all_for_a_minute(report)?;
    torture::files_for_a_minute()?;
    timed("tests on ndarray", || on_ndarray::check(&mut report.tally))
}

/// The tables that no default build has.
fn with_parquet(report: &mut Report) -> anyhow::Result<()> {
    let lints = ["clippy", "-p", "gan-events", "--all-targets", "--all-features", "--locked"];
    timed("clippy with Parquet", || {
        run_command(cargo(&lints).args(LINT).args(["--", "-D", "warnings"]))
    })?;
    let tests = ["test", "-p", "gan-events", "--all-features", "--locked", "--no-fail-fast"];
    timed("tests with Parquet", || run_tests(&mut cargo(&tests), &mut report.tally))
}

fn step(title: &str, args: &[&str]) -> anyhow::Result<()> {
    timed(title, || run_command(&mut cargo(args)))
}
