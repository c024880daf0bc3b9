//! Fork-join parallelism over parts of a tensor.

mod team;

use std::sync::atomic::{AtomicUsize, Ordering};

use team::Team;

static TEAM: Team = Team::new();

/// Multiply-adds below which a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 2_000_000;
/// A number that is only read and written costs about as much as this many multiply-adds.
pub(crate) const STREAMED: usize = 16;

/// How often a thread comes back for more, if all tasks are alike.
const HANDS: usize = 12;

/// Neighboring tasks of one thread, of which others take what it has not begun when they are done with
/// their own.
#[repr(align(64))]
struct Share {
    next: AtomicUsize,
    end: usize,
}

impl Share {
    /// Does what is left, `few` tasks at a time.
    fn work_off(&self, few: usize, task: &impl Fn(usize)) {
        loop {
            let first = self.next.fetch_add(few, Ordering::Relaxed);
            if first >= self.end {
                return;
            }
            (first..(first + few).min(self.end)).for_each(task);
        }
    }
}

/// Calls `task(i)` once for every `i < tasks`, on several threads if `work` pays for them: on as many
/// as rayon's pool has at the most, for Burn's own operations run there.
///
/// A thread begins with the same part of the tasks in every call, for what it wrote in one is often
/// what it reads in the next, and is in its cache. Then it takes of the others', a few at a time, so
/// that unequal tasks balance. Each must write to places of its own; then the result does not depend
/// on who ran what.
pub(crate) fn for_each(tasks: usize, work: usize, task: impl Fn(usize) + Sync) {
    let threads = (work / WORTH_A_THREAD + 1).min(tasks);
    let threads = if threads > 1 { threads.min(rayon::current_num_threads()) } else { 1 };
    if threads <= 1 {
        (0..tasks).for_each(task);
        return;
    }
    let share = |thread: usize| {
        let next = AtomicUsize::new(thread * tasks / threads);
        Share { next, end: (thread + 1) * tasks / threads }
    };
    let shares: Vec<Share> = (0..threads).map(share).collect();
    let few = (tasks / (threads * HANDS)).max(1);
    TEAM.run(threads - 1, &|thread| {
        let (own, others) = (&shares[thread..], &shares[..thread]);
        own.iter().chain(others).for_each(|share| share.work_off(few, &task));
    });
}

/// A place that several threads write to, each to its own part.
#[derive(Clone, Copy)]
pub(crate) struct Shared<T>(*mut T);

// SAFETY: only an address; code that dereferences it must ensure that the parts are disjoint.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub(crate) fn new(slice: &mut [T]) -> Self {
        Self(slice.as_mut_ptr())
    }

    /// The address of element `offset`.
    ///
    /// # Safety
    /// `offset` is inside the slice.
    pub(crate) unsafe fn at(&self, offset: usize) -> *mut T {
        // SAFETY: the caller's.
        unsafe { self.0.add(offset) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_runs_once() {
        for tasks in [0, 1, 2, 7, 100] {
            let counts: Vec<AtomicUsize> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
            for_each(tasks, usize::MAX / 2, |task| {
                counts[task].fetch_add(1, Ordering::Relaxed);
            });
            assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1), "{tasks}");
        }
    }
}
