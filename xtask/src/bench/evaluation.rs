//! `cargo xtask bench evaluation`: the numbers of 10,000 digits, and the same in Python, turn by turn.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use super::machine;
use super::spread::{Spread, short};
use super::worker::Worker;
use crate::artifact::built;
use crate::removal::remove_folder;
use crate::step::{self, timed};
use crate::workspace::{self, cargo};

/// Turns of either side.
const ROUNDS: usize = 5;
/// The path of the twin in the workspace.
const TWIN: &str = "gan-bench/src/bin/evaluation/twin.py";

/// A task of both sides, what it is, and what the twin does it with.
struct Task {
    name: &'static str,
    what: &'static str,
    twin: &'static str,
}

const fn task(name: &'static str, what: &'static str, twin: &'static str) -> Task {
    Task { name, what, twin }
}

/// In the order of the table.
const TASKS: [Task; 10] = [
    task("card-first", "full card, features included", "all below"),
    task("card", "the same, the real digits known already", "all below"),
    task("features", "features of the digits", "PyTorch"),
    task("frechet", "Fréchet distance", "NumPy cov, SciPy Cholesky and eigvalsh"),
    task("frechet-infinity", "FD∞ from 15 sizes", "the same"),
    task("kernel-distance", "KID, 10 subsets of 1,000", "torch-fidelity"),
    task("prdc", "precision, recall, density, coverage", "prdc"),
    task("authenticity", "AuthPct", "PyTorch cdist, single precision"),
    task("copying", "C_T in 3 cells", "scikit-learn, PyTorch cdist, SciPy"),
    task("duplicates", "near duplicates", "PyTorch cdist, single precision"),
];

/// The evaluation of digits, then the Fréchet distance at 2,048 dimensions; in Python as well where an interpreter
/// is named.
///
/// # Errors
/// A build fails, or a side does not answer.
pub(crate) fn evaluation(python: Option<&Path>) -> anyhow::Result<()> {
    let load = machine::load();
    let program = program()?;
    let scratch = program.with_file_name("bench-evaluation");
    remove_folder(&scratch)?;
    fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    let report = Sides::start(&program, python, &scratch)
        .and_then(|sides| timed("evaluation of 10,000 digits", || sides.measure(load, &scratch)));
    remove_folder(&scratch)?;
    let report = report?;
    let path = program.with_file_name("bench-evaluation.md");
    fs::write(&path, report.to_string())
        .with_context(|| format!("cannot write {}", path.display()))?;
    say!("\n{report}\nThis report is in {}\n", path.display());
    timed("Fréchet distance at 2,048 dimensions", || large_frechet(python))
}

/// Built beside `gan`, so that both share one build of Burn.
fn program() -> anyhow::Result<PathBuf> {
    let build = ["build", "--release", "-p", "gan-bench", "-p", "gan-cli", "--bins", "--locked"];
    built(&mut cargo(&build), "evaluation")
}

/// By the benchmark of the divergences, which has a twin of its own.
fn large_frechet(python: Option<&Path>) -> anyhow::Result<()> {
    let bench = ["bench", "-p", "gan-divergence", "--bench", "divergence", "--locked", "--"];
    let mut command = cargo(&bench);
    command.args(["frechet-2048", "moments-2048"]);
    if let Some(python) = python {
        command.env("GAN_BENCH_PYTHON", python);
    }
    step::run(&mut command)
}

/// The sides, started and waiting.
struct Sides {
    ours: Worker,
    python: Option<Worker>,
}

impl Sides {
    fn start(program: &Path, python: Option<&Path>, scratch: &Path) -> anyhow::Result<Self> {
        let mut ours = Worker::start("the evaluation", &mut Command::new(program))?;
        ours.ask(&format!("write {}", scratch.display()))?;
        let python = python.map(|interpreter| {
            let script = workspace::root().join(TWIN);
            Worker::start("Python", Command::new(interpreter).arg(script))
        });
        Ok(Self { ours, python: python.transpose()? })
    }

