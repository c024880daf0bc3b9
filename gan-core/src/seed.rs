//! One seed, many independent streams of random numbers.

mod rng_key;

pub use gan_batch::{Seed, Stream, shuffle};

pub use rng_key::RngKey;
