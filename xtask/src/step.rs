//! Steps: named, timed, and shown as the command that a user can type.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, anyhow, bail};

use crate::tally::Tally;

/// Does the work under a title and prints how long it took.
///
/// # Errors
/// Those of the work, with the title of the step in front.
pub(crate) fn timed<T>(title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    say!("==> {title}");
    let begin = Instant::now();
    let result = work();
    let verdict = if result.is_ok() { "ok" } else { "FAILED" };
    say!("    {title}: {verdict} after {:.1} s", begin.elapsed().as_secs_f64());
    result.with_context(|| format!("the step `{title}` failed"))
}

/// Runs a command that shares this terminal, and expects success of it.
///
/// # Errors
/// The program cannot be started, or ends with another status than 0.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    announce(command);
    let status = command.status().with_context(|| cannot_start(command))?;
    expect_success(command, status)
}

/// Runs a test runner, shows what it writes, and adds up the tests that it reports.
///
/// # Errors
/// As [`run`]. The tests that ran before a failure are counted all the same.
pub(crate) fn run_tests(command: &mut Command, tally: &mut Tally) -> anyhow::Result<()> {
    announce(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let counted = thread::scope(|scope| {
        let errors = scope.spawn(|| copy_and_count(stderr, io::stderr()));
        let mut counted = copy_and_count(stdout, io::stdout());
        counted += errors.join().unwrap_or_default();
        counted
    });
    *tally += counted;
    let status = child.wait().with_context(|| cannot_start(command))?;
    expect_success(command, status)
}

/// The text that a command prints.
///
/// # Errors
/// As [`run`], and output that is not text.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| cannot_start(command))?;
    expect_success(command, output.status)?;
    String::from_utf8(output.stdout)
        .map_err(|_| anyhow!("`{}` printed something that is not UTF-8", shown(command)))
}

/// The command as one would type it: cargo by its name, other programs by their path.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let is_cargo = program.file_stem().is_some_and(|name| name == "cargo");
    let name = if is_cargo { "cargo".into() } else { program.to_string_lossy() };
    let settings = command.get_envs().filter_map(|(key, value)| {
        value.map(|value| quoted(&format!("{}={}", key.display(), value.display())))
    });
    let args = command.get_args().map(|arg| quoted(&arg.to_string_lossy()));
    settings.chain([name.into_owned()]).chain(args).collect::<Vec<_>>().join(" ")
}

fn announce(command: &Command) {
    say!("    $ {}", shown(command));
}

fn quoted(word: &str) -> String {
    if word.contains([' ', '"', '*', '$']) { format!("'{word}'") } else { word.to_owned() }
}

fn cannot_start(command: &Command) -> String {
    format!("cannot run `{}`", shown(command))
}

fn expect_success(command: &Command, status: ExitStatus) -> anyhow::Result<()> {
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Passes every line on as it comes. A broken pipe ends the copying, not the tests.
fn copy_and_count(source: Option<impl Read>, mut target: impl Write) -> Tally {
    let mut tally = Tally::default();
    let Some(source) = source else { return tally };
    let mut lines = BufReader::new(source);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|n_bytes| n_bytes > 0) {
        tally += Tally::of_line(&String::from_utf8_lossy(&line));
        let _ = target.write_all(&line).and_then(|()| target.flush());
        line.clear();
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.env("RUSTDOCFLAGS", "-D warnings").env_remove("HOME").args(["doc", "a b"]);
        assert_eq!(shown(&command), "'RUSTDOCFLAGS=-D warnings' cargo doc 'a b'");
    }

    #[test]
    fn a_failed_step_is_named_and_keeps_its_cause() {
        let failed = timed("docs", || -> anyhow::Result<()> { bail!("a link is broken") });
        assert_eq!(
            format!("{:#}", failed.unwrap_err()),
            "the step `docs` failed: a link is broken"
        );
    }

    #[test]
    fn copied_lines_are_counted_and_unchanged() {
        let text = "test result: ok. 2 passed; 0 failed; 0 ignored\nno newline at the end";
        let mut copy = Vec::new();
        let tally = copy_and_count(Some(text.as_bytes()), &mut copy);
        assert_eq!(copy, text.as_bytes());
        assert_eq!(tally, Tally { passed: 2, failed: 0 });
    }
}
