//! The progress of a run: how far it has come, its budget, and the cadence of what is done in it.

mod cadence;
mod span;

pub use cadence::Cadence;
pub use span::{Progress, Span, SpanError};
