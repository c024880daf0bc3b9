//! The supervisor: starts workers, watches them, and continues where one has died.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::args::Plan;
use crate::case::Case;
use crate::format::Format;
use crate::oracle::Verdict;
use crate::process;
use crate::report::{Fault, Report};
use crate::worker::{Said, shortened};

/// Cases of one worker's life: a format has its turn often, and memory that leaks shows.
const BATCH: u64 = 250;
/// The processor time that one case may take, in hundredths of a second.
const PROCESSOR_TIME: u64 = 1000;
/// The time that one case may take where the processor time is unknown, or the reader sleeps.
const WALL_TIME: Duration = Duration::from_secs(60);
/// How often a worker that is silent is looked at.
const GLANCE: Duration = Duration::from_millis(200);
/// The address space of a worker, so that a runaway one ends before the machine does.
const ADDRESS_SPACE_MIB: u64 = 4096;

/// A part of the plan: a format by its index, and the numbers of cases.
struct Batch {
    index: usize,
    cases: Range<u64>,
}

/// What all threads share.
struct Shared<'a> {
    plan: &'a Plan,
    batches: Mutex<VecDeque<Batch>>,
    report: Mutex<Report>,
    scratch: &'a Path,
    deadline: Option<Instant>,
}

/// Read all cases of the plan, print faults as they come and the table at the end.
/// Whether there was no fault.
///
/// # Errors
/// No worker can be started, or no input kept.
pub(crate) fn run(plan: &Plan) -> anyhow::Result<bool> {
    let began = Instant::now();
    let scratch = tempfile::tempdir().context("cannot make a folder for the inputs")?;
    let shared = Shared {
        plan,
        batches: Mutex::new(batches(plan)),
        report: Mutex::default(),
        scratch: scratch.path(),
        deadline: plan.time.map(|time| began + time),
    };
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(|| shared.work())).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    let mut report = shared.report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.time = began.elapsed();
    println!("{report}");
    Ok(report.n_faults() == 0)
}

/// The formats take turns, so that a plan cut short has all of them.
fn batches(plan: &Plan) -> VecDeque<Batch> {
    let n_formats = plan.formats.len() as u64;
    let share =
        |index: u64| plan.executions / n_formats + u64::from(index < plan.executions % n_formats);
    let mut batches = VecDeque::new();
    for begin in (0..share(0)).step_by(BATCH as usize) {
        for index in 0..n_formats {
            let cases = begin..share(index).min(begin + BATCH);
            if !cases.is_empty() {
                let cases = plan.first + cases.start..plan.first + cases.end;
                batches.push_back(Batch { index: index as usize, cases });
            }
        }
    }
    batches
}

impl Shared<'_> {
    fn work(&self) -> anyhow::Result<()> {
        let next = || self.batches.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        while let Some(mut batch) = next() {
            // A worker that died is followed by another, from the case after.
            while !batch.cases.is_empty() && !self.is_late() {
                self.watch(&mut batch)?;
            }
        }
        Ok(())
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// One worker's life; the cases that it is through with are taken out of the batch.
    fn watch(&self, batch: &mut Batch) -> anyhow::Result<()> {
        let format = self.plan.formats[batch.index];
        let mut worker = Worker::start(format, batch.cases.clone(), self.scratch)?;
        while !batch.cases.is_empty() && !self.is_late() {
            match worker.next() {
                Heard::Said(Said::Begun) => worker.began(),
                Heard::Said(Said::Ended(verdict)) => {
                    worker.ended();
                    batch.cases.start += 1;
                    self.count(batch, batch.cases.start - 1, verdict)?;
                }
                Heard::Nothing(what) => {
                    batch.cases.start += 1;
                    return self.count(batch, batch.cases.start - 1, Verdict::Fault(what));
                }
            }
        }
        Ok(())
    }

    fn count(&self, batch: &Batch, case: u64, verdict: Verdict) -> anyhow::Result<()> {
        let format = self.plan.formats[batch.index];
        if let Verdict::Fault(what) = &verdict {
            let kept = keep(format, case, &self.plan.out)?;
            println!("{}", Fault { format: format.name, case, what: what.clone(), kept });
        }
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.add(batch.index, format.name, &verdict);
        Ok(())
    }
}

