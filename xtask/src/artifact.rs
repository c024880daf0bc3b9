//! Programs that cargo builds, found where cargo reports them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

use crate::step;

/// Runs a call of cargo that builds the target `name`, and returns the path of its program.
///
/// # Errors
/// The build fails, or makes no such program.
pub(crate) fn built(command: &mut Command, name: &str) -> anyhow::Result<PathBuf> {
    let found = messages(command)?.into_iter().find(|message| message.target.name == name);
    found
        .map(|message| message.executable)
        .with_context(|| format!("cargo built no program `{name}`"))
}

/// A program that contains tests.
pub(crate) struct TestProgram {
    /// The name of its target.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Where cargo would start it: the folder of its package.
    pub(crate) folder: PathBuf,
}

impl TestProgram {
    /// The name of its package.
    pub(crate) fn package(&self) -> &OsStr {
        self.folder.file_name().unwrap_or_default()
    }
}

/// Runs a call of cargo that builds tests without running them, and returns their programs.
///
/// # Errors
/// The build fails.
pub(crate) fn tests(command: &mut Command) -> anyhow::Result<Vec<TestProgram>> {
    let mut found = messages(command)?;
    found.retain(|message| message.profile.test);
    let program = |message: Message| {
        let folder = message.manifest_path.parent().unwrap_or(Path::new("")).to_path_buf();
        TestProgram { name: message.target.name, path: message.executable, folder }
    };
    Ok(found.into_iter().map(program).collect())
}

fn messages(command: &mut Command) -> anyhow::Result<Vec<Message>> {
    say!("    $ {}", step::shown(command));
    command.arg("--message-format=json-render-diagnostics");
    // Other messages than those of a program do not have its parts.
    let text = step::output(command)?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// The part of cargo's messages that says where a program is.
#[derive(Deserialize)]
struct Message {
    target: Target,
    #[serde(default)]
    profile: Profile,
    #[serde(default)]
    manifest_path: PathBuf,
    executable: PathBuf,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Default, Deserialize)]
struct Profile {
    test: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_of_programs_are_read() {
        let library = r#"{"target":{"name":"gan-core"},"profile":{"test":false},"manifest_path":"/w/Cargo.toml","executable":null}"#;
        let program = r#"{"target":{"name":"gan"},"profile":{"test":true},"manifest_path":"/w/Cargo.toml","executable":"/t/gan"}"#;
        let finished = r#"{"reason":"build-finished","success":true}"#;
        let read = |line| serde_json::from_str::<Message>(line).ok();
        assert!(read(library).is_none() && read(finished).is_none());
        let found = read(program).unwrap();
        assert_eq!((&*found.target.name, found.profile.test), ("gan", true));
        assert_eq!(found.executable, PathBuf::from("/t/gan"));
    }
}
