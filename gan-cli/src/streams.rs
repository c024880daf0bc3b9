//! The one way to a terminal: standard output for results, standard error and a log for messages.
//!
//! A result that cannot be written is an error, unless its reader has gone: a closed pipe wants no
//! more. A message that cannot be written is dropped: nothing stops for it. Messages are written by
//! a thread of their own, so that a reader that does not read holds up nothing.

mod log;
mod queue;
mod terminal;

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::panic;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;

use log::Log;
pub(crate) use log::LogFile;
use queue::Queue;
pub(crate) use terminal::bar_target;

/// Messages that may wait for a reader; later ones are dropped.
const WAITING: usize = 256;

/// The end of the program does not wait for a stream that has taken nothing for so long.
const LAST_WORDS: Duration = Duration::from_millis(500);

static STDERR: LazyLock<Queue> = LazyLock::new(|| Queue::into(io::stderr(), WAITING));
static LOG: Log = Log::new();
static HUSHED: AtomicBool = AtomicBool::new(false);

/// Standard output is a pipe that has been closed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReaderGone;

impl fmt::Display for ReaderGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("standard output is closed")
    }
}

impl std::error::Error for ReaderGone {}

/// Write a result to standard output.
///
/// # Errors
/// [`ReaderGone`] if it is a closed pipe; the system's error for any other failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_bytes(text.as_bytes())
}

/// [`print`] of what need not be text.
pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    // Where both streams are one terminal, messages stand before the result that follows them.
    STDERR.settle(LAST_WORDS);
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(ReaderGone.into()),
        Err(error) => Err(error).context("cannot write to standard output"),
    }
}

/// Print where a result was written to: on a terminal as text that does no harm there, elsewhere byte
/// for byte.
pub(crate) fn print_path(path: &Path) -> anyhow::Result<()> {
    if io::stdout().is_terminal() {
        return print(&line(&path.display().to_string()));
    }
    print_bytes(&[path.as_os_str().as_encoded_bytes(), b"\n"].concat())
}

/// From here on messages are dropped, until [`speak`]: another process has the terminal.
#[cfg(feature = "mpi")]
pub(crate) fn hush() {
    HUSHED.store(true, Ordering::Relaxed);
}

/// Messages are printed again.
pub(crate) fn speak() {
    HUSHED.store(false, Ordering::Relaxed);
}

/// Print a message on standard error, and in the log if there is one.
pub(crate) fn say(message: &str) {
    if HUSHED.load(Ordering::Relaxed) {
        return;
    }
    let line = line(message);
    LOG.write(&line);
    STDERR.offer(terminal::in_place_of_bar(line));
}

/// Write a line to the log alone, if there is one.
pub(crate) fn log(message: &str) {
    LOG.write(&line(message));
}

/// Keep messages from here on for the log that is opened later.
pub(crate) fn keep_for_log() {
    LOG.keep();
}

/// Append what was kept, and all messages from now on, to the file.
pub(crate) fn log_into(file: LogFile) {
    LOG.begin(file);
}

/// Wait a moment until all messages are written: the last thing that a program does.
pub(crate) fn close() {
    STDERR.settle(LAST_WORDS);
    LOG.settle(LAST_WORDS);
}

/// From now on a panic is reported in one line, as all messages are.
pub(crate) fn announce_panics() {
    panic::set_hook(Box::new(|about| {
        let what = about.payload_as_str().unwrap_or("no reason given");
        let place = about.location().map(|place| format!(" at {place}")).unwrap_or_default();
        say(&format!("error: the program panicked{place}, which is a fault of its own: {what}"));
        close();
    }));
}

/// One message and its line end; nothing in it can move the cursor, change colors or turn the text
/// round.
fn line(message: &str) -> String {
    let turns = |one| matches!(one, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}');
    let isolates = |one| matches!(one, '\u{2066}'..='\u{2069}');
    let mut line = String::with_capacity(message.len() + 1);
    for one in message.chars() {
        match (one.is_control() && one != '\n') || turns(one) || isolates(one) {
            true => line.extend(one.escape_default()),
            false => line.push(one),
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_write_to_the_terminal_but_text() {
        assert_eq!(line("a\u{1b}[31m.png\r is\ntwo lines"), "a\\u{1b}[31m.png\\r is\ntwo lines\n");
        assert_eq!(line("gnp.\u{202e}jpg · ±2 日本"), "gnp.\\u{202e}jpg · ±2 日本\n");
    }
}
