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

/// Runs them in the programs of the first round of tests, which have both backends.
///
/// # Errors
/// They cannot be built, or a test fails.
pub(super) fn check(tally: &mut Tally) -> anyhow::Result<()> {
    let mut build = cargo(&["test", "--no-run", "--workspace", "--locked"]);
    let mut programs = artifact::tests(build.args(["--lib", "--bins", "--tests"]))?;
    programs.retain(|program| arguments(program).is_some());
    ensure!(programs.len() > 2, "cargo built {} programs with such tests", programs.len());
    for program in &programs {
        let mut command = Command::new(&program.path);
        command.current_dir(&program.folder).env("BURN_DEVICE", "ndarray");
        run_tests(command.args(arguments(program).into_iter().flatten()), tally)?;
    }
    Ok(())
}

/// Which of its tests are run, if any.
fn arguments(program: &TestProgram) -> Option<Vec<&'static str>> {
    match program.package().to_str()? {
        "gan-cli" if program.name == "it" => Some([&COMPUTING[..], &["--skip", LONG]].concat()),
        "gan-cli" => Some(Vec::new()),
        "gan-core" | "gan-models" => Some(RECORDED.to_vec()),
        _ => None,
    }
}
