//! The crate seen from outside: against other libraries, and against the axioms.

#![expect(clippy::unwrap_used, reason = "a failing helper must fail its test")]

mod axioms;
mod reference;
mod sets;
