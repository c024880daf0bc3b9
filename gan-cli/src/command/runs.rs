//! `gan runs`: the runs in a folder, in a table.

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use gan_doctor::find_rule;
use gan_run::short;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::args::{RunsArguments, SortKey};
use crate::overview::{Distance, Overview};
use crate::run_folder::RunFolder;
use crate::streams;
use crate::table::table;

/// Folders within folders that are looked into: an experiment's runs lie one deeper than others.
const DEPTH: usize = 3;

pub(crate) fn run(arguments: &RunsArguments) -> anyhow::Result<()> {
    let RunsArguments { dir, finding, sort, reverse, json, .. } = arguments;
    ensure!(dir.is_dir(), "{} is no folder; say where the runs are: gan runs DIR", dir.display());
    if let Some(rule) = finding {
        find_rule(rule)?;
    }
    let mut folders = Vec::new();
    collect(dir, DEPTH, &mut folders)?;
    let read: Vec<_> = folders.par_iter().map(|folder| (folder, overview(folder))).collect();
    let mut runs = Vec::new();
    for (folder, overview) in read {
        match overview {
            Ok(overview) => runs.push(overview),
            Err(error) => streams::say(&format!("note: {}: {error:#}", folder.display())),
        }
    }
    let n_all = runs.len();
    runs.retain(|run| is_wanted(run, arguments));
    runs.sort_by(|one, other| order(*sort, one, other));
    if *reverse {
        runs.reverse();
    }
    if *json {
        let lines = runs.iter().map(|run| run.to_json().to_string() + "\n");
        return streams::print(&lines.collect::<String>());
    }
    let title = match (runs.len(), n_all) {
        (0, 0) => format!("There is no run in {}", dir.display()),
        (shown, all) if shown == all => format!("Runs in {}: {all}", dir.display()),
        (shown, all) => format!("Runs in {}: {shown} of {all}", dir.display()),
    };
    streams::print(&table(&title, &rows(dir, &runs)))
}

fn overview(folder: &Path) -> anyhow::Result<Overview> {
    Overview::of(&RunFolder::open(folder)?)
}

/// The run folders in a folder; what is in a run is no run.
fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if folder.join("config.toml").is_file() && folder.join("manifest.json").is_file() {
        found.push(folder.to_owned());
        return Ok(());
    }
    if depth == 0 {
        return Ok(());
    }
    let cannot_list = || format!("cannot list {}", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot_list)? {
        let path = entry.with_context(cannot_list)?.path();
        if path.is_dir() {
            collect(&path, depth - 1, found)?;
        }
    }
    Ok(())
}

fn is_wanted(run: &Overview, arguments: &RunsArguments) -> bool {
    let RunsArguments { recipe, state, finding, .. } = arguments;
    recipe.as_ref().is_none_or(|recipe| run.recipe == *recipe)
        && state.is_none_or(|state| run.state == state)
        && finding.as_ref().is_none_or(|rule| run.findings.iter().any(|found| found == rule))
}

/// Runs without the number that they are sorted by come last.
fn order(key: SortKey, one: &Overview, other: &Overview) -> Ordering {
    let name = || one.folder.cmp(&other.folder);
    let smallest = |value: fn(&Overview) -> Option<f64>| {
        let number = |run| value(run).unwrap_or(f64::INFINITY);
        number(one).total_cmp(&number(other)).then_with(name)
    };
    match key {
        SortKey::Name => name(),
        SortKey::Begun => other.begun.cmp(&one.begun).then_with(name),
        SortKey::Best => smallest(|run| run.best.map(|best| best.value)),
        SortKey::Last => smallest(|run| run.last.map(|last| last.value)),
        SortKey::Speed => smallest(|run| run.steps_per_second.map(|speed| -speed)),
    }
}

fn rows(dir: &Path, runs: &[Overview]) -> Vec<Vec<String>> {
    let header =
        ["run", "state", "step", "distance", "best", "at step", "last", "steps/s", "doctor"];
    let header = header.map(str::to_owned).to_vec();
    let row = |run: &Overview| {
        let name = run.folder.strip_prefix(dir).ok().filter(|path| *path != Path::new(""));
        let value = |distance: Option<Distance>| {
            distance.map_or("–".to_owned(), |distance| short(distance.value))
        };
        let planned = run.planned.map_or(String::new(), |planned| format!("/{planned}"));
        vec![
            name.unwrap_or(&run.folder).display().to_string(),
            run.state.name().to_owned(),
            format!("{}{planned}", run.step),
            run.quantity.map_or("–", |name| name.trim_start_matches("samples/")).to_owned(),
            value(run.best),
            run.best.map_or("–".to_owned(), |best| best.step.to_string()),
            value(run.last),
            run.steps_per_second.map_or("–".to_owned(), short),
            if run.findings.is_empty() { "–".to_owned() } else { run.findings.join(", ") },
        ]
    };
    if runs.is_empty() {
        Vec::new()
    } else {
        [header].into_iter().chain(runs.iter().map(row)).collect()
    }
}
