//! A scratch folder for fault injection, and the program under test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

use crate::artifact;
use crate::workspace::{cargo, root};

/// A folder of its own in the target folder, with a program that has the feature `faults`.
pub(super) struct Sandbox {
    path: PathBuf,
    gan: PathBuf,
}

/// A short training that logs, evaluates, draws and saves often.
const TRAINING: [&str; 9] = [
    "log.every=3 steps",
    "checkpoint.every=10 steps",
    "checkpoint.keep=2",
    "pictures.every=10 steps",
    "pictures.count=16",
    "evaluation.every=10 steps",
    "evaluation.samples=200",
    "evaluation.mode_samples=100",
    "data.points=2000",
];

impl Sandbox {
    /// Builds the program, with the features that it has under test, and makes the folder.
    ///
    /// The program is copied: another build may replace it while it is tortured.
    pub(super) fn new(name: &str) -> anyhow::Result<Self> {
        // With what the examples depend on, it is the program that the tests have built.
        let mut build = cargo(&["build", "--locked", "--workspace", "--examples", "--bin", "gan"]);
        let built = artifact::built(&mut build, "gan")?;
        let path = root().join("target/torture").join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        let gan = path.join("gan-with-faults");
        fs::copy(&built, &gan).with_context(|| format!("cannot copy {}", built.display()))?;
        Ok(Self { path, gan })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn remove(&self) {
        // What stays of it is in the target folder.
        let _ = fs::remove_dir_all(&self.path);
    }

    /// `gan` with words, silent, in `folder`.
    pub(super) fn gan(&self, folder: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(&self.gan);
        command.current_dir(folder).args(words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    pub(super) fn program(&self) -> &Path {
        &self.gan
    }

    /// The arguments that start the run `run` of `steps` steps, or resume it.
    pub(super) fn training(steps: u64) -> Vec<String> {
        let words = ["train", "gan", "--resume", "--out", "run", "--device", "flex", "--steps"];
        let mut words: Vec<String> = words.map(str::to_owned).to_vec();
        words.push(steps.to_string());
        for setting in TRAINING {
            words.extend(["--set".to_owned(), setting.to_owned()]);
        }
        words
    }

    /// Starts the run `run` in `folder`, or resumes it.
    pub(super) fn train(&self, folder: &Path, steps: u64) -> Command {
        let words = Self::training(steps);
        self.gan(folder, &words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// A new folder for a trial.
    pub(super) fn trial(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.path.join(name);
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(path)
    }
}

/// Numbers that follow from a seed: SplitMix64.
pub(super) struct Draws(pub(super) u64);

impl Draws {
    /// A number from 0 up to, but not, `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % bound.max(1)
    }
}
