//! The commands that `README.md` and the course's pages name exist.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::ci::manifest::Manifest;
use crate::course::{self, Course};
use crate::experiment::{Experiment, names};
use crate::workspace::{root, succeeds};
use crate::{args, nearest};

/// Checks every `cargo xtask COMMAND` and every experiment's name.
///
/// # Errors
/// A file cannot be read, or names something that does not exist.
pub(crate) fn check_xtask_commands() -> anyhow::Result<()> {
    let mut known = names()?;
    known.push(course::NAME.to_owned());
    for (file, lines) in files()? {
        check_lines(&lines, &known).with_context(|| format!("the commands in {file}"))?;
    }
    Ok(())
}

/// Checks every `gan COMMAND` against the program that the tests have built.
///
/// # Errors
/// A file cannot be read, names a command that `gan` does not know, or there is no `gan`.
pub(crate) fn check_gan_commands() -> anyhow::Result<()> {
    let built = Manifest::read()?.target_directory.join("debug").join("gan");
    let gan = built.with_extension(EXE_SUFFIX.trim_start_matches('.'));
    ensure!(gan.exists(), "the tests left no {} to ask", gan.display());
    for (file, lines) in files()? {
        for line in lines {
            let Some(word) = gan_command(&line) else {
                continue;
            };
            if !succeeds(Command::new(&gan).args([word, "--help"])) {
                bail!("{file} says `{line}`, but `{} {word} --help` fails", gan.display());
            }
        }
    }
    Ok(())
}

/// Checks that every experiment stands in xtask's README with its title.
///
/// # Errors
/// An experiment does not, or a file cannot be read.
pub(crate) fn check_experiments() -> anyhow::Result<()> {
    let path = root().join("xtask").join("README.md");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    for name in names()? {
        let row = format!("| `{name}` | {} |\n", Experiment::load(&name)?.title);
        ensure!(text.contains(&row), "{} lacks the line {}", path.display(), row.trim_end());
    }
    Ok(())
}

/// Each file with the lines of code in it.
fn files() -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let pages = Course::load()?.pages;
    let pages = pages.iter().map(|page| format!("course/{page}.md"));
    let read = |name: String| {
        let path = root().join(&name);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((name, commands(&text)))
    };
    ["README.md".to_owned()].into_iter().chain(pages).map(read).collect()
}

fn check_lines(lines: &[String], experiments: &[String]) -> anyhow::Result<()> {
    for line in lines {
        let mut words = words(line).skip_while(|word| *word != "cargo").skip(1);
        if words.next() != Some("xtask") {
            continue;
        }
        let named = || format!("`{line}`");
        let Some(command) = words.next().filter(|word| is_name(word)) else {
            continue;
        };
        if !args::COMMANDS.contains(&command) {
            bail!("{}: {}", named(), nearest::unknown("command", command, args::COMMANDS));
        }
        let subject = words.next().filter(|word| is_name(word));
        if let (true, Some(name)) = (command == "experiment", subject)
            && !experiments.iter().any(|known| known == name)
        {
            bail!("{}: {}", named(), nearest::unknown("experiment", name, experiments));
        }
    }
    Ok(())
}

/// Lines of code: those of fenced blocks, and what stands between single backticks in the text.
fn commands(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.push(line.trim().trim_start_matches("$ ").to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The command that a line gives to `gan`, started by itself or through `cargo run`.
fn gan_command(line: &str) -> Option<&str> {
    let mut words = words(line);
    let first = words.next()?;
    let command = match Path::new(first).file_name()?.to_str()? {
        "gan" => words.next(),
        "cargo" if words.next() == Some("run") && line.contains("gan-cli") => {
            words.skip_while(|word| *word != "--").nth(1)
        }
        _ => None,
    };
    command.filter(|word| is_name(word))
}

/// The words of a command up to a comment.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace().take_while(|word| !word.starts_with('#'))
}

/// A word that names something, unlike an option or a placeholder such as `NAME`.
fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Run `cargo xtask test`, or `gan list`.

```sh
$ cargo xtask experiment moons --quick  # two minutes
gan train dcgan
```
Words about cargo xtask nonsense outside of code.";

    #[test]
    fn commands_are_found_in_code_only() {
        let expected = [
            "cargo xtask test",
            "gan list",
            "cargo xtask experiment moons --quick  # two minutes",
            "gan train dcgan",
        ];
        assert_eq!(commands(TEXT), expected);
    }

    #[test]
    fn commands_that_do_not_exist_are_named() {
        let experiments = ["moons".to_owned()];
        let check = |line: &str| check_lines(&[line.to_owned()], &experiments);
        for line in commands(TEXT).iter().map(String::as_str).chain([
            "cargo xtask experiment NAME",
            "cargo xtask --help",
            "cargo test",
            "NO_COLOR=1 cargo xtask ci",
        ]) {
            assert!(check(line).is_ok(), "{line}");
        }
        let complaint = |line: &str| check(line).unwrap_err().to_string();
        assert!(complaint("cargo xtask tests").contains("did you mean `test`?"));
        assert!(complaint("cargo xtask experiment mons").contains("did you mean `moons`?"));
    }

    #[test]
    fn the_commands_of_gan_are_found_however_it_is_started() {
        for (line, command) in [
            ("gan train dcgan", Some("train")),
            ("./target/release/gan sample runs/a", Some("sample")),
            ("cargo run --release -p gan-cli -- list", Some("list")),
            ("cargo run -p gan-cli", None),
            ("gan --help", None),
            ("gan-core = \"0.1\"", None),
            ("", None),
        ] {
            assert_eq!(gan_command(line), command, "{line}");
        }
    }
}
