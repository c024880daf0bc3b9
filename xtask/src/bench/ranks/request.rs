//! The command line of `cargo xtask bench ranks`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use super::RECIPES;
use crate::nearest;

const OPTIONS: &[&str] = &["--rounds", "--python", "--only", "--gan", "--help"];

/// One call of `cargo xtask bench ranks`.
#[derive(Debug, PartialEq)]
pub(crate) struct Wanted {
    /// Turns of every side.
    pub(crate) rounds: NonZeroU32,
    /// The Python interpreter with PyTorch, where one was named.
    pub(crate) python: Option<PathBuf>,
    /// The recipes to measure; all of [`RECIPES`] where none is named.
    pub(crate) only: Vec<String>,
    /// A program with the feature `mpi`; built where none is named.
    pub(crate) gan: Option<PathBuf>,
}

impl Default for Wanted {
    fn default() -> Self {
        let rounds = NonZeroU32::MIN.saturating_add(4);
        Self { rounds, python: None, only: Vec::new(), gan: None }
    }
}

/// The options after `bench ranks`; nothing if help is asked for.
///
/// # Errors
/// An unknown option or a mistyped value.
pub(crate) fn parse(parser: &mut lexopt::Parser) -> anyhow::Result<Option<Wanted>> {
    let mut wanted = Wanted::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(None),
            Long("rounds") => wanted.rounds = rounds(&parser.value()?.string()?)?,
            Long("python") => wanted.python = Some(parser.value()?.into()),
            Long("gan") => wanted.gan = Some(parser.value()?.into()),
            Long("only") => {
                for recipe in parser.values()? {
                    wanted.only.push(measured(recipe.string()?)?);
                }
            }
            Long(option) => bail!(nearest::unknown("option", &format!("--{option}"), OPTIONS)),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(wanted))
}

fn rounds(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse().with_context(|| format!("--rounds wants a whole number from 1 on, found `{text}`"))
}

fn measured(recipe: String) -> anyhow::Result<String> {
    if !RECIPES.contains(&&*recipe) {
        bail!(nearest::unknown("recipe", &recipe, &RECIPES));
    }
    Ok(recipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> anyhow::Result<Option<Wanted>> {
        parse(&mut lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn all_recipes_are_measured_in_five_rounds_unless_said_otherwise() {
        assert_eq!(parsed("").unwrap(), Some(Wanted::default()));
        let wanted = Wanted {
            rounds: NonZeroU32::new(3).unwrap(),
            python: Some("py".into()),
            only: vec!["dcgan".to_owned(), "cgan".to_owned()],
            gan: Some("g".into()),
        };
        let line = "--rounds 3 --only dcgan cgan --python py --gan g";
        assert_eq!(parsed(line).unwrap(), Some(wanted));
        assert_eq!(parsed("--rounds 3 --help").unwrap(), None);
    }

    #[test]
    fn wrong_words_are_named() {
        let complaint = |line: &str| parsed(line).unwrap_err().to_string();
        assert!(complaint("--rounds 0").contains("from 1 on, found `0`"));
        assert!(complaint("--round 3").contains("did you mean `--rounds`?"));
        assert!(complaint("--only dcgn").contains("did you mean `dcgan`?"));
        assert!(complaint("dcgan").contains("dcgan"));
    }
}
