//! `gan train` as a child process: its words are passed on, and so is the wish for an early end.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::{Stop, SweepError};

/// How often the child and the signals are looked at.
const PAUSE: Duration = Duration::from_millis(20);
/// How many lines of a complaint are kept.
const KEPT: usize = 20;

/// A program that has ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// The last lines of its standard error.
    pub(crate) last: Vec<String>,
}

impl Ended {
    /// Whether a signal ended it: `gan` exits with 128 and the signal's number then.
    pub(crate) fn is_interrupted(&self) -> bool {
        let ends = [SIGTERM, SIGINT, SIGHUP];
        let by = |signal: &i32| {
            self.status.code() == Some(128 + signal) || self.status.signal() == Some(*signal)
        };
        ends.iter().any(by)
    }
}

/// Runs a program to its end. `hear` gets every line of its standard error; when an end is asked for,
/// the program is told so by SIGTERM, once.
///
/// It has a process group of its own: Ctrl-C reaches it in this one way.
pub(crate) fn run(
    program: &Path,
    arguments: &[OsString],
    threads: Option<usize>,
    stop: &Stop,
    hear: &(dyn Fn(&str) + Sync),
) -> Result<Ended, SweepError> {
    let cannot = |source| SweepError::Start { program: program.display().to_string(), source };
    let mut command = Command::new(program);
    command.args(arguments).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    if let Some(threads) = threads {
        command.env("RAYON_NUM_THREADS", threads.to_string());
    }
    let mut child = command.spawn().map_err(cannot)?;
    let stderr = child.stderr.take();
    thread::scope(|scope| {
        let reader = scope.spawn(|| stderr.map(|stderr| listen(stderr, hear)).unwrap_or_default());
        let status = wait(&mut child, stop).map_err(cannot)?;
        Ok(Ended { status, last: reader.join().unwrap_or_default() })
    })
}

fn wait(child: &mut Child, stop: &Stop) -> io::Result<ExitStatus> {
    let mut is_told = false;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stop.is_asked() && !is_told {
            tell(child)?;
            is_told = true;
        }
        thread::sleep(PAUSE);
    }
}

/// Sends SIGTERM. The shell has `kill` everywhere, a system without its own program too; the child has
/// not been waited for, so its number is still its own.
fn tell(child: &Child) -> io::Result<()> {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "kill -s TERM \"$0\"", &child.id().to_string()]);
    // It may have ended by itself meanwhile.
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map(drop)
}

/// Passes every line on; returns the last ones.
fn listen(stderr: impl Read, hear: &(dyn Fn(&str) + Sync)) -> Vec<String> {
    let (mut last, mut line) = (VecDeque::new(), Vec::new());
    let mut stderr = BufReader::new(stderr);
    while stderr.read_until(b'\n', &mut line).is_ok_and(|n_bytes| n_bytes > 0) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        hear(&text);
        if last.len() == KEPT {
            last.pop_front();
        }
        last.push_back(text);
        line.clear();
    }
    last.into()
}
