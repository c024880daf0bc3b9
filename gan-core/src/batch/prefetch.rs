//! Prefetching of real mini-batches on a background thread.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::batch::{Batch, BatchSource};

/// Batches that wait in the channel; one more waits in the thread's hands.
const IN_THE_CHANNEL: usize = 1;

/// The batches of another source, drawn ahead by a thread: while a step is computed, the next two
/// batches are shuffled, gathered and scaled.
///
/// They come in the source's order, its errors in their places. The position is that of the last
/// batch handed out, however many more were drawn, so that a checkpoint holds what was seen. A
/// panic in the source is propagated to the caller of `next_batch`. Dropping it ends the thread, after
/// the batch that it is at.
///
/// Handing a batch over costs some ten microseconds, so it pays where making one costs more:
/// images do, points do not.
///
/// # Example
/// ```
/// use burn::tensor::Device;
/// use gan_core::batch::{Batch, BatchSource, Drawn, Prefetch};
/// use gan_core::latent::LatentPrior;
/// use gan_core::seed::Seed;
///
/// let drawn = || Drawn::new(Seed(1).stream("data"), 4, 100, |rng| {
///     Batch::unlabeled(LatentPrior::Normal.draw([4, 2], rng, &Device::default()))
/// });
/// let (mut here, mut ahead) = (drawn(), Prefetch::<_, 2>::new(drawn()));
/// for _ in 0..3 {
///     let (one, same) = (here.next_batch()?, ahead.next_batch()?);
///     assert_eq!(one.samples.into_data(), same.samples.into_data());
/// }
/// assert_eq!(ahead.position(), 3);
/// # Ok::<(), std::convert::Infallible>(())
/// ```
pub struct Prefetch<S: BatchSource<D>, const D: usize> {
    /// `None` only while the thread is being replaced, and after it has panicked.
    drawing: Option<Drawing<S, D>>,
    position: u64,
    batch_size: usize,
    batches_per_epoch: u64,
}

/// A batch, and the source's position after it.
type Drawn<S, const D: usize> = (Result<Batch<D>, <S as BatchSource<D>>::Error>, u64);

/// A source at work.
enum Drawing<S: BatchSource<D>, const D: usize> {
    /// On a thread.
    Ahead { batches: Receiver<Drawn<S, D>>, thread: JoinHandle<S> },
    /// Here, when it is asked: the system has no thread to give.
    Here(S),
}

impl<S, const D: usize> Drawing<S, D>
where
    S: BatchSource<D> + Send + 'static,
{
    fn begin(source: S) -> Self {
        let (give, given) = sync_channel::<S>(1);
        let (sender, batches) = sync_channel(IN_THE_CHANNEL);
        let draw = move || match given.recv() {
            Ok(source) => draw_until_nobody_waits(source, &sender),
            Err(_) => unreachable!("a thread that was started is given its source"),
        };
        // The source is handed over once there is a thread, for it would be lost with one that
        // cannot be started.
        match thread::Builder::new().name("batches".to_owned()).spawn(draw) {
            Ok(thread) => match give.send(source) {
                Ok(()) => Self::Ahead { batches, thread },
                Err(SendError(source)) => Self::Here(source),
            },
            Err(_) => Self::Here(source),
        }
    }
}

impl<S: BatchSource<D>, const D: usize> Drawing<S, D> {
    /// The source, possibly some batches further on; or what it panicked with.
    fn end(self) -> thread::Result<S> {
        match self {
            Self::Ahead { batches, thread } => {
                drop(batches);
                thread.join()
            }
            Self::Here(source) => Ok(source),
        }
    }
}

fn draw_until_nobody_waits<S: BatchSource<D>, const D: usize>(
    mut source: S,
    sender: &SyncSender<Drawn<S, D>>,
) -> S {
    loop {
        let batch = source.next_batch();
        if sender.send((batch, source.position())).is_err() {
            return source;
        }
    }
}

impl<S, const D: usize> Prefetch<S, D>
where
    S: BatchSource<D> + Send + 'static,
{
    /// Begin to draw from `source`, from where it is. Where the system cannot start a thread, batches
    /// are drawn when they are asked for.
    pub fn new(source: S) -> Self {
        Self {
            position: source.position(),
            batch_size: source.batch_size(),
            batches_per_epoch: source.batches_per_epoch(),
            drawing: Some(Drawing::begin(source)),
        }
    }

    /// The source, taken back from its thread; if it panicked there, the panic is resumed here.
    fn take_back(&mut self) -> S {
        match self.drawing.take().map(Drawing::end) {
            Some(Ok(source)) => source,
            Some(Err(panic)) => resume_unwind(panic),
            None => panic!("the source of batches panicked earlier"),
        }
    }
}

impl<S, const D: usize> BatchSource<D> for Prefetch<S, D>
where
    S: BatchSource<D> + Send + 'static,
{
    type Error = S::Error;

    /// # Panics
    /// If the source panicked.
    fn next_batch(&mut self) -> Result<Batch<D>, S::Error> {
        let drawn = match &mut self.drawing {
            Some(Drawing::Ahead { batches, .. }) => batches.recv().ok(),
            Some(Drawing::Here(source)) => {
                let batch = source.next_batch();
                Some((batch, source.position()))
            }
            None => None,
        };
        let Some((batch, position)) = drawn else {
            self.take_back();
            unreachable!("a thread that has not panicked hands batches over while it is asked")
        };
        self.position = position;
        batch
    }

    fn batch_size(&self) -> usize {
        self.batch_size
    }

    fn batches_per_epoch(&self) -> u64 {
        self.batches_per_epoch
    }

    fn position(&self) -> u64 {
        self.position
    }

    /// # Panics
    /// If the source panicked.
    fn seek(&mut self, position: u64) {
        let mut source = self.take_back();
        source.seek(position);
        self.position = position;
        self.drawing = Some(Drawing::begin(source));
    }
}

