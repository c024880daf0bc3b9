//! The gradient of one use of a map, until that of the other is there.
//!
//! A node that is used twice gets two gradients, which Burn adds up by its own operation: slow for
//! the memory layout of the kernels. So the second use hands its gradient to the first one, which
//! adds both and is the only one that the node hears of.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

/// A place for one gradient, shared by the two uses of a map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stash(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

impl Stash {
    /// Leaves a gradient.
    pub(super) fn put<T: Any + Send>(&self, gradient: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(gradient));
    }

    /// The gradient that was left, if there is one.
    pub(super) fn take<T: Any>(&self) -> Option<T> {
        let gradient = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        gradient.downcast().ok().map(|gradient| *gradient)
    }
}
