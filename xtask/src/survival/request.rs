//! The command line of `cargo xtask torture kill`, `disk` and `soak`.

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::nearest;

/// What is done to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is killed.
    Kill,
    /// Its disk is full.
    Disk,
    /// It runs for a long time.
    Soak,
}

/// The words for them.
pub(crate) const NAMES: [&str; 3] = ["kill", "disk", "soak"];
const OPTIONS: &[&str] = &["--trials", "--seed", "--minutes", "--hours"];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Disk => "disk",
            Self::Soak => "soak",
        }
    }
}

/// How much of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) kind: Kind,
    /// The maximum number of trials.
    pub(crate) trials: u64,
    /// What the moments are drawn from.
    pub(crate) seed: u64,
    /// The maximum duration.
    pub(crate) minutes: Option<f64>,
}

impl Wanted {
    pub(crate) fn of(kind: Kind) -> Self {
        let minutes = (kind == Kind::Soak).then_some(60.0);
        Self { kind, trials: if kind == Kind::Disk { 40 } else { 200 }, seed: 0, minutes }
    }
}

/// The options after `torture NAME`; nothing if help is asked for.
///
/// # Errors
/// An unknown option or a mistyped value.
pub(crate) fn parse(name: &str, parser: &mut lexopt::Parser) -> anyhow::Result<Option<Wanted>> {
    let kind = match name {
        "kill" => Kind::Kill,
        "disk" => Kind::Disk,
        "soak" => Kind::Soak,
        _ => bail!(nearest::unknown("torture", name, &NAMES)),
    };
    let mut wanted = Wanted::of(kind);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(None),
            Long("trials") => wanted.trials = whole("--trials", &parser.value()?.string()?)?,
            Long("seed") => wanted.seed = whole("--seed", &parser.value()?.string()?)?,
            Long("minutes") => {
                wanted.minutes = Some(length("--minutes", &parser.value()?.string()?)?);
            }
            Long("hours") => {
                wanted.minutes = Some(60.0 * length("--hours", &parser.value()?.string()?)?);
            }
            Long(option) => {
                bail!(nearest::unknown("option", &format!("--{option}"), OPTIONS))
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(wanted))
}

fn whole(option: &str, text: &str) -> anyhow::Result<u64> {
    text.parse().with_context(|| format!("{option} wants a whole number, found `{text}`"))
}

fn length(option: &str, text: &str) -> anyhow::Result<f64> {
    let length = text.parse().ok().filter(|length| *length > 0.0 && *length < 1e6);
    length.with_context(|| format!("{option} wants a number above 0, found `{text}`"))
}
