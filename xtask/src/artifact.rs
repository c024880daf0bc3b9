//! Programs that cargo builds, found where cargo reports them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

use crate::step;

/// Runs a call of cargo that builds the target `name`, and returns the path of its program.
///
/// # Errors
/// The build fails, or makes no such program.
pub(crate) fn built(command: &mut Command, name: &str) -> anyhow::Result<PathBuf> {
    say!("    $ {}", step::shown(command));
    command.arg("--message-format=json-render-diagnostics");
    let messages = step::output(command)?;
    let program = messages.lines().find_map(|line| program(line, name));
    program.with_context(|| format!("cargo built no program `{name}`"))
}

/// The part of cargo's messages that contains a program's path.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

fn program(line: &str, name: &str) -> Option<PathBuf> {
    let message: Message = serde_json::from_str(line).ok()?;
    message.target.filter(|target| target.name == name).and(message.executable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_the_messages_of_cargo() {
        let messages = [
            r#"{"reason":"compiler-artifact","target":{"name":"gan-core"},"executable":null}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"gan"},"executable":"/t/gan"}"#,
            r#"{"reason":"build-finished","success":true}"#,
        ];
        let found: Vec<_> = messages.iter().filter_map(|line| program(line, "gan")).collect();
        assert_eq!(found, [PathBuf::from("/t/gan")]);
    }
}
