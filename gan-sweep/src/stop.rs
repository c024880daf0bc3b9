//! Signals that ask for an early end: of the terminal, of the system, of a scheduler.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};

use crate::SweepError;

/// Whether an early end was asked for. SIGUSR1 is what a Slurm job is warned with, by
/// `--signal=B:USR1@60`.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on SIGTERM, SIGINT, SIGHUP and SIGUSR1 are remembered rather than died of, as far as they were
    /// not ignored (as `nohup` has it).
    ///
    /// # Errors
    /// The system refuses a signal handler.
    pub fn watch() -> Result<Self, SweepError> {
        let stop = Self::default();
        let ignored = ignored_signals();
        let all = [SIGTERM, SIGINT, SIGHUP, SIGUSR1];
        for signal in all.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0) {
            signal_hook::flag::register(signal, Arc::clone(&stop.0))
                .map_err(SweepError::Signals)?;
        }
        Ok(stop)
    }

    /// Asks for an end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether one was asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// One bit for each signal that is ignored, the lowest for signal 1; none where the system does not
/// report it.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
