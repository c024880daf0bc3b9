//! A fork-join pool whose helper threads spin before they sleep.
//!
//! A step of a small network has dozens of products of some ten microseconds each, about the time that
//! it takes to wake a sleeping thread. So a helper that is done looks out for the next job for a while
//! before it sleeps, and an offer that no helper has taken when the work is done is withdrawn:
//! the caller never waits for a thread that wakes too late.

use std::any::Any;
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long a helper looks out for a job before it sleeps: longer than the usual time between two
/// jobs, and too short to keep the threads that draw batches and noise from its processor.
const LOOKOUT: Duration = Duration::from_micros(200);
/// Looks between two glances at the clock.
const LOOKS: usize = 64;

/// What a helper is to do, borrowed from the caller of [`Team::run`] until it returns.
type Job = *const (dyn Fn(usize) + Sync);

/// The helpers, of which there are as many as have ever been asked for.
pub(super) struct Team(Mutex<Vec<Helper>>);

impl Team {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Calls `job(0)` on this thread, and at once `job(i)` on the helpers `i` from 1 to `helpers`, as far
    /// as they come in time. Returns when all calls have.
    ///
    /// While a thread has the team, others that ask for it work alone; so does a job inside of a job.
    ///
    /// # Panics
    /// If a call does, after the others have returned.
    pub(super) fn run(&self, helpers: usize, job: &(dyn Fn(usize) + Sync)) {
        let mut team = match self.0.try_lock() {
            Ok(team) => team,
            // A job has panicked, when all of its calls were over. Only one of them was heard.
            Err(TryLockError::Poisoned(team)) => {
                let team = team.into_inner();
                team.iter().for_each(|helper| drop(helper.slot.panic()));
                team
            }
            Err(TryLockError::WouldBlock) => return job(0),
        };
        while team.len() < helpers {
            match Helper::start(team.len() + 1) {
                Some(helper) => team.push(helper),
                None => break,
            }
        }
        let asked = &team[..helpers.min(team.len())];
        let recall = Recall(asked);
        for helper in asked {
            // SAFETY: `recall` waits until the helper has left the job, also if this thread panics.
            unsafe { helper.slot.offer(job) };
            if helper.slot.sleeps.load(Ordering::SeqCst) {
                helper.thread.unpark();
            }
        }
        job(0);
        drop(recall);
        if let Some(panic) = asked.iter().find_map(|helper| helper.slot.panic()) {
            resume_unwind(panic);
        }
    }
}

/// Withdraws the offers that no helper has taken, and waits for the rest.
struct Recall<'a>(&'a [Helper]);

impl Drop for Recall<'_> {
    fn drop(&mut self) {
        for helper in self.0 {
            helper.slot.recall();
        }
    }
}

/// A thread, and where it finds its jobs.
struct Helper {
    thread: Thread,
    slot: Arc<Slot>,
}

impl Helper {
    /// A new thread with a number of its own; none if the system has no more.
    fn start(number: usize) -> Option<Self> {
        let slot = Arc::new(Slot { number, ..Slot::default() });
        let its = Arc::clone(&slot);
        let named = thread::Builder::new().name("gan-kernels".to_owned());
        let thread = named.spawn(move || its.serve()).ok()?.thread().clone();
        Some(Self { thread, slot })
    }
}

/// There is no job.
const EMPTY: u8 = 0;
/// There is one, which either side may take.
const OFFERED: u8 = 1;
/// The helper is at it.
const TAKEN: u8 = 2;

/// Where a job is handed over.
#[derive(Default)]
struct Slot {
    /// The helper's number, which its calls are told.
    number: usize,
    state: AtomicU8,
    /// Written by the caller while the state is `EMPTY`, read by the helper while it is `TAKEN`.
    job: UnsafeCell<Option<Job>>,
    /// Whether the helper may have to be woken.
    sleeps: AtomicBool,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

// SAFETY: the states define which thread may access the job, and that can be called from any thread.
unsafe impl Send for Slot {}
// SAFETY: as above.
unsafe impl Sync for Slot {}

impl Slot {
    /// # Safety
    /// No other thread offers, and the job lives until `recall` has returned.
    unsafe fn offer(&self, job: &(dyn Fn(usize) + Sync)) {
        // SAFETY: the pointer differs from the borrow by its lifetime only, which the caller answers
        // for; the state is `EMPTY`, for the last job was recalled.
        unsafe { *self.job.get() = Some(std::mem::transmute::<&(dyn Fn(usize) + Sync), Job>(job)) };
        self.state.store(OFFERED, Ordering::SeqCst);
    }

    /// Returns when the helper has nothing to do with the job any more.
    fn recall(&self) {
        let change =
            self.state.compare_exchange(OFFERED, EMPTY, Ordering::Acquire, Ordering::Acquire);
        let mut looks = 0_usize;
        while change.is_err() && self.state.load(Ordering::Acquire) != EMPTY {
            looks += 1;
            // The helper may be waiting for this very processor.
            if looks.is_multiple_of(LOOKS) { thread::yield_now() } else { spin_loop() }
        }
    }

