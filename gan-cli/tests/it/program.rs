//! The program under test, started in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A temporary folder that programs are started in, so that every path in a test is relative.
pub(crate) struct Place {
    dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// Write a file, and its parent folders.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Every file and folder, by its path from here, with a hash of what is in it.
    pub(crate) fn listing(&self) -> BTreeMap<String, u64> {
        self.listing_of("")
    }

    /// [`listing`](Self::listing) of a folder in here, by the paths from that folder.
    pub(crate) fn listing_of(&self, folder: &str) -> BTreeMap<String, u64> {
        let root = self.path(folder);
        let mut found = BTreeMap::new();
        collect(&root, &root, &mut found);
        found
    }

    /// The names of the entries of a folder, sorted.
    pub(crate) fn names_in(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `gan` with the words of a command line.
    pub(crate) fn gan(&self, words: &str) -> Program {
        self.program(Command::new(env!("CARGO_BIN_EXE_gan")), words)
    }

    /// `gan`, unable to write more than `blocks` of 512 bytes into any one file.
    #[cfg(unix)]
    pub(crate) fn gan_with_little_disk(&self, blocks: u32, words: &str) -> Program {
        let mut shell = Command::new("sh");
        // Ignored, the signal leaves the write to fail: just so a full disk does.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_gan")]);
        self.program(shell, words)
    }

    /// `gan` with a shell's redirections, such as `2>/dev/full` or `>&-`.
    #[cfg(unix)]
    pub(crate) fn gan_redirected(&self, redirections: &str, words: &str) -> Program {
        let mut shell = Command::new("sh");
        let script = format!("exec \"$0\" \"$@\" {redirections}");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_gan")]);
        self.program(shell, words)
    }

    /// A small `gan train gan` that logs every step, and saves and draws every 20.
    pub(crate) fn train(&self, words: &str) -> Program {
        watched(self.gan(&format!("train gan {words}")))
    }

    /// A small `gan train dcgan` on a few digits of 32 pixels a side.
    pub(crate) fn train_images(&self, words: &str) -> Program {
        let small = ["data.subset=8", "train.batch=4", "pictures.count=4", "model.latent=4"];
        let program = self.gan(&format!("train dcgan {words}"));
        let program = small.iter().fold(program, |program, setting| program.set(setting));
        program.set("model.generator_width=2").set("model.critic_width=2")
    }

    /// A small `gan train cgan` on a few digits of 28 pixels a side, in their ten classes.
    pub(crate) fn train_classes(&self, words: &str) -> Program {
        let small = ["data.subset=8", "train.batch=4", "model.latent=4", "model.hidden=8"];
        let program = self.gan(&format!("train cgan {words}"));
        small.iter().fold(program, |program, setting| program.set(setting))
    }

    /// Give the ten classes of a run names, as its manifest has those of folders.
    pub(crate) fn name_classes(&self, run: &str) {
        let path = format!("{run}/manifest.json");
        let mut manifest: serde_json::Value = serde_json::from_slice(&self.bytes(&path)).unwrap();
        manifest["data"]["class_names"] = serde_json::json!([
            "cats",
            "dogs",
            "guinea pigs",
            "../up",
            "a/b",
            "A/B",
            "6th",
            "7",
            "x\ny",
            ".."
        ]);
        self.write(&path, manifest.to_string());
    }

    fn program(&self, mut command: Command, words: &str) -> Program {
        command.args(words.split_whitespace()).current_dir(self.dir.path());
        // A backtrace would be noise in a message, so it is provoked.
        command.env("RUST_BACKTRACE", "1").env_remove("NO_COLOR");
        command.env("GAN_CACHE_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
        if words.starts_with("train ") {
            // They take longer than the small trainings here; tests of them ask for them.
            command.args(["--set", "evaluation.features=none", "--set", "report=never"]);
        }
        Program { command }
    }

    /// Refused with one message that has all of `parts` in it, and no file touched.
    pub(crate) fn refuses(&self, program: Program, parts: &[&str]) {
        let before = self.listing();
        program.run().refused_saying(parts);
        assert_eq!(self.listing(), before, "a refused command changed files");
    }
}

/// Log every step, save and draw every 20; pictures are small.
pub(crate) fn watched(program: Program) -> Program {
    let program = program.set("log.every=1 step").set("checkpoint.every=20 steps");
    program.set("pictures.every=20 steps").set("pictures.count=16")
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, u64>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if path.is_dir() {
            collect(root, &path, found);
            found.insert(name + "/", 0);
        } else {
            let mut hasher = DefaultHasher::new();
            fs::read(&path).unwrap().hash(&mut hasher);
            found.insert(name, hasher.finish());
        }
    }
}

/// A program about to be started.
pub(crate) struct Program {
    pub(crate) command: Command,
}

impl Program {
    /// One more `--set`, whose value may have spaces in it.
    pub(crate) fn set(mut self, setting: &str) -> Self {
        self.command.args(["--set", setting]);
        self
    }

    /// One more word, which may have spaces in it.
    pub(crate) fn arg(mut self, word: &str) -> Self {
        self.command.arg(word);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn run(mut self) -> Outcome {
        Outcome::of(self.command.stdin(Stdio::null()).output().unwrap())
    }

    /// Run it to a good end.
    pub(crate) fn succeed(self) -> Outcome {
        let outcome = self.run();
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("error:"), "{}", outcome.stderr);
        outcome
    }

    /// Its standard error when its standard output is not read.
    pub(crate) fn stderr_without_reader(mut self) -> String {
        let command = self.command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        Outcome::of(child.wait_with_output().unwrap()).stderr
    }
}

/// A program that has ended.
pub(crate) struct Outcome {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It failed, and all that it printed is one message with all of `parts` in it.
    fn refused_saying(&self, parts: &[&str]) {
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        self.failed_saying(parts);
    }

    /// It failed, and what it printed ends with one message that has all of `parts` in it.
    pub(crate) fn failed_saying(&self, parts: &[&str]) {
        let stderr = &self.stderr;
        assert!(self.code.is_some_and(|code| code > 0), "exit code {:?}: {stderr}", self.code);
        let errors = stderr.lines().filter(|line| line.starts_with("error: ")).count();
        assert_eq!((errors, stderr.matches("error: ").count()), (1, 1), "{stderr}");
        for noise in ["panicked", "backtrace", "RUST_"] {
            assert!(!stderr.contains(noise), "{stderr}");
        }
        for part in parts {
            assert!(stderr.contains(part), "expected {part:?} in: {stderr}");
        }
        assert_eq!(self.stdout, "", "a failure belongs on standard error alone");
    }
}
