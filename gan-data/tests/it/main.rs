//! The crate from outside: every dataset, every error, on real files in temporary folders.

mod batches;
mod errors;
mod image_folder;
mod mnist;
mod mnist_folder;
mod points;