/// Write the input of a case where a user finds it.
fn keep(format: &Format, case: u64, out: &Path) -> anyhow::Result<PathBuf> {
    let folder = out.join(format!("{}-{case}", format.name));
    let input = Case::of(format, &(format.seeds)(), case).input;
    input.write(&folder).with_context(|| format!("cannot write {}", folder.display()))?;
    Ok(folder)
}

/// What came of waiting for a worker.
enum Heard {
    Said(Said),
    /// It has died or had to be ended, for this reason.
    Nothing(String),
}

/// A process that reads, with its output.
struct Worker {
    child: Child,
    said: Receiver<String>,
    errors: Option<JoinHandle<String>>,
    /// When it began with the case, or to make it.
    since: Instant,
    /// Its processor time when it began to read; `None` while it makes an input.
    processor_time: Option<u64>,
}

impl Worker {
    fn start(format: &Format, cases: Range<u64>, scratch: &Path) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("this program does not know its own path")?;
        let mut command = process::limited(&program, ADDRESS_SPACE_MIB);
        command.args(["work", format.name, &cases.start.to_string(), &cases.end.to_string()]);
        command.env("TMPDIR", scratch);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("cannot start a worker")?;
        let errors = child.stderr.take().map(|errors| thread::spawn(|| last_words(errors)));
        let said = child.stdout.take().context("a worker has no output").map(lines)?;
        Ok(Self { child, said, errors, since: Instant::now(), processor_time: None })
    }

    fn began(&mut self) {
        self.since = Instant::now();
        self.processor_time = process::processor_time(self.child.id());
    }

    fn ended(&mut self) {
        (self.since, self.processor_time) = (Instant::now(), None);
    }

    fn next(&mut self) -> Heard {
        loop {
            match self.said.recv_timeout(GLANCE) {
                Ok(line) => match Said::parse(&line) {
                    Some(said) => return Heard::Said(said),
                    // A reader that prints does no harm here, but none should print.
                    None => return Heard::Nothing(format!("the reader printed {line:?}")),
                },
                Err(RecvTimeoutError::Disconnected) => {
                    return Heard::Nothing(self.cause_of_death());
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(overdue) = self.overdue() {
                        return Heard::Nothing(overdue);
                    }
                }
            }
        }
    }

    fn overdue(&self) -> Option<String> {
        let now = process::processor_time(self.child.id());
        let used = now.zip(self.processor_time).map(|(now, then)| now.saturating_sub(then));
        if used.is_some_and(|used| used > PROCESSOR_TIME) {
            return Some(format!("time: more than {} s of processor time", PROCESSOR_TIME / 100));
        }
        let is_over = self.since.elapsed() > WALL_TIME;
        is_over.then(|| format!("time: no answer after {} s", WALL_TIME.as_secs()))
    }

    fn cause_of_death(&mut self) -> String {
        let status = self.child.wait().map_or_else(|error| error.to_string(), |s| s.to_string());
        let words = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        format!("died: {status}: {}", shortened(words.trim()))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(output: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The beginning of what a process writes to its standard error; the rest is read and dropped.
fn last_words(errors: ChildStderr) -> String {
    let mut errors = BufReader::new(errors);
    let mut words = Vec::new();
    let _ = errors.by_ref().take(2000).read_to_end(&mut words);
    let _ = std::io::copy(&mut errors, &mut std::io::sink());
    String::from_utf8_lossy(&words).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;

    #[test]
    fn the_cases_are_shared_out_among_the_formats() {
        let plan = Plan {
            formats: format::ALL.iter().take(3).collect(),
            executions: 1000,
            first: 10,
            time: None,
            out: PathBuf::new(),
        };
        let batches = batches(&plan);
        let of_format = |index: usize| -> Vec<Range<u64>> {
            batches.iter().filter(|b| b.index == index).map(|b| b.cases.clone()).collect()
        };
        assert_eq!(of_format(0), [10..260, 260..344]);
        assert_eq!(of_format(2), [10..260, 260..343]);
        assert_eq!(batches.iter().map(|b| b.cases.end - b.cases.start).sum::<u64>(), 1000);
    }
}
