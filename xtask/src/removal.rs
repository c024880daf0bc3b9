//! Folders that are removed, if they are there.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// Removes a folder and all that is in it; nothing where there is none.
///
/// # Errors
/// The system refuses it.
pub(crate) fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
