//! Reports made of run folders that the tests write.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot make its files or start the program has failed"
)]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod browser;
mod damage;
mod escaping;
mod fixture;
mod one_run;
mod several_runs;
mod size;
