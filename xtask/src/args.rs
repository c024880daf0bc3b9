//! The command line, read into one value per command.

use std::ffi::OsString;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use lexopt::prelude::*;

use crate::experiment::{Form, Request, Start};
use crate::{bench, help, nearest, survival, torture};

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print this text.
    Help(&'static str),
    /// Say which experiments there are.
    ListExperiments,
    /// Run one of them.
    Experiment(Request),
    /// Run the tests.
    Test,
    /// Run every check.
    Ci,
    /// Read mutated files.
    TortureFiles(torture::Files),
    /// Measure the learner.
    BenchLearner,
    /// Measure the divergences.
    BenchDivergence {
        /// The Python interpreter to compare with, where one was named.
        python: Option<PathBuf>,
    },
    /// Measure the evaluation of digits.
    BenchEvaluation {
        /// The Python interpreter to compare with, where one was named.
        python: Option<PathBuf>,
    },
    /// Be rough to a run.
    Torture(survival::Wanted),
    /// Compare the speed of training.
    BenchTrain(bench::Wanted),
    /// Say where the time of a step goes.
    BenchProfile {
        /// The recipe to look at.
        recipe: String,
        /// Samples in a batch, where they are not the recipe's own.
        batch: Option<NonZeroU32>,
    },
}

/// Reads the arguments that follow `cargo xtask`.
///
/// # Errors
/// An unknown command or option (with the nearest known one), a missing or mistyped value.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let mut parser = lexopt::Parser::from_args(args);
    let Some(first) = parser.next()? else {
        return Ok(Command::Help(help::OVERVIEW));
    };
    match first {
        Long("help") | Short('h') => Ok(Command::Help(help::OVERVIEW)),
        Value(word) => match word.string()?.as_str() {
            "help" => Ok(Command::Help(help::OVERVIEW)),
            "experiment" => experiment(parser),
            "test" => alone(parser, Command::Test, help::TEST),
            "ci" => alone(parser, Command::Ci, help::CI),
            "bench" => bench(parser),
            "torture" => tortures(parser),
            word => bail!(nearest::unknown("command", word, COMMANDS)),
        },
        other => Err(other.unexpected().into()),
    }
}

/// Every command, for suggestions and for checking what the README names.
pub(crate) const COMMANDS: &[&str] = &["experiment", "test", "ci", "bench", "torture", "help"];
const EXPERIMENT_OPTIONS: &[&str] = &[
    "--list",
    "--quick",
    "--seeds",
    "--jobs",
    "--features",
    "--device",
    "--out",
    "--resume",
    "--help",
];
const BENCH_TRAIN_OPTIONS: &[&str] = &["--python", "--rounds", "--only", "--features", "--device"];
const TORTURE_FILES_OPTIONS: &[&str] =
    &["--executions", "--seed", "--minutes", "--format", "--case", "--out"];
const TORTURES: &[&str] = &["kill", "disk", "soak", "files"];
const BENCHES: &[&str] = &["learner", "divergence", "evaluation", "train", "profile"];

fn experiment(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut request = Request::default();
    let mut features: Vec<String> = Vec::new();
    let mut list = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::EXPERIMENT)),
            Long("list") => list = true,
            Long("quick") => request.form = Form::Quick,
            Long("resume") => request.start = Start::Resume,
            Long("seeds") => request.seeds = Some(seeds(&parser.value()?.string()?)?),
            Long("jobs") => request.jobs = Some(jobs(&parser.value()?.string()?)?),
            Long("features") => features.push(parser.value()?.string()?),
            Long("device") => request.device = Some(parser.value()?.string()?),
            Long("out") => request.out = Some(parser.value()?.into()),
            Value(name) if request.name.is_empty() => request.name = name.string()?,
            Long(option) => {
                bail!(nearest::unknown("option", &format!("--{option}"), EXPERIMENT_OPTIONS))
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if list {
        return Ok(Command::ListExperiments);
    }
    if request.name.is_empty() {
        bail!("`experiment` needs a name; `cargo xtask experiment --list` shows them");
    }
    request.features = (!features.is_empty()).then(|| features.join(","));
    Ok(Command::Experiment(request))
}

fn seeds(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--seeds wants a whole number from 1 on, found `{text}`"))
}

fn jobs(text: &str) -> anyhow::Result<NonZeroUsize> {
    text.parse().with_context(|| format!("--jobs wants a whole number from 1 on, found `{text}`"))
}

