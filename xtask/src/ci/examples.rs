//! The examples of the libraries run.

use std::fs;
use std::path::PathBuf;

use anyhow::ensure;

use crate::step::run as run_command;
use crate::workspace::{cargo, root};

/// Runs every example.
///
/// # Errors
/// An example fails.
pub(crate) fn check() -> anyhow::Result<()> {
    let all = all()?;
    ensure!(!all.is_empty(), "no crate has an example");
    for (package, path) in all {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        run_command(&mut cargo(&["run", "-q", "--locked", "-p", &package, "--example", &name]))?;
    }
    Ok(())
}

/// The package and the file of every example.
fn all() -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root())? {
        let folder = entry?.path();
        let Ok(files) = fs::read_dir(folder.join("examples")) else { continue };
        let package = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for file in files {
            let path = file?.path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                found.push((package.clone(), path));
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
    fn a_loss_a_penalty_and_a_probe_of_ones_own_have_an_example() {
        let all = all().unwrap();
        for name in ["own_loss.rs", "own_penalty.rs", "own_probe.rs", "own_recipe.rs"] {
            assert!(all.iter().any(|(_, path)| path.ends_with(name)), "{name}");
        }
    }
}
