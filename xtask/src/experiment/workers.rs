//! A worker pool: several trainings at once.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::thread;

use crate::experiment::Launched;

/// Does `work` on every item, on at most `n_workers` of them at once, in their order.
///
/// After an error or an interruption no further item is begun; those under way come to their end.
///
/// # Errors
/// The first that the work returned.
pub(crate) fn each<T: Sync>(
    n_workers: NonZeroUsize,
    items: &[T],
    work: impl Fn(usize, &T) -> anyhow::Result<Launched> + Sync,
) -> anyhow::Result<Launched> {
    let waiting = Mutex::new(items.iter().enumerate());
    let ending = Mutex::new(Ok(Launched::Finished));
    // A function of its own, so that the lock is free again before the work begins.
    let next = || lock(&waiting).next();
    let worker = || {
        while let Some((idx, item)) = next() {
            if !matches!(*lock(&ending), Ok(Launched::Finished)) {
                break;
            }
            let result = work(idx, item);
            let mut ending = lock(&ending);
            if matches!(*ending, Ok(Launched::Finished)) {
                *ending = result;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..n_workers.get().min(items.len()) {
            scope.spawn(worker);
        }
    });
    ending.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Neither value is ever left half changed, not by a worker that panicked either.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use anyhow::bail;

    use super::*;

    const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

    #[test]
    fn every_item_is_worked_on_once() {
        let done: Vec<AtomicUsize> = (0..20).map(|_| AtomicUsize::new(0)).collect();
        let ending = each(TWO, &done, |_, item| {
            item.fetch_add(1, Ordering::SeqCst);
            Ok(Launched::Finished)
        });
        assert_eq!(ending.unwrap(), Launched::Finished);
        assert!(done.iter().all(|item| item.load(Ordering::SeqCst) == 1));
    }

    /// Each of the two items waits for the other: one after the other they would wait forever.
    #[test]
    fn two_workers_work_at_the_same_time() {
        let both = std::sync::Barrier::new(2);
        let ending = each(TWO, &[0, 1], |_, _| {
            both.wait();
            Ok(Launched::Finished)
        });
        assert_eq!(ending.unwrap(), Launched::Finished);
    }

    #[test]
    fn an_error_and_an_interruption_end_it() {
        let begun = AtomicUsize::new(0);
        let failing = |idx: usize, _: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            if idx == 1 { bail!("item {idx}") } else { Ok(Launched::Finished) }
        };
        let error = each(NonZeroUsize::MIN, &[0; 9], failing).unwrap_err();
        assert_eq!((error.to_string(), begun.load(Ordering::SeqCst)), ("item 1".to_owned(), 2));
        let interrupted = each(TWO, &[0; 9], |_, _| Ok(Launched::Interrupted));
        assert_eq!(interrupted.unwrap(), Launched::Interrupted);
    }
}
