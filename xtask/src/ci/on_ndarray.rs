//! The tests on a second backend: all of the program's, and what was recorded from PyTorch.

use std::process::Command;

use anyhow::ensure;

use crate::artifact::{self, TestProgram};
use crate::step::run_tests;
use crate::tally::Tally;
use crate::workspace::cargo;

/// The tests of the libraries that compare with numbers of PyTorch.
const RECORDED: [&str; 3] = ["penalty", "constraint", "fixtures"];

/// Builds them together, because every set of packages has features of its own, and with them a build of
/// Burn of its own; then runs them.
///
/// # Errors
/// They cannot be built, or a test fails.
pub(super) fn check(tally: &mut Tally) -> anyhow::Result<()> {
    let packages = ["test", "--no-run", "-p", "gan-cli", "-p", "gan-core", "-p", "gan-models"];
    let features = ["--no-default-features", "--features", "gan-cli/ndarray", "--locked"];
    let mut build = cargo(&packages);
    let programs = artifact::tests(build.args(features).args(["--lib", "--bins", "--tests"]))?;
    ensure!(programs.len() > 2, "cargo built {} programs with tests", programs.len());
    for program in &programs {
        run_tests(&mut command(program), tally)?;
    }
    Ok(())
}

fn command(program: &TestProgram) -> Command {
    let mut command = Command::new(&program.path);
    command.current_dir(&program.folder);
    if program.package() != "gan-cli" {
        command.args(RECORDED).env("BURN_DEVICE", "ndarray");
    }
    command
}