fn alone(
    mut parser: lexopt::Parser,
    command: Command,
    help: &'static str,
) -> anyhow::Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(Long("help") | Short('h')) => Ok(Command::Help(help)),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn bench(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let what = match parser.next()? {
        None => bail!("`bench` needs one of: {}", BENCHES.join(", ")),
        Some(Long("help") | Short('h')) => return Ok(Command::Help(help::BENCH)),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match what.as_str() {
        "learner" => alone(parser, Command::BenchLearner, help::BENCH),
        "divergence" => bench_python(parser, |python| Command::BenchDivergence { python }),
        "evaluation" => bench_python(parser, |python| Command::BenchEvaluation { python }),
        "train" => bench_train(parser),
        "profile" => bench_profile(parser),
        word => bail!(nearest::unknown("benchmark", word, BENCHES)),
    }
}

/// Without `--python`, what `GAN_BENCH_PYTHON` names.
fn bench_python(
    mut parser: lexopt::Parser,
    command: impl Fn(Option<PathBuf>) -> Command,
) -> anyhow::Result<Command> {
    let mut python = std::env::var_os("GAN_BENCH_PYTHON").map(PathBuf::from);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("python") => python = Some(PathBuf::from(parser.value()?)),
            other => return Err(unknown_option(other, &["--python"])),
        }
    }
    Ok(command(python))
}

fn bench_train(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut wanted = bench::Wanted::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("python") => wanted.python = Some(PathBuf::from(parser.value()?)),
            Long("rounds") => wanted.rounds = rounds(&parser.value()?.string()?)?,
            Long("features") => wanted.features = Some(parser.value()?.string()?),
            Long("device") => wanted.device = parser.value()?.string()?,
            Long("only") => {
                for recipe in parser.values()? {
                    wanted.only.push(measured(&recipe.string()?)?);
                }
            }
            other => return Err(unknown_option(other, BENCH_TRAIN_OPTIONS)),
        }
    }
    Ok(Command::BenchTrain(wanted))
}

fn bench_profile(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let (mut recipe, mut batch) = (None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::BENCH)),
            Long("batch") => batch = Some(samples(&parser.value()?.string()?)?),
            Value(name) if recipe.is_none() => recipe = Some(name.string()?),
            other => return Err(unknown_option(other, &["--batch"])),
        }
    }
    let recipe = recipe.context("`bench profile` needs a recipe, such as dcgan")?;
    Ok(Command::BenchProfile { recipe, batch })
}

fn tortures(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let what = match parser.next()? {
        None => bail!("`torture` needs one of: {}", TORTURES.join(", ")),
        Some(Long("help") | Short('h')) => return Ok(Command::Help(help::TORTURE)),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match what.as_str() {
        "files" => torture_files(parser),
        word if TORTURES.contains(&word) => {
            let wanted = survival::parse(word, &mut parser)?;
            Ok(wanted.map_or(Command::Help(help::TORTURE), Command::Torture))
        }
        word => bail!(nearest::unknown("torture", word, TORTURES)),
    }
}

fn torture_files(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut wanted = torture::Files::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help(help::TORTURE)),
            Long("executions") => wanted.executions = Some(whole("--executions", &mut parser)?),
            Long("seed") => wanted.seed = Some(whole("--seed", &mut parser)?),
            Long("case") => wanted.case = Some(whole("--case", &mut parser)?),
            Long("minutes") => wanted.minutes = Some(parser.value()?.string()?),
            Long("format") => wanted.format = Some(parser.value()?.string()?),
            Long("out") => wanted.out = Some(parser.value()?.into()),
            other => return Err(unknown_option(other, TORTURE_FILES_OPTIONS)),
        }
    }
    Ok(Command::TortureFiles(wanted))
}

fn whole(option: &str, parser: &mut lexopt::Parser) -> anyhow::Result<u64> {
    let text = parser.value()?.string()?;
    text.parse().with_context(|| format!("{option} wants a whole number, found `{text}`"))
}

fn unknown_option(arg: lexopt::Arg<'_>, known: &[&str]) -> anyhow::Error {
    match arg {
        Long(option) => anyhow!(nearest::unknown("option", &format!("--{option}"), known)),
        other => other.unexpected().into(),
    }
}

fn measured(recipe: &str) -> anyhow::Result<String> {
    if !bench::RECIPES.contains(&recipe) {
        bail!(nearest::unknown("recipe", recipe, &bench::RECIPES));
    }
    Ok(recipe.to_owned())
}

fn rounds(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--rounds wants a whole number from 1 on, found `{text}`"))
}