    fn measure(mut self, load: Option<f64>, scratch: &Path) -> anyhow::Result<Report> {
        let mut report = Report { load, versions: None, rows: Vec::new() };
        if let Some(python) = &mut self.python {
            report.versions = Some(python.ask("versions")?);
            python.ask(&format!("read {}", scratch.display()))?;
        }
        for task in &TASKS {
            say!("    {}", task.what);
            report.rows.push(self.row(task)?);
        }
        Ok(report)
    }

    /// The first turn of each side is not counted.
    fn row(&mut self, task: &'static Task) -> anyhow::Result<Row> {
        let mut row = Row { task, ours: Vec::new(), theirs: Vec::new() };
        for _ in 0..=ROUNDS {
            row.ours.push(Answer::of(&mut self.ours, task.name)?);
            if let Some(python) = &mut self.python {
                row.theirs.push(Answer::of(python, task.name)?);
            }
        }
        row.ours.remove(0);
        if !row.theirs.is_empty() {
            row.theirs.remove(0);
        }
        Ok(row)
    }
}

/// The answer to a task.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Answer {
    seconds: f64,
    number: f64,
}

impl Answer {
    fn of(worker: &mut Worker, task: &str) -> anyhow::Result<Self> {
        let answer = worker.ask(task)?;
        Self::read(&answer).with_context(|| format!("`{task}` was answered with `{answer}`"))
    }

    fn read(answer: &str) -> Option<Self> {
        let (seconds, number) = answer.split_once(' ')?;
        Some(Self { seconds: seconds.parse().ok()?, number: number.parse().ok()? })
    }
}

/// What both sides answered, turn by turn.
struct Row {
    task: &'static Task,
    ours: Vec<Answer>,
    theirs: Vec<Answer>,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |answers: &[Answer]| -> Vec<Option<f64>> {
            answers.iter().map(|answer| Some(answer.seconds)).collect()
        };
        let (ours, theirs) = (seconds(&self.ours), seconds(&self.theirs));
        let cell = |spread: Option<Spread>| spread.map_or("–".to_owned(), |s| s.to_string());
        let number = |answers: &[Answer]| {
            answers.last().map_or("–".to_owned(), |answer| short(answer.number))
        };
        let of = |seconds: &[Option<f64>]| Spread::of(seconds.iter().copied().flatten());
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {} |",
            self.task.what,
            cell(of(&ours)),
            self.task.twin,
            cell(of(&theirs)),
            cell(Spread::of_ratios(&theirs, &ours)),
            number(&self.ours),
            number(&self.theirs),
        )
    }
}

/// What was measured, and on what.
struct Report {
    load: Option<f64>,
    versions: Option<String>,
    rows: Vec<Row>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", machine::description())?;
        if let Some(load) = self.load {
            write!(f, "; load average before: {load}")?;
        }
        if let Some(versions) = &self.versions {
            write!(f, "; {versions}")?;
        }
        writeln!(f, "\n\nSeconds and ratios: median (lowest … highest) of {ROUNDS} turns.\n")?;
        writeln!(
            f,
            "| 10,000 digits against 10,000 | seconds | twin | its seconds | ratio | number | its number |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_seconds_and_a_number() {
        assert_eq!(Answer::read("0.5 -3"), Some(Answer { seconds: 0.5, number: -3.0 }));
        assert!(Answer::read("0.5").is_none() && Answer::read("a 1").is_none());
    }

    #[test]
    fn ratios_are_the_twins_seconds_over_ours() {
        let answers = |seconds: [f64; 3]| seconds.map(|seconds| Answer { seconds, number: 2.0 });
        let (ours, theirs) = (answers([1.0, 2.0, 4.0]).to_vec(), answers([2.0, 8.0, 4.0]).to_vec());
        let row = Row { task: &TASKS[2], ours: ours.clone(), theirs };
        let expected = "| features of the digits | 2.00 (1.00 … 4.00) | PyTorch | 4.00 (2.00 … 8.00) | \
                        2.00 (1.00 … 4.00) | 2.00 | 2.00 |";
        assert_eq!(row.to_string(), expected);
        let alone = Row { task: &TASKS[2], ours, theirs: Vec::new() };
        assert!(alone.to_string().ends_with("| PyTorch | – | – | 2.00 | – |"));
    }
}
