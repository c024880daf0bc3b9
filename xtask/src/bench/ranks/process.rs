//! A training that runs, listened to.

use std::io::{BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use anyhow::{Context, anyhow, bail};

use super::pace::Pace;
use crate::step::shown;

/// A training that has been started.
pub(super) struct Running {
    shown: String,
    child: Child,
    pace: JoinHandle<Pace>,
    complaints: JoinHandle<String>,
}

impl Running {
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let shown = shown(command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start `{shown}`"))?;
        let printed = child.stdout.take().context("the output is piped")?;
        let mut complained = child.stderr.take().context("the errors are piped")?;
        let pace = thread::spawn(move || Pace::of(BufReader::new(printed)));
        let complaints = thread::spawn(move || {
            let mut bytes = Vec::new();
            // What could be read until then is shown.
            drop(complained.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Ok(Self { shown, child, pace, complaints })
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// It failed; then with what it complained of.
    pub(super) fn finish(mut self) -> anyhow::Result<Pace> {
        let pace = self.pace.join().map_err(|_| anyhow!("cannot read what it prints"))?;
        let complaints = self.complaints.join().unwrap_or_default();
        let status = self.child.wait().context("cannot wait for its end")?;
        if !status.success() {
            bail!("`{}` ended with {status}{}", self.shown, reason(&complaints));
        }
        Ok(pace)
    }
}

/// `: ` and the line that says what is wrong: the last one that a program calls an error, for a launcher has
/// more to say after it.
fn reason(complaints: &str) -> String {
    let lines =
        || complaints.lines().map(str::trim).filter(|line| !line.trim_matches('-').is_empty());
    let error = lines().rfind(|line| line.starts_with("error: ")).or_else(|| lines().next_back());
    error.map(|line| format!(": {line}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_told_and_not_what_the_launcher_adds() {
        let said = "error: no data\n-----\nmpirun has noticed that\n-----\n";
        assert_eq!(reason(said), ": error: no data");
        assert_eq!(reason("one\ntwo\n-----\n\n"), ": two");
        assert_eq!(reason(""), "");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_an_error_with_its_reason() {
        let mut command = Command::new("sh");
        let running = Running::start(command.args(["-c", "echo error: no >&2; exit 4"])).unwrap();
        let error = running.finish().unwrap_err().to_string();
        assert!(error.ends_with("ended with exit status: 4: error: no"), "{error}");
    }
}