fn samples(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--batch wants a whole number from 1 on, found `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> anyhow::Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    fn complaint(line: &str) -> String {
        format!("{:#}", parsed(line).unwrap_err())
    }

    #[test]
    fn no_arguments_ask_for_help() {
        assert_eq!(parsed("").unwrap(), Command::Help(help::OVERVIEW));
        assert_eq!(parsed("ci --help").unwrap(), Command::Help(help::CI));
    }

    #[test]
    fn options_of_an_experiment_may_stand_anywhere() {
        let expected = Command::Experiment(Request {
            name: "moons".into(),
            form: Form::Quick,
            start: Start::Resume,
            seeds: NonZeroU32::new(3),
            jobs: NonZeroUsize::new(2),
            features: Some("cuda,wgpu".into()),
            device: Some("cuda:0".into()),
            out: Some("elsewhere".into()),
        });
        let line = "experiment --seeds=3 moons --quick --jobs 2 --features cuda --features wgpu \
                    --device cuda:0 --out elsewhere --resume";
        assert_eq!(parsed(line).unwrap(), expected);
    }

    #[test]
    fn benchmarks_have_options_of_their_own() {
        let line = "bench train --only gan wgan-gp --rounds 3 --python py --only dcgan \
                    --features tch --device tch";
        let expected = Command::BenchTrain(bench::Wanted {
            python: Some("py".into()),
            rounds: NonZeroU32::new(3).unwrap(),
            only: ["gan", "wgan-gp", "dcgan"].map(str::to_owned).to_vec(),
            features: Some("tch".into()),
            device: "tch".into(),
        });
        assert_eq!(parsed(line).unwrap(), expected);
        let default = Command::BenchTrain(bench::Wanted::default());
        assert_eq!(parsed("bench train").unwrap(), default);
        let (recipe, batch) = ("dcgan".to_owned(), NonZeroU32::new(16));
        let profile = Command::BenchProfile { recipe, batch };
        assert_eq!(parsed("bench profile dcgan --batch 16").unwrap(), profile);
    }

    #[test]
    fn a_torture_has_trials_a_seed_and_an_end() {
        let kill = survival::Wanted {
            trials: 1000,
            seed: 3,
            minutes: Some(1.5),
            ..survival::Wanted::of(survival::Kind::Kill)
        };
        let line = "torture kill --trials 1000 --seed 3 --minutes 1.5";
        assert_eq!(parsed(line).unwrap(), Command::Torture(kill));
        let mut soak = survival::Wanted::of(survival::Kind::Soak);
        soak.minutes = Some(120.0);
        assert_eq!(parsed("torture soak --hours 2").unwrap(), Command::Torture(soak));
        assert!(complaint("torture kil").contains("did you mean `kill`?"));
        assert!(complaint("torture disk --trial 3").contains("did you mean `--trials`?"));
        assert!(complaint("torture disk --minutes 0").contains("--minutes wants"));
        assert!(complaint("torture").contains("kill, disk, soak"));
    }

    #[test]
    fn a_torture_of_files_hands_its_numbers_on() {
        let wanted = torture::Files {
            executions: Some(100_000),
            seed: Some(3),
            format: Some("png".to_owned()),
            ..torture::Files::default()
        };
        let line = "torture files --executions 100000 --seed 3 --format png";
        assert_eq!(parsed(line).unwrap(), Command::TortureFiles(wanted));
        assert!(complaint("torture file").contains("did you mean `files`?"));
        assert!(complaint("torture files --execution 3").contains("did you mean `--executions`?"));
        assert!(complaint("torture files --case x").contains("--case wants a whole number"));
    }

    #[test]
    fn a_misspelled_word_gets_the_nearest_one() {
        assert!(complaint("experimnt").contains("did you mean `experiment`?"));
        assert!(complaint("experiment moons --quik").contains("did you mean `--quick`?"));
        assert!(complaint("bench lerner").contains("did you mean `learner`?"));
        assert!(complaint("bench trian").contains("did you mean `train`?"));
        assert!(complaint("bench train --round 3").contains("did you mean `--rounds`?"));
        assert!(complaint("bench train --only dcgn").contains("did you mean `dcgan`?"));
    }

    #[test]
    fn wrong_values_are_named() {
        assert!(complaint("experiment moons --seeds 0").contains("from 1 on, found `0`"));
        assert!(complaint("experiment moons --jobs 0").contains("--jobs wants"));
        assert!(complaint("experiment moons --seeds").contains("--seeds"));
        assert!(complaint("experiment moons other").contains("other"));
        assert!(complaint("experiment").contains("--list"));
        assert!(complaint("test everything").contains("everything"));
        assert!(complaint("bench").contains("learner, divergence"));
        assert!(complaint("bench learner --python python3").contains("--python"));
        assert!(complaint("bench train --rounds 0").contains("--rounds wants"));
        assert!(complaint("bench profile").contains("needs a recipe"));
        assert!(complaint("bench profile dcgan --batch x").contains("--batch wants"));
    }

    #[test]
    fn every_command_in_the_table_is_understood() {
        for command in COMMANDS {
            assert!(parsed(&format!("{command} --help")).is_ok(), "{command}");
        }
    }
}
