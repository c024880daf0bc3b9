//! Trainings as an idempotent piece of work: whatever starts them may start them twice.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use gan_files::{Lock, LockError, Locked};

use crate::failure::Failure;
use crate::folder::{look_again, make};
use crate::state::is_finished;
use crate::tally::{Became, Tally};
use crate::{Plan, Stop, SweepError, SweepFolder, Training, child};

/// How often something that is awaited is looked for.
const PAUSE: Duration = Duration::from_millis(200);

/// What trainings are started with.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Where they are planned.
    pub folder: &'a SweepFolder,
    /// The program `gan`.
    pub program: &'a Path,
    /// The wish for an early end.
    pub stop: &'a Stop,
    /// Where messages go.
    pub say: &'a (dyn Fn(&str) + Sync),
    /// How long to wait for what another machine has written, or holds, and a shared file system may
    /// show late.
    pub patience: Duration,
}

/// What one of several trainings at a time has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// The messages of the caller, and the threads that it would have itself.
    Whole,
    /// A file for its words, in the folder `logs`, and so many threads.
    Share { threads: Option<usize> },
}

/// The right to start a training.
enum Claim {
    /// Held until it is dropped; without a lock where the file system has none.
    Ours(Option<Lock>),
    /// It is somebody else's: who, in words.
    Theirs(String),
}

impl Work<'_> {
    /// The plan, once it is there.
    ///
    /// # Errors
    /// It is not there in time, or is damaged.
    pub fn plan(&self) -> Result<Plan, SweepError> {
        let begin = Instant::now();
        loop {
            match Plan::read(self.folder) {
                Err(SweepError::NoPlan { .. }) if self.may_wait(begin) => {
                    look_again(self.folder.root());
                    thread::sleep(PAUSE);
                }
                read => return read,
            }
        }
    }

    /// Trains those of one task of the plan, one after the other; one that fails is recorded, and the next
    /// goes on.
    ///
    /// # Errors
    /// There is no such task, a file cannot be written, or the program cannot be started.
    pub fn task(&self, index: usize, per_task: usize) -> Result<Tally, SweepError> {
        let mut tally = Tally::default();
        for training in self.plan()?.task(index, per_task)? {
            if self.stop.is_asked() {
                tally.is_interrupted = true;
                break;
            }
            let became = self.train(training, Room::Whole)?;
            tally.count(&training.name, became);
            // Whoever told the training to end means the task.
            if became == Became::Interrupted {
                break;
            }
        }
        Ok(tally)
    }

    /// Brings one training to its end, unless it is there or is somebody else's.
    pub(crate) fn train(&self, training: &Training, room: Room) -> Result<Became, SweepError> {
        let (run, name) = (self.folder.run(training), &training.name);
        if is_finished(&run) {
            self.say(&format!("{name} is finished already"));
            return Ok(Became::FinishedBefore);
        }
        let _held = match self.claim(training)? {
            Claim::Ours(lock) => lock,
            Claim::Theirs(holder) => {
                self.say(&format!("{name} is being trained by {holder}: left to it"));
                return Ok(Became::Elsewhere);
            }
        };
        // Whoever held it before may have come to the end.
        if is_finished(&run) {
            self.say(&format!("{name} was finished meanwhile"));
            return Ok(Became::FinishedBefore);
        }
        self.start(training, room)
    }

    /// Starts the program on a training that is held.
    fn start(&self, training: &Training, room: Room) -> Result<Became, SweepError> {
        let (run, name) = (self.folder.run(training), &training.name);
        self.say(&format!("{name} (configuration {})", training.id));
        let record = self.folder.failure(training);
        if record.exists() {
            gan_files::remove_file(&record)?;
        }
        let ended = self.call(training, room)?;
        if ended.status.success() && is_finished(&run) {
            self.say(&format!("{name} is finished"));
            return Ok(Became::Finished);
        }
        if ended.is_interrupted() {
            self.say(&format!("{name} was stopped; it goes on when its task is started again"));
            return Ok(Became::Interrupted);
        }
        let failure = Failure::of(name, ended.status, ended.last);
        failure.write(&record)?;
        self.say(&format!("{name} failed: {}", failure.reason()));
        Ok(Became::Failed)
    }

    fn call(&self, training: &Training, room: Room) -> Result<child::Ended, SweepError> {
        let (config, run) = (self.folder.config(training), self.folder.run(training));
        for path in [&config, &run] {
            make(path.parent().unwrap_or(self.folder.root()))?;
        }
        if fs::read(&config).ok().as_deref() != Some(training.config.as_bytes()) {
            gan_files::replace(&config, training.config.as_bytes())?;
        }
        // With both a configuration and `--resume` it is begun, begun again or gone on with.
        let mut words: Vec<OsString> = vec!["train".into(), config.into(), "--resume".into()];
        words.extend(["--out".into(), run.into()]);
        words.extend(training.arguments.iter().map(OsString::from));
        match room {
            Room::Whole => child::run(self.program, &words, None, self.stop, self.say),
            Room::Share { threads } => {
                let log = self.log(training)?;
                // A training is not lost for the lack of its words.
                let hear = |line: &str| drop(writeln!(&log, "{line}"));
                child::run(self.program, &words, threads, self.stop, &hear)
            }
        }
    }

    fn log(&self, training: &Training) -> Result<File, SweepError> {
        let path = self.folder.logs().join(format!("{}.log", training.name));
        make(&self.folder.logs())?;
        let file = File::options().create(true).append(true).open(&path);
        Ok(file.map_err(|source| gan_files::FileError { path, source })?)
    }

    fn claim(&self, training: &Training) -> Result<Claim, SweepError> {
        let (path, run) = (self.folder.lock(training), self.folder.run(training));
        make(&path)?;
        let begin = Instant::now();
        loop {
            let holder = match Lock::of(&path) {
                // The training itself may have outlived the process that started it.
                Ok(Locked::Held(_)) if Lock::is_held(&run) => "a process on its own".to_owned(),
                Ok(Locked::Held(lock)) => return Ok(Claim::Ours(Some(lock))),
                Ok(Locked::Unsupported) => {
                    self.say(&format!(
                        "warning: the file system of {} offers no locks: see to it that no task is \
                         started twice",
                        path.display()
                    ));
                    return Ok(Claim::Ours(None));
                }
                Err(LockError::Held(holder)) => holder.to_string(),
                Err(LockError::File(error)) => return Err(error.into()),
            };
            if !self.may_wait(begin) {
                return Ok(Claim::Theirs(holder));
            }
            thread::sleep(PAUSE);
        }
    }

    fn may_wait(&self, begin: Instant) -> bool {
        begin.elapsed() < self.patience && !self.stop.is_asked()
    }

    pub(crate) fn say(&self, message: &str) {
        (self.say)(message);
    }
}