    fn panic(&self) -> Option<Box<dyn Any + Send>> {
        self.panic.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The life of a helper.
    fn serve(&self) {
        loop {
            if self.work() || self.look_out() {
                continue;
            }
            self.sleeps.store(true, Ordering::SeqCst);
            // An offer before the line above is seen here; after it, the caller wakes the helper.
            if self.state.load(Ordering::SeqCst) != OFFERED {
                thread::park();
            }
            self.sleeps.store(false, Ordering::SeqCst);
        }
    }

    /// Whether there is an offer within some time.
    fn look_out(&self) -> bool {
        let began = Instant::now();
        while began.elapsed() < LOOKOUT {
            for _ in 0..LOOKS {
                if self.state.load(Ordering::Relaxed) == OFFERED {
                    return true;
                }
                spin_loop();
            }
            // To whoever has something to do on this processor.
            thread::yield_now();
        }
        false
    }

    /// Takes the offer and does it; returns whether there was one.
    fn work(&self) -> bool {
        let taken =
            self.state.compare_exchange(OFFERED, TAKEN, Ordering::Acquire, Ordering::Relaxed);
        if taken.is_err() {
            return false;
        }
        // SAFETY: the state is `TAKEN`, and the caller waits until it is not.
        let job = unsafe { (*self.job.get()).map(|job| &*job) };
        let call =
            |job: &(dyn Fn(usize) + Sync)| catch_unwind(AssertUnwindSafe(|| job(self.number)));
        if let Some(Err(panic)) = job.map(call) {
            *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
        }
        self.state.store(EMPTY, Ordering::Release);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::atomic::AtomicUsize;
    use std::thread::ThreadId;

    use super::*;

    /// Waits until this many threads are in the same call of it.
    fn meet(inside: &AtomicUsize, threads: usize) {
        inside.fetch_add(1, Ordering::SeqCst);
        let began = Instant::now();
        while inside.load(Ordering::SeqCst) < threads && began.elapsed().as_secs() < 20 {
            thread::yield_now();
        }
        assert_eq!(inside.load(Ordering::SeqCst), threads, "threads in the job");
    }

    #[test]
    fn helpers_are_other_threads_asleep_or_awake() {
        let team = Team::new();
        for (helpers, pause) in [(1, 0), (3, 0), (3, 5), (1, 5), (2, 0)] {
            thread::sleep(Duration::from_millis(pause));
            let (inside, threads) = (AtomicUsize::new(0), Mutex::new(HashSet::<ThreadId>::new()));
            team.run(helpers, &|number| {
                assert!(number <= helpers);
                threads.lock().unwrap().insert(thread::current().id());
                meet(&inside, helpers + 1);
            });
            assert_eq!(threads.into_inner().unwrap().len(), helpers + 1);
        }
    }

    /// Each job reads and writes what lives on its caller's stack.
    #[test]
    fn a_job_is_over_when_its_caller_goes_on() {
        let team = Team::new();
        for round in 0..20_000_usize {
            let (left, sum) = (AtomicUsize::new(round % 7), AtomicUsize::new(0));
            team.run(2, &|_| {
                let one = |n: usize| n.checked_sub(1);
                while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one).is_ok() {
                    sum.fetch_add(round, Ordering::Relaxed);
                }
            });
            assert_eq!(sum.into_inner(), round % 7 * round);
        }
    }

    #[test]
    fn jobs_inside_of_jobs_and_of_other_threads_are_done_alone() {
        let (team, calls) = (Team::new(), AtomicUsize::new(0));
        let count = |_| {
            calls.fetch_add(1, Ordering::Relaxed);
        };
        team.run(1, &|_| {
            team.run(1, &count);
            thread::scope(|scope| {
                scope.spawn(|| team.run(1, &count));
            });
        });
        assert!([2, 4].contains(&calls.into_inner()), "two for each thread that was in the job");
    }

    #[test]
    fn a_panic_comes_out_on_the_caller_and_the_team_goes_on() {
        let team = Team::new();
        for [by_caller, by_helper] in [[false, true], [true, false], [true, true]] {
            let inside = AtomicUsize::new(0);
            let caller = thread::current().id();
            let panic = catch_unwind(AssertUnwindSafe(|| {
                team.run(1, &|_| {
                    meet(&inside, 2);
                    let here = if thread::current().id() == caller { by_caller } else { by_helper };
                    assert!(!here, "thrown on {:?}", thread::current().id());
                });
            }));
            let panic = panic.unwrap_err();
            let message = panic.downcast_ref::<String>().unwrap();
            assert!(message.contains("thrown"), "{message}");
            let inside = AtomicUsize::new(0);
            team.run(1, &|_| meet(&inside, 2));
        }
    }
}
