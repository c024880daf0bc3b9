//! The `gan` program.
fn main() {}
