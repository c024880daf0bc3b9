//! Synchronized batch normalization: by the mean and the variance of a whole batch whose shards are
//! computed apart, each on a thread or in a process of its own.

use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::Arc;

/// A batch that is computed in shards, as one of them sees it.
///
/// All shards run the same layers in the same order, forwards and backwards.
pub trait Shards: Debug + Send + Sync {
    /// How many shards the batch has; each has as many samples.
    fn count(&self) -> usize;

    /// Whether this is the one of this process's shards that moves running statistics.
    fn moves_statistics(&self) -> bool;

    /// The sums over all shards, entry by entry: it waits until every other one has asked for its own.
    fn sum(&self, own: Vec<f32>) -> Vec<f32>;
}

/// A shard's connection to the others.
pub(crate) type SharedShards = Arc<dyn Shards>;

thread_local! {
    static OF_THIS_THREAD: RefCell<Option<SharedShards>> = const { RefCell::new(None) };
}

/// Runs `run` with [`batch_norm`](crate::batch_norm) and
/// [`conditional_batch_norm`](crate::conditional_batch_norm) in training by the statistics of all of
/// `shards`, for the layers called from this thread, and for backward passes through such layers, which
/// have to run within it too.
///
/// With the mean `m` and the variance `v` of each of `S` shards, those of the batch are `M = Σ m / S` and
/// `V = Σ (v + (m − M)²) / S`. A layer asks for two sums forwards (`m`; then the rest) and for one
/// backwards (what reaches `γ` and `β`), of as many numbers as it has channels or twice as many.
///
/// # Panics
/// Where such a layer is differentiated outside of `run`; in a layer that the kernels do not take:
/// [`run_on`](crate::run_on) reports which devices have them, and maps are `[batch, channels]` or
/// `[batch, channels, height, width]`.
///
/// # Source
/// Peng et al. (2018), "MegDet: A large mini-batch object detector", CVPR (arXiv:1711.07240), §4.2.
pub fn synchronize_batch_norm<R>(shards: Arc<dyn Shards>, run: impl FnOnce() -> R) -> R {
    /// Puts back what was before, after a panic too.
    struct Before(Option<SharedShards>);
    impl Drop for Before {
        fn drop(&mut self) {
            OF_THIS_THREAD.set(self.0.take());
        }
    }
    let _before = Before(OF_THIS_THREAD.replace(Some(shards)));
    run()
}

/// Whether this thread's layers are normalized with other shards.
pub fn is_batch_norm_synchronized() -> bool {
    shards_here().is_some()
}

/// The shards that this thread's layers are to be normalized with.
pub(crate) fn shards_here() -> Option<SharedShards> {
    OF_THIS_THREAD.with_borrow(Clone::clone)
}
