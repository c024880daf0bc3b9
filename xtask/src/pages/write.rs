//! The pages of a course, compared with what the repository has or written there.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, bail};

use super::chart::{Chart, Scale};
use super::kept::Kept;
use super::language::Language;
use super::template::{Composer, file, lock, rendered};
use crate::course::Course;
use crate::experiment::Gan;
use crate::results::results_in;
use crate::workspace;

/// One call of `cargo xtask pages`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pages {
    /// Whether the pages are only to be compared.
    pub(crate) check: bool,
    /// Where results are kept, if not in the workspace.
    pub(crate) results: Option<PathBuf>,
    /// The folder of the pages, if not `course` in the workspace.
    pub(crate) out: Option<PathBuf>,
    /// The program that draws, if not the one that was built last.
    pub(crate) gan: Option<PathBuf>,
}

/// What the pages come to.
struct Made {
    /// Text by file, in the folder of the pages.
    texts: BTreeMap<PathBuf, String>,
    charts: Vec<Chart>,
}

/// Writes every page, and draws the charts that have changed.
///
/// # Errors
/// A template asks for what does not exist, a result cannot be read, a file cannot be written, or `gan plot`
/// fails.
pub(crate) fn write(wanted: &Pages) -> anyhow::Result<()> {
    let out = folder(wanted);
    let made = make(wanted, &out)?;
    for (name, text) in &made.texts {
        put(&out.join(name), text)?;
    }
    let stale: Vec<&Chart> = made.charts.iter().filter(|chart| !is_drawn(chart, &out)).collect();
    say!("{} pages are in {}", made.texts.len(), out.display());
    let Some(gan) = program(wanted) else {
        if !stale.is_empty() {
            let stale: Vec<&str> = stale.iter().map(|chart| chart.name.as_str()).collect();
            say!(
                "not drawn, because no gan is built: {}\nTo draw them: cargo build --release --locked -p \
                 gan-cli, then cargo xtask pages",
                stale.join(", ")
            );
        }
        return leftovers(&made, &out).map(|found| complain_of(&found));
    };
    for chart in stale {
        draw(&gan, chart, &out)?;
    }
    complain_of(&leftovers(&made, &out)?);
    Ok(())
}

/// Compares the pages of the repository with what they come to now.
///
/// # Errors
/// They differ, with the names of those that do; or as [`write()`].
pub(crate) fn check(wanted: &Pages) -> anyhow::Result<()> {
    let out = folder(wanted);
    let made = make(wanted, &out)?;
    let mut differing: Vec<String> = Vec::new();
    for (name, text) in &made.texts {
        if fs::read_to_string(out.join(name)).ok().as_ref() != Some(text) {
            differing.push(format!("{} is not what is kept comes to now", name.display()));
        }
    }
    for chart in made.charts.iter().filter(|chart| !is_drawn(chart, &out)) {
        differing.push(format!("charts/{}.svg is not drawn from what is kept now", chart.name));
    }
    differing.extend(leftovers(&made, &out)?);
    if !differing.is_empty() {
        bail!(
            "in {}:\n  {}\nTo write them: cargo xtask pages",
            out.display(),
            differing.join("\n  ")
        );
    }
    say!("    {} pages and {} charts are up to date", made.texts.len(), made.charts.len());
    Ok(())
}

fn folder(wanted: &Pages) -> PathBuf {
    wanted.out.clone().unwrap_or_else(|| workspace::root().join("course"))
}

/// Every page in every language.
fn make(wanted: &Pages, out: &Path) -> anyhow::Result<Made> {
    let course = Course::load()?;
    let root = workspace::root();
    let mut made = Made { texts: BTreeMap::new(), charts: Vec::new() };
    let mut kept = Kept::new(results_in(wanted.results.as_deref()));
    for language in Language::ALL {
        let (folder, charts) = (out.to_path_buf(), Vec::new());
        let composer = Composer { kept, language, folder, charts };
        let shared = Arc::new(Mutex::new(composer));
        for page in &course.pages {
            let path = file(&root, language, page);
            let template = fs::read_to_string(&path)
                .with_context(|| format!("cannot read the template {}", path.display()))?;
            let shown = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            let text = rendered(&shared, &shown, &template)?;
            made.texts.insert(PathBuf::from(format!("{page}{}.md", language.suffix())), text);
        }
        made.charts.append(&mut lock(&shared).charts);
        // What was read stays for the next language.
        let next = Kept::new(results_in(wanted.results.as_deref()));
        kept = std::mem::replace(&mut lock(&shared).kept, next);
    }
    let mut names: Vec<&String> = made.charts.iter().map(|chart| &chart.name).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        bail!("two charts are named `{}`", pair[0]);
    }
    Ok(made)
}

/// Whether a chart was drawn of the same table: its table is written only after its picture.
fn is_drawn(chart: &Chart, out: &Path) -> bool {
    let charts = out.join("charts");
    let table = fs::read_to_string(charts.join(format!("{}.csv", chart.name)));
    table.is_ok_and(|table| table == chart.table)
        && charts.join(format!("{}.svg", chart.name)).exists()
}

fn draw(gan: &Gan, chart: &Chart, out: &Path) -> anyhow::Result<()> {
    let charts = out.join("charts");
    let (table, picture) =
        (charts.join(format!("{}.csv", chart.name)), charts.join(format!("{}.svg", chart.name)));
    let unfinished = charts.join(format!("{}.csv.tmp", chart.name));
    put(&unfinished, &chart.table)?;
    let scale = match chart.scale {
        Scale::Linear => "linear",
        Scale::Log => "log",
    };
    let mut arguments: Vec<OsString> = vec!["plot".into(), unfinished.clone().into()];
    arguments.extend(["--title".into(), chart.title.clone().into(), "--y".into(), scale.into()]);
    arguments.extend(["--out".into(), picture.into(), "--force".into()]);
    let drawn =
        gan.call(&arguments).with_context(|| format!("cannot draw the chart {}", chart.name));
    if drawn.is_err() {
        fs::remove_file(&unfinished)
            .with_context(|| format!("cannot remove {}", unfinished.display()))?;
    }
    drawn?;
    fs::rename(&unfinished, &table).with_context(|| format!("cannot write {}", table.display()))
}

/// What lies in the folder and belongs to no page.
fn leftovers(made: &Made, out: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for (folder, place) in [(out.to_path_buf(), ""), (out.join("charts"), "charts/")] {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_chart = |chart: &Chart| {
                [".csv", ".svg"].iter().any(|end| name == format!("{}{end}", chart.name))
            };
            let is_known = match place {
                "" => path.is_dir() || made.texts.contains_key(Path::new(&name)),
                _ => made.charts.iter().any(is_chart),
            };
            if !is_known {
                found.push(format!("{place}{name} belongs to no page"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn complain_of(leftovers: &[String]) {
    leftovers.iter().for_each(|one| say!("{one}: remove it"));
}

/// The program that was named, or the one beside this that was built last.
fn program(wanted: &Pages) -> Option<Gan> {
    let built = || {
        let target = env::current_exe().ok()?.parent()?.parent()?.join("release").join("gan");
        let program = target.with_extension(env::consts::EXE_EXTENSION);
        program.exists().then_some(program)
    };
    wanted.gan.clone().or_else(built).map(Gan::at)
}

/// Writes a file as a whole.
fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    let cannot_write = || format!("cannot write {}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).with_context(cannot_write)?;
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, text)
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(cannot_write)
}
