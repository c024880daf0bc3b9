//! The bar's way to the terminal, by the queue of all messages.

use std::fmt::Write as _;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};

use super::STDERR;

/// Whether the cursor stands behind a bar, on its line.
static BAR_IS_DRAWN: AtomicBool = AtomicBool::new(false);
/// To the beginning of the line, and the line emptied.
const EMPTY_LINE: &str = "\r\x1b[2K";

/// The bytes of a message that takes the place of a bar, if there is one; the bar is drawn anew below it.
pub(super) fn in_place_of_bar(line: String) -> Vec<u8> {
    match BAR_IS_DRAWN.swap(false, Ordering::Relaxed) {
        true => (EMPTY_LINE.to_owned() + &line).into_bytes(),
        false => line.into_bytes(),
    }
}

/// Where a bar is drawn: standard error, without waiting for it.
pub(crate) fn bar_target() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like_with_hz(Box::new(Frames::default()), 20)
}

/// Puts what is drawn together and hands a frame over when it is whole, so that none is cut where
/// the terminal takes no more.
#[derive(Debug, Default)]
struct Frames(Mutex<String>);

impl Frames {
    fn add(&self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        let mut frame = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        frame.write_fmt(text).map_err(io::Error::other)
    }

    fn step(&self, n: usize, direction: char) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.add(format_args!("\x1b[{n}{direction}")) }
    }
}

impl TermLike for Frames {
    fn width(&self) -> u16 {
        Term::stderr().size().1
    }

    fn height(&self) -> u16 {
        Term::stderr().size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.step(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.step(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.step(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.step(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(format_args!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(format_args!("{text}"))
    }

    fn clear_line(&self) -> io::Result<()> {
        self.add(format_args!("{EMPTY_LINE}"))
    }

    fn flush(&self) -> io::Result<()> {
        let frame = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if !frame.is_empty() {
            BAR_IS_DRAWN.store(!frame.ends_with('\n'), Ordering::Relaxed);
            STDERR.offer(frame.into_bytes());
        }
        Ok(())
    }
}
