//! The program while it runs, to be ended from outside.

use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::{Outcome, Program};

/// Nothing that is waited for here takes longer, even on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

impl Program {
    /// Start it and let it run.
    pub(crate) fn start(mut self) -> Running {
        let command = self.command.stdin(Stdio::null()).stdout(Stdio::piped());
        Running { child: Some(command.stderr(Stdio::piped()).spawn().unwrap()) }
    }
}

/// A program that runs; dropped, it is killed.
pub(crate) struct Running {
    child: Option<Child>,
}

impl Running {
    /// As Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        self.signal("INT");
    }

    /// As `kill -SIGNAL` does.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        let kill = Command::new("kill").args([&format!("-{signal}"), &id]).status();
        assert!(kill.unwrap().success());
    }

    /// Wait until it handles Ctrl-C.
    #[cfg(target_os = "linux")]
    pub(crate) fn until_it_listens(&mut self) {
        let status = format!("/proc/{}/status", self.child.as_ref().unwrap().id());
        self.until(|| {
            let status = std::fs::read_to_string(&status).unwrap_or_default();
            let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
            mask.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & 2 != 0)
        });
    }

    /// Take the end of a pipe that the program writes its standard output to.
    pub(crate) fn stdout(&mut self) -> ChildStdout {
        self.child.as_mut().unwrap().stdout.take().unwrap()
    }

    /// As `kill -9` does.
    pub(crate) fn kill(mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "it ended before it was killed");
    }

    /// Wait for its end without reading a byte of its output.
    pub(crate) fn until_ended(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.child.as_mut().unwrap().try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "it did not end within {PATIENCE:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn wait(mut self) -> Outcome {
        Outcome::of(self.child.take().unwrap().wait_with_output().unwrap())
    }

    /// Wait until something is so while the program runs.
    pub(crate) fn until(&mut self, is_so: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so() {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "it ended before it was expected to: {ended:?}");
            assert!(Instant::now() < deadline, "it did not happen within {PATIENCE:?}");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // A failed test has reported that already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
