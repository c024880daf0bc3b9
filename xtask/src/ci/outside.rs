//! A crate outside the workspace, as a user's is, with the examples that define something of their own.

use std::fs;

use crate::ci::manifest::Manifest;
use crate::step::run as run_command;
use crate::workspace::{cargo, root};

/// What a user may define: each is one file, taken from the examples of this crate.
const DEFINED: &[(&str, &str)] = &[
    ("gan-models", "own_loss"),
    ("gan-models", "own_penalty"),
    ("gan-models", "own_probe"),
    ("gan-eval", "own_features"),
];
/// The libraries that such a crate depends on.
const LIBRARIES: &[&str] = &["gan-core", "gan-data", "gan-eval", "gan-models"];

/// Type-checks them on path dependencies, with nothing of the workspace but its lock file: what is seen
/// here is what a library needs and only another member of the workspace switches on. That they run is
/// seen where the examples do.
///
/// # Errors
/// The crate cannot be written, or does not type-check.
pub(crate) fn check() -> anyhow::Result<()> {
    let folder = Manifest::read()?.target_directory.join("outside");
    let programs = folder.join("src").join("bin");
    fs::create_dir_all(&programs)?;
    fs::write(folder.join("Cargo.toml"), manifest())?;
    // The versions that the workspace was tested with; cargo adds the crate itself.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    for (library, name) in DEFINED {
        let file = format!("{name}.rs");
        fs::copy(root().join(library).join("examples").join(&file), programs.join(&file))?;
    }
    let mut check = cargo(&["check"]);
    run_command(check.current_dir(&folder).arg("--target-dir").arg(folder.join("target")))
}

/// The manifest that a user would write, but for the paths.
fn manifest() -> String {
    let path = |name: &&str| {
        let path = root().join(name).display().to_string().replace('\\', "/");
        format!("{name} = {{ path = \"{path}\" }}\n")
    };
    let libraries: String = LIBRARIES.iter().map(path).collect();
    format!(
        "[package]\nname = \"outside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nburn = {{ version = \"0.22.1\", default-features = false, \
         features = [\"std\", \"flex\"] }}\n{libraries}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_a_users() {
        let manifest: toml::Table = manifest().parse().unwrap();
        let names: Vec<&str> =
            manifest["dependencies"].as_table().unwrap().keys().map(|k| &**k).collect();
        assert_eq!(names, ["burn", "gan-core", "gan-data", "gan-eval", "gan-models"]);
    }
}
