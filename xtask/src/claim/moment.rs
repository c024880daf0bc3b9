//! When in a training a quantity is read.

use std::fmt;

use anyhow::bail;
use serde::Deserialize;

/// When in a training a quantity is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Moment {
    /// At its end: the run's summary.
    #[default]
    End,
    /// At the newest measurement after this many passes over the data, or before.
    Epochs(u64),
    /// At the newest measurement after this many updates of the generator, or before.
    Steps(u64),
    /// Where it was lowest.
    Lowest,
    /// Where it was highest.
    Highest,
}

impl TryFrom<String> for Moment {
    type Error = anyhow::Error;

    fn try_from(text: String) -> anyhow::Result<Self> {
        let count = text.split_once(' ').and_then(|(n, unit)| Some((n.parse().ok()?, unit)));
        Ok(match (text.as_str(), count) {
            ("end", _) => Self::End,
            ("lowest", _) => Self::Lowest,
            ("highest", _) => Self::Highest,
            (_, Some((n, "epoch" | "epochs"))) => Self::Epochs(n),
            (_, Some((n, "step" | "steps"))) => Self::Steps(n),
            ("best", _) => {
                bail!("`at = \"best\"` does not say which way: write `lowest` or `highest`")
            }
            _ => bail!(
                "`at` is `end`, `lowest`, `highest` or a number of epochs or steps such as \
                 `30 epochs`, found `{text}`"
            ),
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("at the end"),
            Self::Epochs(n) => write!(f, "after {n} epochs"),
            Self::Steps(n) => write!(f, "after {n} steps"),
            Self::Lowest => f.write_str("at its lowest"),
            Self::Highest => f.write_str("at its highest"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_word_or_a_number_of_epochs_or_steps() {
        for (text, moment) in [
            ("end", Moment::End),
            ("lowest", Moment::Lowest),
            ("highest", Moment::Highest),
            ("30 epochs", Moment::Epochs(30)),
            ("1 epoch", Moment::Epochs(1)),
            ("2000 steps", Moment::Steps(2000)),
        ] {
            assert_eq!(Moment::try_from(text.to_owned()).unwrap(), moment, "{text}");
        }
        for text in ["", "30", "thirty epochs", "-1 steps", "30 minutes"] {
            let complaint = Moment::try_from(text.to_owned()).unwrap_err().to_string();
            assert!(complaint.contains("such as `30 epochs`"), "{complaint}");
        }
        let complaint = Moment::try_from("best".to_owned()).unwrap_err().to_string();
        assert!(complaint.contains("write `lowest` or `highest`"), "{complaint}");
    }
}
