//! The crate from outside: every dataset, every error, on real files in temporary folders.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its files has failed")]

mod batches;
mod errors;
mod image_classes;
mod image_files;
mod image_folder;
mod jpeg_folder;
mod mnist;
mod mnist_folder;
mod points;
mod stacked_mnist;
mod tables;
