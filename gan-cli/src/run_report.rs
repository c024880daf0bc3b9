//! The report about a run: what `gan-report` makes of its folder, with what only this program knows of it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gan_report::{Difference, Language, Report, Run};

use crate::case;
use crate::command::doctor::last_good;
use crate::config::{RunConfig, differences, recipe_called};
use crate::run_folder::{RunFolder, replace_file};

/// The file in a run folder.
pub(crate) const FILE: &str = "report.html";
/// Keys that say which run it is, and not how it is made.
const OF_EVERY_RUN: [&str; 2] = ["seed", "data.dir"];

/// Reads run folders. Of one that is damaged there is a report nevertheless, of what is left of it.
///
/// # Errors
/// A folder is none of a run.
pub(crate) fn of_runs(folders: &[PathBuf]) -> anyhow::Result<Report> {
    let runs = folders.iter().map(|folder| read(folder)).collect::<anyhow::Result<_>>()?;
    Ok(Report::of(runs)?)
}

/// Writes the report about a run into its folder, and returns its path.
///
/// # Errors
/// The folder is none of a run, or cannot be written to.
pub(crate) fn write(root: &Path) -> anyhow::Result<PathBuf> {
    let page = of_runs(&[root.to_owned()])?.to_html(Language::English);
    let path = root.join(FILE);
    replace_file(&path, page.as_bytes())?;
    Ok(path)
}

/// The page about a run in progress, for a browser that is told of what is new.
///
/// # Errors
/// The folder is none of a run.
pub(crate) fn served(root: &Path) -> anyhow::Result<String> {
    Ok(of_runs(&[root.to_owned()])?.served().to_html(Language::English))
}

fn read(root: &Path) -> anyhow::Result<Run> {
    let run = Run::read(root)?;
    let known = |folder: &RunFolder| -> anyhow::Result<_> {
        let differences = of_recipe(&folder.config()?)?;
        Ok((case::of_run(folder, None)?, differences, folder.saved_steps()?))
    };
    // What is damaged is named in the report.
    Ok(match RunFolder::open(root).and_then(|folder| known(&folder)) {
        Ok((case, differences, saved)) => {
            let run = run.with_case(case).with_differences(differences);
            let good = good_checkpoint(&run, &saved);
            run.with_good_checkpoint(good)
        }
        Err(_) => run,
    })
}

/// Where a cure of the first finding can begin.
fn good_checkpoint(run: &Run, saved: &[u64]) -> Option<u64> {
    let (record, examination) = run.examined()?;
    last_good(saved, record, examination.findings.first()?)
}

/// What of a configuration is not as its recipe has it.
fn of_recipe(config: &RunConfig) -> anyhow::Result<Vec<Difference>> {
    let recipe = RunConfig::of_recipe(recipe_called(&config.recipe)?);
    let all = differences(&recipe, config).context("the configuration")?;
    let own = all.into_iter().filter(|each| !OF_EVERY_RUN.contains(&each.key.as_str()));
    let value = |text: String| if text == "absent" { String::new() } else { text };
    let difference = |each: crate::config::Difference| Difference {
        key: each.key,
        recipe: value(each.one),
        run: value(each.other),
    };
    Ok(own.map(difference).collect())
}
