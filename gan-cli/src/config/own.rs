//! How a user's own data are read: the configuration's keys for the options of gan-data.

use anyhow::{Context as _, bail};
use gan_data::{Color, Header, TableConfig};
use serde::{Deserialize, Serialize};

/// The channels of a user's own images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Colors {
    /// One channel.
    #[default]
    Gray,
    /// Three channels.
    Rgb,
}

impl From<Colors> for Color {
    fn from(colors: Colors) -> Self {
        match colors {
            Colors::Gray => Self::Gray,
            Colors::Rgb => Self::Rgb,
        }
    }
}

/// Whether the first line of a table names its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HeaderLine {
    /// If it looks like names.
    #[default]
    Auto,
    /// It does.
    Yes,
    /// It is a row of numbers.
    No,
}

/// How a table is read, where that is not to be recognized.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TableWords {
    /// Whether the first line names the columns.
    #[serde(default)]
    pub(crate) header: HeaderLine,
    /// The character between two cells, `tab` or `blank`; empty: recognized.
    #[serde(default)]
    pub(crate) delimiter: String,
    /// The decimal sign, `.` or `,`; empty: recognized.
    #[serde(default)]
    pub(crate) decimal: String,
    /// The columns that are read, by name or by number from 1, in this order; empty: all.
    #[serde(default)]
    pub(crate) columns: Vec<String>,
}

impl TableWords {
    /// The same for gan-data.
    pub(crate) fn config(&self) -> anyhow::Result<TableConfig> {
        Ok(TableConfig {
            header: match self.header {
                HeaderLine::Auto => Header::Auto,
                HeaderLine::Yes => Header::Yes,
                HeaderLine::No => Header::No,
            },
            delimiter: character(&self.delimiter).context("`data.delimiter`")?,
            decimal: character(&self.decimal).context("`data.decimal`")?,
            columns: self.columns.clone(),
        })
    }
}

/// One character, by itself or by its name.
fn character(text: &str) -> anyhow::Result<Option<char>> {
    let mut characters = text.chars();
    Ok(Some(match (text, characters.next(), characters.next()) {
        ("tab", ..) => '\t',
        ("blank", ..) => ' ',
        (_, None, _) => return Ok(None),
        (_, Some(one), None) => one,
        _ => bail!("expected one character, `tab` or `blank`, found `{}`", super::excerpt(text)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_may_be_named() {
        assert_eq!(character("").unwrap(), None);
        assert_eq!(character(";").unwrap(), Some(';'));
        assert_eq!(character("tab").unwrap(), Some('\t'));
        assert_eq!(character("blank").unwrap(), Some(' '));
        let message = character(";;").unwrap_err().to_string();
        assert_eq!(message, "expected one character, `tab` or `blank`, found `;;`");
    }
}
