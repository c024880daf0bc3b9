//! The tests on a second backend: those of the program in which networks compute, and what was recorded from
//! PyTorch.

use std::process::Command;

use anyhow::ensure;

use crate::artifact::{self, TestProgram};
use crate::step::run_tests;
use crate::tally::Tally;
use crate::workspace::cargo;

/// The tests of the libraries that compare with numbers of PyTorch.
const RECORDED: [&str; 3] = ["penalty", "constraint", "fixtures"];

/// The program's tests that depend on what networks compute: a training that goes on, branches, is measured,
/// sampled, imported and exported. What it reads, refuses and prints is the same on every backend.
const COMPUTING: [&str; 6] =
    ["branch::", "evaluation::", "interchange::", "interpolate::", "resume::", "samples::"];
/// Minutes of training of a classifier, with code that knows no backend.
const LONG: &str = "image_evaluation::";

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
    let is_of_program = program.package() == "gan-cli";
    if is_of_program && program.name == "it" {
        command.args(COMPUTING).args(["--skip", LONG]);
    } else if !is_of_program {
        command.args(RECORDED).env("BURN_DEVICE", "ndarray");
    }
    command
}
