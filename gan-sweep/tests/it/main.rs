//! Sweeps from their file to their table, with a program that stands for `gan`, or is it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot make its files has failed; one that is skipped says so"
)]

mod local;
mod program;
mod signals;
mod slurm;
mod task;
