//! The examples of the libraries run.

use std::env::consts::EXE_EXTENSION;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::ensure;

use crate::ci::manifest::Manifest;
use crate::step::run as run_command;
use crate::workspace::{cargo, root};

/// Runs every example.
///
/// # Errors
/// An example fails.
pub(crate) fn check() -> anyhow::Result<()> {
    let all = all()?;
    ensure!(!all.is_empty(), "no crate has an example");
    // All at once, with the features that the tests have: nothing is built a second time.
    run_command(&mut cargo(&["build", "--workspace", "--examples", "--locked"]))?;
    let built = Manifest::read()?.target_directory.join("debug").join("examples");
    for path in all {
        let name = path.file_stem().unwrap_or_default();
        run_command(&mut Command::new(built.join(name).with_extension(EXE_EXTENSION)))?;
    }
    Ok(())
}

/// The file of every example.
fn all() -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root())? {
        let folder = entry?.path();
        let Ok(files) = fs::read_dir(folder.join("examples")) else { continue };
        for file in files {
            let path = file?.path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_user_defines_has_an_example() {
        let all = all().unwrap();
        for name in
            ["own_loss.rs", "own_penalty.rs", "own_probe.rs", "own_features.rs", "own_recipe.rs"]
        {
            assert!(all.iter().any(|path| path.ends_with(name)), "{name}");
        }
    }
}
