//! Divergences and distances between probability distributions, in f64, with stated edge cases.
