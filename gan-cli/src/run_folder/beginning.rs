//! A run folder in the making: it becomes a run, or nothing is left of it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Claim, METRICS, RunFolder, name_aside};
use crate::streams;
use crate::unfinished::{MadeFolders, parent_of};

/// The folders of a run.
const FOLDERS: [&str; 3] = ["samples", "plots", "checkpoints"];

/// A run folder without a run; dropped before [`finish`](Self::finish), it is as it was before.
#[expect(clippy::struct_excessive_bools, reason = "two facts that do not follow from each other")]
pub(crate) struct Beginning {
    folder: RunFolder,
    claim: Option<Claim>,
    /// Whether the folder was made here.
    is_new: bool,
    /// Whether everything in the folder is of this start, or of one that came to nothing.
    is_own: bool,
    /// The present path of the run that was there before.
    aside: Option<PathBuf>,
    above: Option<MadeFolders>,
}

impl Beginning {
    /// A folder for a new run; one that is there is refused, or moved aside with `force`.
    ///
    /// Nothing is removed: with `force` the old folder is kept under another name.
    pub(crate) fn at(root: &Path, force: bool) -> anyhow::Result<Self> {
        let above = MadeFolders::down_to(parent_of(root))
            .with_context(|| format!("cannot make the folder {}", root.display()))?;
        let mut beginning = Self {
            folder: RunFolder { root: root.to_owned() },
            claim: None,
            is_new: false,
            is_own: false,
            aside: None,
            above: Some(above),
        };
        if root.exists() && !root.is_dir() {
            beginning.move_aside(force)?;
        }
        beginning.is_new = make_folder(root)?;
        beginning.claim = Some(Claim::of(root)?);
        if !is_unfinished(root) {
            // Examined under the lock: no other process changes what is found here.
            beginning.move_aside(force)?;
            if !make_folder(root)? {
                bail!("{} has been begun by another process meanwhile", root.display());
            }
            beginning.is_new = true;
            beginning.claim = Some(Claim::of(root)?);
        }
        beginning.is_own = true;
        beginning.lay_out()?;
        Ok(beginning)
    }

    /// The folders of a run, without what a start that was killed has left.
    fn lay_out(&self) -> anyhow::Result<()> {
        let root = &self.folder.root;
        for name in FOLDERS {
            let path = root.join(name);
            if path.is_dir() {
                sweep(&path)?;
            } else {
                gan_files::create_folder(&path)?;
            }
        }
        Ok(gan_files::sweep(root, gan_files::TEMPORARY)?)
    }

    pub(crate) fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// It is a run now.
    pub(crate) fn finish(mut self) -> anyhow::Result<Claim> {
        if let Some(above) = self.above.take() {
            above.keep();
        }
        if let Some(aside) = self.aside.take() {
            let old = self.folder.root.display();
            streams::say(&format!("moved the old {old} to {}", aside.display()));
        }
        self.claim.take().context("a run folder without a claim cannot be finished")
    }

    fn move_aside(&mut self, force: bool) -> anyhow::Result<()> {
        let root = &self.folder.root;
        if !force {
            let go_on = match root.join("config.toml").is_file() {
                true => "go on with it by --resume, ",
                false => "",
            };
            bail!(
                "{} exists; {go_on}replace it by --force, or name another folder by --out",
                root.display()
            );
        }
        let aside = name_aside(root);
        gan_files::rename(root, &aside)
            .with_context(|| format!("cannot move {} aside", root.display()))?;
        if let Some(claim) = &mut self.claim {
            claim.moved_to(&aside);
        }
        self.aside = Some(aside);
        Ok(())
    }
}

impl Drop for Beginning {
    fn drop(&mut self) {
        // After `finish` there is no claim any more.
        let Some(claim) = self.claim.take().filter(Claim::is_intact) else { return };
        let root = &self.folder.root;
        if self.is_own {
            for name in ["config.toml", "manifest.json", METRICS] {
                let _ = fs::remove_file(root.join(name));
            }
            // The first checkpoint of a branch is of a later step than 0.
            let _ = gan_files::sweep(&root.join("checkpoints"), "step-");
            for name in FOLDERS {
                let _ = sweep(&root.join(name));
                let _ = fs::remove_dir(root.join(name));
            }
        }
        drop(claim);
        if self.is_new
            && fs::remove_dir(root).is_ok()
            && let Some(aside) = &self.aside
        {
            let _ = fs::rename(aside, root);
        }
    }
}

/// Whether the folder was made now; it may be there.
fn make_folder(root: &Path) -> anyhow::Result<bool> {
    match gan_files::create_folder(root) {
        Ok(()) => Ok(true),
        Err(_) if root.is_dir() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn sweep(folder: &Path) -> anyhow::Result<()> {
    for prefix in [gan_files::TEMPORARY, ".unfinished-", "step-0000000000"] {
        gan_files::sweep(folder, prefix)?;
    }
    Ok(())
}

/// Whether there is nothing in a folder but what a start leaves behind that was killed: a run has a
/// `config.toml`, which is written last.
pub(crate) fn is_unfinished(root: &Path) -> bool {
    let Ok(entries) = fs::read_dir(root) else { return false };
    entries.flatten().all(|entry| match entry.file_name().to_str() {
        Some(gan_files::Lock::NAME | "manifest.json") => true,
        Some(name) if FOLDERS.contains(&name) => is_left_over(&entry.path()),
        Some(name) => name.starts_with(gan_files::TEMPORARY),
        None => false,
    })
}

fn is_left_over(folder: &Path) -> bool {
    let is_ours = |name: &OsStr| {
        let name = name.to_string_lossy();
        let prefixes = [gan_files::TEMPORARY, ".unfinished-", "step-0000000000"];
        prefixes.iter().any(|prefix| name.starts_with(prefix))
    };
    fs::read_dir(folder)
        .is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(|e| is_ours(&e.file_name()))))
}
