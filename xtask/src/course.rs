//! `cargo xtask experiment course`: all experiments of the course, then the pages that answer its questions.

use std::fs;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::experiment::{self, Ending, Experiment, Folder, Form, Request, Start, names};
use crate::pages::{self, Pages};
use crate::results::{results_in, trainings};
use crate::{nearest, workspace};

/// What stands for all of them in the place of an experiment's name.
pub(crate) const NAME: &str = "course";

/// The contents of `xtask/course.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Course {
    /// The experiments, cheapest first.
    pub(crate) experiments: Vec<String>,
    /// The pages, each of which has a template in every language.
    pub(crate) pages: Vec<String>,
}

impl Course {
    /// Reads the list.
    ///
    /// # Errors
    /// The file cannot be read, is no such list, or names an experiment that does not exist.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let path = workspace::root().join("xtask").join("course.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::from_toml(&text, &names()?).with_context(|| path.display().to_string())
    }

    fn from_toml(text: &str, known: &[String]) -> anyhow::Result<Self> {
        let course: Self = toml::from_str(text)?;
        for (idx, name) in course.experiments.iter().enumerate() {
            if !known.contains(name) {
                bail!(nearest::unknown("experiment", name, known));
            }
            if course.experiments[..idx].contains(name) {
                bail!("the experiment `{name}` stands there twice");
            }
        }
        Ok(course)
    }
}

/// Trains what is missing of the course's experiments, one after the other, and writes the pages.
///
/// # Errors
/// An experiment fails; those before it are kept, and the same call goes on there. Or a page cannot be
/// written.
pub(crate) fn run(request: &Request) -> anyhow::Result<Ending> {
    let course = Course::load()?;
    let missing = missing(&course, request)?;
    let mut held = Ending::Finished;
    for name in &missing {
        say!("\n==== {name}");
        let own = Request { name: name.clone(), start: Start::Resume, ..request.clone() };
        let ending = experiment::run(&own)
            .with_context(|| format!("the experiment `{name}`; to go on: {}", again(request)))?;
        match ending {
            Ending::Interrupted => {
                say!("to go on with the course: {}", again(request));
                return Ok(ending);
            }
            Ending::NotHeld => held = ending,
            Ending::Finished => {}
        }
    }
    if request.form == Form::Quick {
        say!("\nThe pages stay as they are: they are made of the full forms.");
        return Ok(held);
    }
    pages::write(&Pages { results: request.results.clone(), ..Pages::default() })?;
    Ok(held)
}

/// The command line that goes on.
fn again(request: &Request) -> String {
    request.continuation().trim_end_matches(" --resume").to_owned()
}

/// Says what is kept of each experiment, and returns those of which something is not.
fn missing(course: &Course, request: &Request) -> anyhow::Result<Vec<String>> {
    let mut missing = Vec::new();
    for name in &course.experiments {
        let experiment = Experiment::load(name)?;
        if request.form == Form::Quick {
            say!("{name}: its short form is run");
            missing.push(name.clone());
            continue;
        }
        let own = results_in(request.results.as_deref()).join(name);
        let jobs = trainings(&experiment, &own)?;
        let n_kept = jobs.iter().filter(|job| job.found() == Folder::Finished).count();
        let n_all = experiment.n_trainings(request.seeds);
        if n_kept < n_all {
            say!("{name}: {n_kept} of {n_all} trainings are kept, the others are run");
            missing.push(name.clone());
        } else {
            say!("{name}: all {n_all} trainings are kept");
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_experiments_that_there_are() {
        let known = ["moons-a".to_owned(), "ring8".to_owned()];
        let list = |text: &str| Course::from_toml(text, &known);
        let course = list("experiments = ['moons-a', 'ring8']\npages = ['1-moons']").unwrap();
        assert_eq!((course.experiments.len(), course.pages.len()), (2, 1));
        let complaint = list("experiments = ['moons-b']\npages = []").unwrap_err().to_string();
        assert!(complaint.contains("did you mean `moons-a`?"), "{complaint}");
        let twice = list("experiments = ['ring8', 'ring8']\npages = []").unwrap_err().to_string();
        assert_eq!(twice, "the experiment `ring8` stands there twice");
    }

    #[test]
    fn the_call_that_goes_on_is_the_same_call() {
        let request = Request {
            name: NAME.into(),
            jobs: std::num::NonZeroUsize::new(2),
            ..Request::default()
        };
        assert_eq!(again(&request), "cargo xtask experiment course --jobs 2");
    }
}
