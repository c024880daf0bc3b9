//! Signals (SIGINT, SIGTERM, SIGHUP): the step in progress is finished, a checkpoint is saved, the run ends.
//! Before the run has begun there is nothing to finish: the program says so and ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gan_core::event::{Control, Event, Observer, ObserverError};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::streams;

/// The signals that end a run, with the reason that [`Interrupt`] gives for the stop.
const SIGNALS: [(i32, &str); 3] =
    [(SIGINT, INTERRUPTED), (SIGTERM, "terminated"), (SIGHUP, "hung up")];

/// A SIGTERM that follows the first within this time is the same one: a scheduler sends it to every process
/// of a job, and the process that has started this one passes it on.
const ECHO: Duration = Duration::from_secs(5);

/// The reason of a stop by Ctrl-C.
pub(crate) const INTERRUPTED: &str = "interrupted";

/// What the program exits with after a stop for `reason`, if a signal was the reason: as shells have
/// it, 128 and the signal's number.
pub(crate) fn exit_code(reason: &str) -> Option<u8> {
    let signal = SIGNALS.iter().find(|(_, of_signal)| *of_signal == reason);
    signal.and_then(|(signal, _)| u8::try_from(128 + signal).ok())
}

/// Stops the run after the step in which a signal came. A second signal ends the program at once, and
/// so does the first as long as no run has begun.
#[derive(Clone, Default)]
pub(crate) struct Interrupt {
    asked: Asked,
    saved: Arc<AtomicU64>,
    begun: Arc<AtomicBool>,
}

/// The signal that asked for an end; 0 as long as none did.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<AtomicI32>);

impl Asked {
    /// Why the run is to end, if it is.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        reason_of(self.0.load(Ordering::Relaxed))
    }
}

fn reason_of(asked: i32) -> Option<&'static str> {
    SIGNALS.iter().find(|(signal, _)| *signal == asked).map(|(_, reason)| *reason)
}

impl Interrupt {
    /// Watch for Ctrl-C, for a polite kill and for a terminal that is closed, as far as these were
    /// not ignored when the program began (as `nohup` has it).
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let ignored = ignored_signals();
        let watched = SIGNALS.iter().map(|(signal, _)| *signal);
        let watched: Vec<i32> =
            watched.filter(|signal| ignored & (1 << (signal - 1)) == 0).collect();
        let mut signals = Signals::new(&watched).context("cannot listen for signals")?;
        let listening = Self::default();
        let Self { asked, saved, begun } = listening.clone();
        let listen = move || {
            let mut told = None;
            for signal in signals.forever() {
                if !begun.load(Ordering::Relaxed) {
                    end_before_the_run(signal);
                }
                if is_echo(signal, told) {
                    continue;
                }
                if asked.0.swap(signal, Ordering::Relaxed) != 0 {
                    end_at_once(signal, saved.load(Ordering::Relaxed));
                }
                told = (signal == SIGTERM).then(Instant::now);
                streams::say(
                    "finishing the step and saving a checkpoint; once more to end at once",
                );
            }
        };
        let thread = thread::Builder::new().name("signals".into()).spawn(listen);
        thread.context("cannot start a thread that listens for signals")?;
        Ok(listening)
    }

    /// From now on there is a run, which a signal lets come to an orderly end.
    pub(crate) fn run_begins(&self) {
        self.begun.store(true, Ordering::Relaxed);
    }

    /// What was asked for so far.
    pub(crate) fn asked(&self) -> Asked {
        self.asked.clone()
    }
}

/// Whether a signal is the SIGTERM that was `told` of already.
fn is_echo(signal: i32, told: Option<Instant>) -> bool {
    signal == SIGTERM && told.is_some_and(|told| told.elapsed() < ECHO)
}

/// A signal while data is read and networks are made.
fn end_before_the_run(signal: i32) -> ! {
    let reason = reason_of(signal).unwrap_or(INTERRUPTED);
    streams::say(&format!("{reason} before the run began: nothing was trained or written"));
    streams::close();
    std::process::exit(128 + signal)
}

/// The second signal.
fn end_at_once(signal: i32, saved: u64) -> ! {
    streams::say(&match saved {
        0 => "ended at once: no checkpoint was saved, all steps are lost".to_owned(),
        step => format!("ended at once: the steps since the checkpoint of step {step} are lost"),
    });
    streams::close();
    std::process::exit(128 + signal)
}

/// One bit for each signal that is ignored, the lowest for signal 1; none where the system does not
/// report it.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

impl<G, C> Observer<G, C> for Interrupt {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, .. } | Event::Checkpointed { progress, .. } => {
                self.saved.store(progress.step, Ordering::Relaxed);
            }
            // Only after a step does the learner save a checkpoint before it stops.
            Event::Stepped(_) => {
                if let Some(reason) = self.asked.reason() {
                    return Ok(Control::Stop(reason.to_owned()));
                }
            }
            Event::Measured { .. }
            | Event::Saving { .. }
            | Event::Diverged { .. }
            | Event::Finished { .. } => {}
        }
        Ok(Control::Continue)
    }
}
