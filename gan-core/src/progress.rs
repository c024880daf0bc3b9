//! How far a run has come, how long it takes, and how often something is done in it.

mod cadence;
mod span;

pub use cadence::Cadence;
pub use span::{Progress, Span, SpanError};
