//! The program from outside: what it takes, what it refuses, what it leaves behind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot make its files or start the program has failed"
)]

mod best;
mod branch;
mod config;
mod data_files;
#[cfg(feature = "flex")]
mod determinism;
mod divergence;
mod doctor;
mod duality;
mod duality_gap;
mod evaluation;
// Recorded on x86-64; other processors may round a sum in another order.
#[cfg(all(feature = "flex", target_arch = "x86_64"))]
mod golden;
mod image_evaluation;
mod image_files;
mod interchange;
mod interpolate;
#[cfg(unix)]
mod locks;
mod output;
mod own_data;
mod program;
mod ranks;
#[cfg(unix)]
mod report;
mod resume;
mod rules;
mod run_folder;
#[cfg(unix)]
mod running;
#[cfg(unix)]
mod runs;
mod sample_files;
mod samples;
#[cfg(unix)]
mod signals;
mod stacked;
#[cfg(unix)]
mod start_or_go_on;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod sweep;
#[cfg(target_os = "linux")]
mod threads;
mod usage;
