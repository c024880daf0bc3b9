//! A report: one run, or several beside each other.

use std::path::PathBuf;

use crate::{Language, ReportError, Run, page};

/// The size that a page does not pass if its pictures can be thinned that far, in bytes.
const LIMIT: usize = 5_000_000;

/// A report about one run, or about several that are compared.
///
/// The same folders give the same bytes.
///
/// # Example
/// ```no_run
/// use gan_report::{Language, Report};
///
/// let page = Report::of_run("runs/digits")?.to_html(Language::English);
/// std::fs::write("digits.html", page)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    runs: Vec<Run>,
    limit: usize,
    connection: Connection,
}

/// Whether a page is told of what is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// It is a file, and stands still.
    None,
    /// The program that serves it tells it by server-sent events.
    Served,
}

impl Report {
    /// A report about the run in a folder.
    ///
    /// # Errors
    /// As of [`Run::read`].
    pub fn of_run(folder: impl Into<PathBuf>) -> Result<Self, ReportError> {
        Self::of_runs([folder])
    }

    /// A comparison of the runs in several folders; of a single one, a report about it.
    ///
    /// # Errors
    /// As of [`Run::read`]; [`ReportError::Empty`] without any folder.
    pub fn of_runs<P: Into<PathBuf>>(
        folders: impl IntoIterator<Item = P>,
    ) -> Result<Self, ReportError> {
        Self::of(folders.into_iter().map(Run::read).collect::<Result<_, _>>()?)
    }

    /// A report about runs that were read, with what their caller knows besides.
    ///
    /// # Errors
    /// [`ReportError::Empty`] without any run.
    pub fn of(runs: Vec<Run>) -> Result<Self, ReportError> {
        if runs.is_empty() {
            return Err(ReportError::Empty);
        }
        Ok(Self { runs: told_apart(runs), limit: LIMIT, connection: Connection::None })
    }

    /// Another size for the page than 5 MB: pictures are left out evenly until it is kept, but the
    /// first and the last one stay, and so do the curves.
    #[must_use]
    pub fn at_most(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// A page that a program serves under `/` while a run trains. It listens to server-sent events
    /// under `/events`: with each message it fetches itself anew and stays where its reader was; after
    /// an event `end` it stands still.
    #[must_use]
    pub fn served(self) -> Self {
        Self { connection: Connection::Served, ..self }
    }

    /// The page.
    #[must_use]
    pub fn to_html(&self, language: Language) -> String {
        let words = language.words();
        match &self.runs[..] {
            [run] => page::of_run(run, words, self.limit, self.connection),
            runs => page::of_runs(runs, words, self.limit, self.connection),
        }
    }
}

/// Runs whose folders have one name are called by their whole paths.
fn told_apart(mut runs: Vec<Run>) -> Vec<Run> {
    let names: Vec<String> = runs.iter().map(|run| run.name.clone()).collect();
    for run in &mut runs {
        if names.iter().filter(|name| **name == run.name).count() > 1 {
            run.name = run.folder.display().to_string();
        }
    }
    runs
}
