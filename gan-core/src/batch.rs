//! Mini-batches: where real ones come from, and the micro-batches that an update is made of.

mod drawn;
pub(crate) mod micro_batch;
mod part;
mod prefetch;

pub use gan_batch::{Batch, BatchSource};

pub use drawn::Drawn;
pub use micro_batch::{Fakes, MicroBatch};
pub use part::Part;
pub use prefetch::Prefetch;
