//! The crate seen from outside: against other libraries, and against the axioms.

mod axioms;
mod reference;
mod sets;
