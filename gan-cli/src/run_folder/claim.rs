//! The lock of a run folder: one writer at a time.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use gan_files::{Identity, Lock, LockError, Locked};

use crate::streams;

/// The right to write into a run folder, as long as it is held.
#[derive(Debug)]
pub(crate) struct Claim {
    root: PathBuf,
    identity: Identity,
    /// None where the file system offers no locks.
    lock: Option<Lock>,
}

impl Claim {
    /// That of `root`, which exists, unless another process writes into it.
    pub(crate) fn of(root: &Path) -> anyhow::Result<Self> {
        let lock = match Lock::of(root) {
            Ok(Locked::Held(lock)) => Some(lock),
            Ok(Locked::Unsupported) => {
                streams::say(&format!(
                    "warning: the file system of {} offers no locks: \
                     see to it that nothing else trains in this folder",
                    root.display()
                ));
                None
            }
            Err(LockError::Held(holder)) => bail!(
                "{} is being trained by {holder}: wait for it or stop it first",
                root.display()
            ),
            Err(LockError::File(error)) => return Err(error.into()),
        };
        let identity = Identity::of(root)
            .with_context(|| format!("cannot look at the folder {}", root.display()))?;
        Ok(Self { root: root.to_owned(), identity, lock })
    }

    /// Whether the folder is still where it was, and is not another of the same name.
    pub(crate) fn is_intact(&self) -> bool {
        Identity::of(&self.root).is_ok_and(|identity| identity == self.identity)
    }

    /// What to report when it is not.
    pub(crate) fn gone(&self) -> String {
        format!(
            "the run folder {} has gone (moved or deleted): nothing more is written; if it was \
             moved, go on where it is now with: gan train --resume --out DIR",
            self.root.display()
        )
    }

    /// The cause of an error: that the folder has gone, if it has.
    pub(crate) fn cause_of(&self, error: anyhow::Error) -> anyhow::Error {
        if self.is_intact() { error } else { anyhow::Error::msg(self.gone()) }
    }

    /// The folder continues under the name `aside`.
    pub(super) fn moved_to(&mut self, aside: &Path) {
        self.root = aside.to_owned();
        if let Some(lock) = &mut self.lock {
            lock.moved_to(aside);
        }
    }
}