impl<S: BatchSource<D>, const D: usize> Drop for Prefetch<S, D> {
    fn drop(&mut self) {
        // The batch that it may have panicked at was never requested.
        let _ = self.drawing.take().map(Drawing::end);
    }
}

impl<S: BatchSource<D>, const D: usize> fmt::Debug for Prefetch<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prefetch")
            .field("position", &self.position)
            .field("batch_size", &self.batch_size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use burn::tensor::{Device, Tensor};

    use super::*;

    #[derive(Debug, PartialEq, thiserror::Error)]
    #[error("batch {0} cannot be read")]
    struct Unreadable(u64);

    /// Batches that are their own number; batch 5 cannot be read, batch 8 panics.
    struct Counting {
        position: u64,
        drawn: Arc<AtomicU64>,
    }

    impl BatchSource<1> for Counting {
        type Error = Unreadable;

        fn next_batch(&mut self) -> Result<Batch<1>, Unreadable> {
            let number = self.position;
            self.position += 1;
            self.drawn.fetch_add(1, Ordering::SeqCst);
            match number {
                5 => Err(Unreadable(5)),
                8 => panic!("batch 8"),
                _ => Ok(Batch::unlabeled(Tensor::full([1], number as f32, &Device::flex()))),
            }
        }

        fn batch_size(&self) -> usize {
            1
        }

        fn batches_per_epoch(&self) -> u64 {
            10
        }

        fn position(&self) -> u64 {
            self.position
        }

        fn seek(&mut self, position: u64) {
            self.position = position;
        }
    }

    fn ahead() -> (Prefetch<Counting, 1>, Arc<AtomicU64>) {
        let drawn = Arc::new(AtomicU64::new(0));
        (Prefetch::new(Counting { position: 0, drawn: Arc::clone(&drawn) }), drawn)
    }

    fn number(source: &mut Prefetch<Counting, 1>) -> Result<u64, Unreadable> {
        source.next_batch().map(|batch| batch.samples.into_scalar::<f32>() as u64)
    }

    /// What there is where the system has no thread to give.
    #[test]
    fn without_a_thread_the_same_batches_are_drawn_when_they_are_asked_for() {
        let (mut ahead, _) = ahead();
        let drawn = Arc::new(AtomicU64::new(0));
        let mut here = Prefetch {
            drawing: Some(Drawing::Here(Counting { position: 0, drawn: Arc::clone(&drawn) })),
            position: 0,
            batch_size: 1,
            batches_per_epoch: 10,
        };
        for _ in 0..7 {
            assert_eq!(number(&mut here), number(&mut ahead));
            assert_eq!(here.position(), ahead.position());
        }
        assert_eq!(drawn.load(Ordering::SeqCst), 7);
    }

    #[test]
    fn batches_and_errors_come_in_the_order_of_the_source() {
        let (mut ahead, _) = ahead();
        let found: Vec<_> = (0..7).map(|_| number(&mut ahead)).collect();
        assert_eq!(found, [Ok(0), Ok(1), Ok(2), Ok(3), Ok(4), Err(Unreadable(5)), Ok(6)]);
    }

    #[test]
    fn the_position_is_what_was_handed_out_and_no_more_than_two_are_drawn_ahead() {
        let (mut ahead, drawn) = ahead();
        for asked in 0..4 {
            assert_eq!(ahead.position(), asked);
            assert_eq!(number(&mut ahead), Ok(asked));
            assert!(drawn.load(Ordering::SeqCst) <= asked + 1 + 2);
        }
        assert_eq!((ahead.position(), ahead.batch_size(), ahead.batches_per_epoch()), (4, 1, 10));
    }

    #[test]
    fn seeking_forgets_what_was_drawn_ahead() {
        let (mut ahead, _) = ahead();
        assert_eq!(number(&mut ahead), Ok(0));
        ahead.seek(0);
        assert_eq!((ahead.position(), number(&mut ahead)), (0, Ok(0)));
        ahead.seek(6);
        assert_eq!((ahead.position(), number(&mut ahead)), (6, Ok(6)));
    }

    #[test]
    fn dropping_it_ends_the_thread() {
        let (ahead, drawn) = ahead();
        drop(ahead);
        // The thread held the other one.
        assert_eq!(Arc::strong_count(&drawn), 1);
    }

    #[test]
    fn a_panic_of_the_source_goes_on_at_its_place() {
        let (mut ahead, _) = ahead();
        ahead.seek(6);
        assert_eq!([number(&mut ahead), number(&mut ahead)], [Ok(6), Ok(7)]);
        let caught = catch_unwind(AssertUnwindSafe(|| number(&mut ahead))).unwrap_err();
        assert_eq!(caught.downcast_ref(), Some(&"batch 8"));
    }
}
