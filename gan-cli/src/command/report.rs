//! `gan report`: one HTML file about a run, or several beside each other.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use gan_report::Language;

use crate::args::{ReportArguments, ReportLanguage};
use crate::run_folder::replace_file;
use crate::run_report::{self, FILE};
use crate::streams;
use crate::unfinished::ensure_free;

pub(crate) fn run(arguments: &ReportArguments) -> anyhow::Result<()> {
    let ReportArguments { runs, lang, open, force, .. } = arguments;
    let out = out(arguments)?;
    // The one in a run folder is made again at its end.
    let is_own = arguments.out.is_none() && runs.len() == 1;
    if !is_own {
        ensure_free(&out, *force)?;
    }
    let language = match lang {
        ReportLanguage::En => Language::English,
        ReportLanguage::Zh => Language::Chinese,
    };
    let page = run_report::of_runs(runs)?.to_html(language);
    replace_file(&out, page.as_bytes())?;
    if *open {
        show(&out)?;
    }
    streams::print_path(&out)
}

fn out(arguments: &ReportArguments) -> anyhow::Result<PathBuf> {
    if let Some(out) = &arguments.out {
        let ends_well = out.extension().is_some_and(|end| end.eq_ignore_ascii_case("html"));
        ensure!(ends_well, "--out must end in .html, found {}", out.display());
        return Ok(out.clone());
    }
    Ok(match arguments.runs.as_slice() {
        [run] => run.join(FILE),
        _ => PathBuf::from(FILE),
    })
}

/// Opens a file in what the system shows pages with.
fn show(page: &Path) -> anyhow::Result<()> {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(opener);
    command.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = command.spawn().with_context(|| {
        format!("{} is written, but {opener} cannot be started to show it", page.display())
    });
    started.map(drop)
}
