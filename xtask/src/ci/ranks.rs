//! Trainings over several processes, where there is an MPI library to build and a launcher to start them.

use std::env;
use std::process::Command;

use crate::report::Report;
use crate::step::{output, run_tests, timed};
use crate::workspace::{cargo, succeeds};

/// Builds the program with the feature `mpi` and runs its tests under `mpirun`.
///
/// # Errors
/// A test failed, or the program could not be built.
pub(crate) fn check(report: &mut Report) -> anyhow::Result<()> {
    if let Some(missing) = missing() {
        report.skip("ranks over MPI", missing);
        return Ok(());
    }
    // The whole workspace, so that nothing beneath the program is built with other features.
    let tests = ["test", "--workspace", "--locked", "--features", "gan-cli/mpi", "--test", "it"];
    let mut command = cargo(&tests);
    command.args(["--no-fail-fast", "--", "ranks::over_mpi"]);
    timed("ranks over MPI", || run_tests(&mut command, &mut report.tally))
}

/// What it takes and is not here.
fn missing() -> Option<&'static str> {
    let is_there = |program: &str| succeeds(Command::new(program).arg("--version"));
    if !is_there("mpicc") || !is_there("mpirun") {
        return Some("no MPI library with mpicc and mpirun (Debian: openmpi-bin, libopenmpi-dev)");
    }
    let libraries = output(Command::new("ldconfig").arg("-p")).unwrap_or_default();
    let has_libclang = env::var_os("LIBCLANG_PATH").is_some() || libraries.contains("libclang");
    (!has_libclang)
        .then_some("no libclang, which its bindings are made with (Debian: libclang-dev)")
}
