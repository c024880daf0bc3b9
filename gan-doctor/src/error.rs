//! The one error type of the crate.

/// Why measurements could not be read, or a rule could not be found.
///
/// A number that is not finite is never an error: it is evidence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DoctorError {
    /// A series went back in time, or has two values at one step.
    #[error("`{series}` has a value at step {step} after one at step {after}: steps must go up")]
    NotIncreasing {
        /// The series.
        series: String,
        /// The step that was to be added.
        step: u64,
        /// The newest step there is.
        after: u64,
    },
    /// No rule is called that.
    #[error("no rule is called {name:?}{}", did_you_mean(.nearest))]
    UnknownRule {
        /// The name given.
        name: String,
        /// The rule whose name is nearest, if one is near.
        nearest: Option<&'static str>,
    },
    /// A line is no record of a run.
    #[error("this is no record of a run as `gan doctor RUN --record` writes it: {why}")]
    Record {
        /// What is wrong with it.
        why: String,
    },
    /// A mapping of columns cannot be read.
    #[error("{found:?} is no mapping of a column: write ours=theirs, such as critic/loss=d_loss")]
    Mapping {
        /// What was given.
        found: String,
    },
    /// Two columns are mapped to one series.
    #[error(
        "{ours} is mapped twice, to `{first}` and to `{second}`, expected one column; leave one out"
    )]
    MappedTwice {
        /// The series, or the step.
        ours: String,
        /// One of the columns.
        first: String,
        /// The other.
        second: String,
    },
    /// A mapping names a series that no rule reads.
    #[error("no series is called {name:?}{}", did_you_mean(.nearest))]
    UnknownSeries {
        /// The name given.
        name: String,
        /// The series whose name is nearest, if one is near.
        nearest: Option<&'static str>,
    },
    /// The file is of another kind.
    #[error("this is {found}, expected {expected}; {mend}")]
    Format {
        /// What can be read.
        expected: &'static str,
        /// What it seems to be.
        found: &'static str,
        /// What to do.
        mend: &'static str,
    },
    /// A column that is needed is not there.
    #[error(
        "{wanted} is not there; the columns are {}{}",
        listed(.found),
        try_instead(.suggested)
    )]
    MissingColumn {
        /// What was looked for, in words.
        wanted: String,
        /// The columns there are.
        found: Vec<String>,
        /// Mappings that may be meant, as `ours=theirs`.
        suggested: Vec<String>,
    },
    /// A cell of a column that is read holds no number.
    #[error("line {line}, column `{column}`: {found:?} is no number{}", how_to_write(.found))]
    Cell {
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What stands there.
        found: String,
    },
    /// The step of a line is no whole number from 0 up.
    #[error("line {line}: the step is {found:?}, expected a whole number from 0 up")]
    Step {
        /// The line, from 1.
        line: u64,
        /// What stands there.
        found: String,
    },
    /// A line goes back in time.
    #[error(
        "line {line}: the step goes from {after} to {step}, expected one that goes up; if it \
         counts within an epoch, or the run was resumed, or the log holds several runs, count \
         lines instead with step=#"
    )]
    StepGoesBack {
        /// The line, from 1.
        line: u64,
        /// Its step.
        step: u64,
        /// The step before.
        after: u64,
    },
    /// There is no line with a number.
    #[error("there is nothing to read: {why}")]
    Empty {
        /// What was found instead.
        why: String,
    },
}

fn did_you_mean(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}

/// Names of columns, of which a file may have hundreds, or what was taken for such names.
fn listed(columns: &[String]) -> String {
    const MOST: usize = 24;
    const LONGEST: usize = 48;
    let shown = |name: &String| -> String {
        let text: String = name
            .chars()
            .take(LONGEST)
            .flat_map(|c| match c.is_control() {
                true => c.escape_default().collect::<Vec<_>>(),
                false => vec![c],
            })
            .collect();
        if name.chars().count() > LONGEST { text + "…" } else { text }
    };
    let names: Vec<String> = columns.iter().take(MOST).map(shown).collect();
    let more = columns.len().saturating_sub(MOST);
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}

/// How a cell has to be written instead.
fn how_to_write(found: &str) -> &'static str {
    if found.replace(',', ".").parse::<f64>().is_ok() {
        "; write a point in place of the decimal comma"
    } else {
        "; expected a number, nan, inf, or an empty cell for what was not measured"
    }
}

fn try_instead(suggested: &[String]) -> String {
    if suggested.is_empty() {
        return String::new();
    }
    format!("; map what is meant, perhaps {}", suggested.join(","))
}
