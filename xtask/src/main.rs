//! Named experiments and checks.
fn main() {}
