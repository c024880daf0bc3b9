//! The command line of `cargo xtask bench scaling`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::nearest;

const OPTIONS: &[&str] = &["--parts", "--seed", "--faster", "--help"];

/// One call of `cargo xtask bench scaling`.
#[derive(Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The file of measured parts; the newest that was measured here where none is named.
    pub(crate) parts: Option<PathBuf>,
    /// Of the simulation.
    pub(crate) seed: u64,
    /// How many times as fast as it was measured a rank computes.
    pub(crate) faster: f64,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { parts: None, seed: 0, faster: 1.0 }
    }
}

/// The options after `bench scaling`; nothing if help is asked for.
///
/// # Errors
/// An unknown option or a mistyped value.
pub(crate) fn parse(parser: &mut lexopt::Parser) -> anyhow::Result<Option<Wanted>> {
    let mut wanted = Wanted::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(None),
            Long("parts") => wanted.parts = Some(parser.value()?.into()),
            Long("seed") => wanted.seed = seed(&parser.value()?.string()?)?,
            Long("faster") => wanted.faster = factor(&parser.value()?.string()?)?,
            Long(option) => bail!(nearest::unknown("option", &format!("--{option}"), OPTIONS)),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(wanted))
}

fn seed(text: &str) -> anyhow::Result<u64> {
    text.parse().with_context(|| format!("--seed wants a whole number, found `{text}`"))
}

fn factor(text: &str) -> anyhow::Result<f64> {
    let factor = text.parse().ok().filter(|factor| (1e-6..=1e6).contains(factor));
    factor.with_context(|| format!("--faster wants a number from 1e-6 to 1e6, found `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> anyhow::Result<Option<Wanted>> {
        parse(&mut lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn parts_seed_and_speed_may_be_named() {
        assert_eq!(parsed("").unwrap(), Some(Wanted::default()));
        let wanted = Wanted { parts: Some("p".into()), seed: 3, faster: 10.0 };
        assert_eq!(parsed("--seed 3 --parts p --faster 10").unwrap(), Some(wanted));
        assert_eq!(parsed("--help").unwrap(), None);
    }

    #[test]
    fn wrong_words_are_named() {
        let complaint = |line: &str| parsed(line).unwrap_err().to_string();
        assert!(complaint("--seed -1").contains("--seed wants a whole number, found `-1`"));
        assert!(complaint("--faster 0").contains("--faster wants"));
        assert!(complaint("--faster nan").contains("found `nan`"));
        assert!(complaint("--part p").contains("did you mean `--parts`?"));
    }
}
