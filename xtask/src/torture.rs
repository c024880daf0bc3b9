//! `cargo xtask torture`: fuzzing of files and fault injection into runs, at scale.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::artifact;
use crate::step::{run, timed};
use crate::workspace::cargo;

/// What `torture files` was asked for; the words mean what they mean to gan-torture.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Files {
    /// Mutated files in all.
    pub(crate) executions: Option<u64>,
    /// Other files than those of seed 0.
    pub(crate) seed: Option<u64>,
    /// When to stop early, in minutes.
    pub(crate) minutes: Option<String>,
    /// Only this format.
    pub(crate) format: Option<String>,
    /// Only this file of it.
    pub(crate) case: Option<u64>,
    /// Where the inputs of faults are kept.
    pub(crate) out: Option<PathBuf>,
}

/// More files than a minute has room for.
const ENDLESS: u64 = 10_000_000;

/// Builds gan-torture and lets it read mutated files.
///
/// # Errors
/// It cannot be built, or a reader has a fault.
pub(crate) fn files(wanted: &Files) -> anyhow::Result<()> {
    let mut build = cargo(&["build", "--locked", "--bin", "gan-torture"]);
    // With what the examples depend on, Burn has the features that the tests built it with.
    let built = artifact::built(build.args(["--workspace", "--examples"]), "gan-torture")?;
    run(Command::new(built).arg("files").args(words(wanted)))
}

/// The step of `cargo xtask ci`.
///
/// # Errors
/// As [`files`].
pub(crate) fn files_for_a_minute() -> anyhow::Result<()> {
    let minutes = Some("1".to_owned());
    let wanted = Files { executions: Some(ENDLESS), minutes, ..Files::default() };
    timed("torture files for a minute", || files(&wanted))
}

fn words(wanted: &Files) -> Vec<OsString> {
    let Files { executions, seed, minutes, format, case, out } = wanted;
    let number = |number: &Option<u64>| number.map(|number| number.to_string().into());
    let text = |text: &Option<String>| text.as_ref().map(OsString::from);
    let options: [(&str, Option<OsString>); 6] = [
        ("--executions", number(executions)),
        ("--seed", number(seed)),
        ("--minutes", text(minutes)),
        ("--format", text(format)),
        ("--case", number(case)),
        ("--out", out.as_ref().map(OsString::from)),
    ];
    let given = options.into_iter().filter_map(|(name, value)| Some([name.into(), value?]));
    given.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_handed_on() {
        assert_eq!(words(&Files::default()), [""; 0]);
        let format = Some("png".to_owned());
        let wanted = Files { format, case: Some(12345), ..Files::default() };
        assert_eq!(words(&wanted), ["--format", "png", "--case", "12345"]);
    }
}
