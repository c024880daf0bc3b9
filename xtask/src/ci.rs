//! `cargo xtask ci`: every check that a change has to pass, cheapest first.

mod aarch64;
mod backends;
mod edges;
mod examples;
mod files;
mod manifest;
mod on_ndarray;
mod outside;
mod packages;
mod ranks;
mod readme;
mod run;

pub(crate) use run::run;
