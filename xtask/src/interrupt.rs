//! Ctrl-C while a child is running: the child decides what to save, and this program waits for it.

use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// Remembers that Ctrl-C was pressed, instead of dying of it.
///
/// The terminal sends the signal to the child as well, which shares the process group.
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on Ctrl-C is remembered.
    ///
    /// # Errors
    /// The system refuses a signal handler.
    pub(crate) fn watch() -> anyhow::Result<Self> {
        let seen = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&seen))
            .context("cannot watch for Ctrl-C")?;
        Ok(Self(seen))
    }

    /// Whether Ctrl-C was pressed.
    pub(crate) fn seen(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Whether it was Ctrl-C that ended the child, or came while the child was ending.
    pub(crate) fn ended(&self, status: ExitStatus) -> bool {
        self.seen() || status.code() == Some(i32::from(crate::INTERRUPTED))
    }
}
