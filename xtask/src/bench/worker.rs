//! A child process that answers tasks, a line for a line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, bail};

/// A program that has been started and waits for tasks.
pub(crate) struct Worker {
    name: &'static str,
    child: Child,
    tasks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts the program; what it complains of is not heard.
    ///
    /// # Errors
    /// It cannot be started.
    pub(crate) fn start(name: &'static str, command: &mut Command) -> anyhow::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let tasks = child.stdin.take().context("the input is piped")?;
        let answers = BufReader::new(child.stdout.take().context("the output is piped")?);
        Ok(Self { name, child, tasks, answers })
    }

    /// The answer to a task.
    ///
    /// # Errors
    /// The program answers with an error, or no more.
    pub(crate) fn ask(&mut self, task: &str) -> anyhow::Result<String> {
        writeln!(self.tasks, "{task}").with_context(|| self.gone(task))?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).with_context(|| self.gone(task))?;
        match answer.trim().strip_prefix("error: ") {
            _ if answer.is_empty() => bail!(self.gone(task)),
            Some(reason) => bail!("{}: {reason}", self.name),
            None => Ok(answer.trim().to_owned()),
        }
    }

    /// The number that a task is answered with.
    ///
    /// # Errors
    /// As [`ask`](Self::ask), and an answer that is no number.
    pub(crate) fn number(&mut self, task: &str) -> anyhow::Result<f64> {
        let answer = self.ask(task)?;
        answer.parse().with_context(|| format!("{} answered `{task}` with `{answer}`", self.name))
    }

    fn gone(&self, task: &str) -> String {
        format!("{} ended while it was asked `{task}`", self.name)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends by itself once its input does; if that fails there is nothing left to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn answers_are_read_line_by_line_and_errors_are_told() {
        let script = "while read task; do case $task in two) echo 2;; bad) echo error: no;; \
                      *) exit;; esac; done";
        let mut worker = Worker::start("sh", Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!(worker.number("two").unwrap(), 2.0);
        assert_eq!(worker.number("bad").unwrap_err().to_string(), "sh: no");
        let ended = worker.ask("end").unwrap_err().to_string();
        assert_eq!(ended, "sh ended while it was asked `end`");
    }
}
