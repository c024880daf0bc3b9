//! The program `gan` of these tests: `sweep run` is this test program started again, `train` is a script, or
//! the program that the environment variable `GAN` names.

use std::env;
use std::error::Error;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gan_sweep::{Collection, Definition, Plan, Status, Stop, SweepFolder, Work};

const STAND_IN: &str = include_str!("stand_in.sh");
const WORDS: &str = "GAN_SWEEP_WORDS";

/// A planned sweep in a folder of its own, with a program.
pub(crate) struct Sweep {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) folder: SweepFolder,
    pub(crate) plan: Plan,
    pub(crate) program: PathBuf,
}

/// A configuration as a file that `gan train` takes: the recipe, the seed and the settings, each a line.
fn resolve(
    recipe: &str,
    set: &[String],
    seed: u64,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let settings = set.iter().map(|setting| setting.replacen('=', " = ", 1) + "\n");
    Ok(format!("recipe = {recipe:?}\nseed = {seed}\n{}", settings.collect::<String>()))
}

impl Sweep {
    pub(crate) fn new(text: &str) -> Self {
        let dir = tempfile::Builder::new().prefix("sweep").tempdir().unwrap();
        let folder = SweepFolder::at(&dir.path().join("sweep"));
        let plan = Plan::of(&Definition::parse(text).unwrap(), &resolve).unwrap();
        plan.write(&folder, text.as_bytes()).unwrap();
        let program = dir.path().join("gan");
        let trainer = env::var_os("GAN").map_or(dir.path().join("stand-in"), PathBuf::from);
        script(&dir.path().join("stand-in"), STAND_IN);
        let text = format!(
            "#!/bin/sh\n[ \"$1\" = train ] && exec '{}' \"$@\"\n\
             {WORDS}=\"$*\" exec '{}' --exact program::a_process_of_the_program --nocapture\n",
            trainer.display(),
            env::current_exe().unwrap().display()
        );
        script(&program, &text);
        Self { dir, folder, plan, program }
    }

    /// Work with `stop`; what it says is thrown away.
    pub(crate) fn work<'a>(&'a self, stop: &'a Stop) -> Work<'a> {
        let (folder, program) = (&self.folder, &*self.program);
        Work { folder, program, stop, say: &|_| (), patience: Duration::ZERO }
    }

    pub(crate) fn states(&self) -> Vec<&'static str> {
        let status = Status::of(&self.folder, &self.plan);
        status.trainings.iter().map(|training| training.state.name()).collect()
    }

    /// Which steps the training of this index has made, in their order.
    pub(crate) fn trace(&self, idx: usize) -> Vec<u32> {
        let path = self.folder.run(&self.plan.trainings[idx]).join("trace");
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().map(|line| line.parse().unwrap()).collect()
    }

    /// The bytes of the tables.
    pub(crate) fn tables(&self) -> [Vec<u8>; 3] {
        Collection::of(&self.folder, &self.plan).unwrap().write(&self.folder).unwrap();
        ["md", "csv", "json"].map(|ending| fs::read(self.folder.table(ending)).unwrap())
    }
}

fn script(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Waits for something, at most so many seconds.
pub(crate) fn wait_until(what: &str, seconds: u64, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(seconds), "{what}: not after {seconds} s");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Nothing to do unless it is started as the program: `sweep run DIR --index I --per-task M --patience S`.
#[test]
fn a_process_of_the_program() {
    let Ok(words) = env::var(WORDS) else { return };
    let words: Vec<&str> = words.split(' ').collect();
    let ["sweep", "run", dir, "--index", index, "--per-task", per_task, "--patience", patience] =
        words[..]
    else {
        panic!("{words:?}");
    };
    let (folder, stop) = (SweepFolder::at(Path::new(dir)), Stop::watch().unwrap());
    let program = folder.root().parent().unwrap().join("gan");
    let patience = Duration::from_secs(patience.parse().unwrap());
    let say = |line: &str| eprintln!("{line}");
    let work = Work { folder: &folder, program: &program, stop: &stop, say: &say, patience };
    let tally = work.task(index.parse().unwrap(), per_task.parse().unwrap()).unwrap();
    eprintln!("{tally}");
    std::process::exit(tally.exit_code().into());
}
