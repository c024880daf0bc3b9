//! The doctor as a program sees it, from recorded runs and from its README.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod course;
mod planted;
mod readme;
mod recorded;
mod runs;
