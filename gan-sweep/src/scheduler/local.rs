//! All trainings on this machine, several at a time.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, thread};

use crate::work::Room;
use crate::{Slurm, SweepError, Tally, Work};

impl Work<'_> {
    /// Trains everything that is planned, `jobs` at a time, each on its share of the processor's cores.
    ///
    /// # Errors
    /// Something is queued elsewhere, a file cannot be written, or the program cannot be started.
    pub fn everything(&self, jobs: NonZeroUsize) -> Result<Tally, SweepError> {
        let plan = self.plan()?;
        let _held = self.folder.hold()?;
        self.ensure_nothing_is_queued()?;
        let room = match jobs {
            NonZeroUsize::MIN => Room::Whole,
            _ => Room::Share { threads: threads(jobs) },
        };
        let waiting = Mutex::new(plan.trainings.iter());
        let tally = Mutex::new(Tally::default());
        let worker = || -> Result<(), SweepError> {
            // A function of its own, so that the lock is free again before the training begins.
            let next = || lock(&waiting).next();
            while let Some(training) = next() {
                if self.stop.is_asked() {
                    lock(&tally).is_interrupted = true;
                    break;
                }
                let became = self.train(training, room)?;
                lock(&tally).count(&training.name, became);
            }
            Ok(())
        };
        thread::scope(|scope| {
            let n_workers = jobs.get().min(plan.trainings.len());
            let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(worker)).collect();
            let ended = workers.into_iter().map(|worker| match worker.join() {
                Ok(ended) => ended,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            // Every worker is waited for before the first error is told.
            ended.collect::<Vec<_>>().into_iter().collect::<Result<(), SweepError>>()
        })?;
        let mut tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
        // In the order of their ends otherwise.
        tally.failed.sort();
        Ok(tally)
    }
}

impl Work<'_> {
    /// Where there is no Slurm to ask, the locks of the trainings have to do.
    fn ensure_nothing_is_queued(&self) -> Result<(), SweepError> {
        match Slurm::default().ensure_idle(self.folder) {
            Err(SweepError::NoSlurm { .. }) => {
                self.say("note: jobs were submitted to a Slurm that this machine does not reach");
                Ok(())
            }
            idle => idle,
        }
    }
}

/// Threads of each of `jobs` trainings, unless the user has decided.
fn threads(jobs: NonZeroUsize) -> Option<usize> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    env::var_os("RAYON_NUM_THREADS").is_none().then(|| (cores / jobs).max(1))
}

/// Neither value is ever left half changed, not by a worker that panicked either.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
