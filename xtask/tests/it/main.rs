//! The program `xtask` as a user calls it.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

#[cfg(unix)]
mod course;
#[cfg(unix)]
mod experiment;
#[cfg(unix)]
mod kept;
#[cfg(unix)]
mod stand_in;
#[cfg(unix)]
mod suite;
mod usage;
