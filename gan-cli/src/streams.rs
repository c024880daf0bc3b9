//! The one way to a terminal: standard output for results, standard error and a log for messages.
//!
//! A result that cannot be written is an error, unless its reader has gone: a closed pipe wants no
//! more. A message that cannot be written is dropped: nothing stops for it. Messages are written by
//! a thread of their own, so that a reader that does not read holds up nothing.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// Messages that may wait for a reader; later ones are dropped.
const WAITING: usize = 256;

/// How long the end of the program waits for the last messages to be read.
const LAST_WORDS: Duration = Duration::from_millis(500);

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
/// [`ReaderGone`] if it is a closed pipe; what the system says of any other failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_bytes(text.as_bytes())
}

/// [`print`] of what need not be text.
pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(ReaderGone.into()),
        Err(error) => Err(error).context("cannot write to standard output"),
    }
}

/// Print where a result was written to.
pub(crate) fn print_path(path: &Path) -> anyhow::Result<()> {
    print(&format!("{}\n", path.display()))
}

/// Say something on standard error, and in the log if there is one.
pub(crate) fn say(message: &str) {
    post(Message::Line { text: line(message), to: To::All });
}

/// Write a line to the log alone, if there is one.
pub(crate) fn log(message: &str) {
    post(Message::Line { text: line(message), to: To::Log });
}

/// Append everything that is said from now on to a file as well; its folder is made.
///
/// # Errors
/// The file cannot be opened.
pub(crate) fn log_to(path: &Path) -> anyhow::Result<()> {
    ensure!(!path.is_dir(), "--log names the folder {}, expected a file", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {} of --log", folder.display()))?;
    }
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = file.with_context(|| format!("cannot write the log {}", path.display()))?;
    post(Message::Log(path.to_owned(), file));
    Ok(())
}

/// Wait a moment until what was said is written: the last thing that a program does.
pub(crate) fn close() {
    let (done, is_done) = mpsc::channel();
    post(Message::Close(done));
    let _ = is_done.recv_timeout(LAST_WORDS);
}

/// One message and its line end; nothing in it can move the cursor or change colors.
fn line(message: &str) -> String {
    let mut line = String::with_capacity(message.len() + 1);
    for character in message.chars() {
        match character.is_control() && character != '\n' {
            true => line.extend(character.escape_default()),
            false => line.push(character),
        }
    }
    line.push('\n');
    line
}

enum Message {
    Line { text: String, to: To },
    Log(PathBuf, File),
    Close(mpsc::Sender<()>),
}

#[derive(PartialEq)]
enum To {
    All,
    Log,
}

/// Where messages go: to the thread that writes them, or nowhere if there is no thread to be had.
fn post(message: Message) {
    static WRITER: OnceLock<Option<SyncSender<Message>>> = OnceLock::new();
    let writer = WRITER.get_or_init(|| {
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        let write = move || write_all(&receiver, &mut io::stderr());
        thread::Builder::new().name("messages".into()).spawn(write).ok().map(|_| sender)
    });
    match writer {
        // A full queue has a reader that does not read: the message is dropped.
        Some(writer) => drop(writer.try_send(message)),
        None => {
            if let Message::Line { text, to: To::All } = message {
                let _ = io::stderr().write_all(text.as_bytes());
            }
        }
    }
}

/// Write messages as they come, for as long as the program runs.
fn write_all(messages: &Receiver<Message>, stderr: &mut impl Write) {
    let mut log: Option<(PathBuf, File)> = None;
    for message in messages {
        match message {
            Message::Line { text, to } => {
                if to == To::All {
                    let _ = stderr.write_all(text.as_bytes());
                }
                if let Some((path, file)) = &mut log
                    && let Err(error) = file.write_all(text.as_bytes())
                {
                    let path = path.display();
                    let said =
                        line(&format!("cannot write the log {path}: {error}; going on without it"));
                    let _ = stderr.write_all(said.as_bytes());
                    log = None;
                }
            }
            Message::Log(path, file) => log = Some((path, file)),
            Message::Close(done) => drop(done.send(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_write_to_the_terminal_but_text() {
        assert_eq!(line("a\u{1b}[31m.png\r is\ntwo lines"), "a\\u{1b}[31m.png\\r is\ntwo lines\n");
    }

    #[test]
    fn a_stream_that_refuses_everything_stops_nothing() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (sender, receiver) = mpsc::sync_channel(3);
        let (done, is_done) = mpsc::channel();
        sender.send(Message::Line { text: "lost\n".into(), to: To::All }).unwrap();
        sender.send(Message::Close(done)).unwrap();
        drop(sender);
        write_all(&receiver, &mut Full);
        assert!(is_done.recv().is_ok());
    }

    #[test]
    fn a_log_has_what_is_said_and_what_is_only_logged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.txt");
        let (sender, receiver) = mpsc::sync_channel(3);
        sender.send(Message::Log(path.clone(), File::create(&path).unwrap())).unwrap();
        sender.send(Message::Line { text: "said\n".into(), to: To::All }).unwrap();
        sender.send(Message::Line { text: "logged\n".into(), to: To::Log }).unwrap();
        drop(sender);
        let mut stderr = Vec::new();
        write_all(&receiver, &mut stderr);
        assert_eq!(stderr, b"said\n");
        assert_eq!(std::fs::read(&path).unwrap(), b"said\nlogged\n");
    }
}
