//! What can be wrong with a sweep file.

/// Why a sweep file asks for nothing that could be trained.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DefinitionProblem {
    /// It is not TOML, or has a key that a sweep file does not have.
    #[error("line {line}: {message}")]
    Toml {
        /// Where, counted from 1.
        line: usize,
        /// What.
        message: String,
    },
    /// Nothing is to be trained.
    #[error("there is nothing to train: expected at least one `[[run]]` or `[[sweep]]`")]
    NoRuns,
    /// One training is no sweep.
    #[error(
        "there is nothing to vary: it asks for one training; give several seeds (`seeds = 5`), \
         a second `[[run]]` or a `[[sweep]]` with axes, or use `gan train`"
    )]
    NothingToVary,
    /// An absurd number of trainings.
    #[error("it asks for {found} trainings, expected at most {most}")]
    TooMany {
        /// How many it asks for.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A run without a seed.
    #[error("{whose}: found none, expected at least one seed")]
    NoSeeds {
        /// Which `seeds`.
        whose: String,
    },
    /// A seed that stands twice in a list.
    #[error("{whose}: the seed {seed} stands there twice")]
    SeedTwice {
        /// Which `seeds`.
        whose: String,
        /// The seed.
        seed: u64,
    },
    /// A seed beyond the range of seeds.
    #[error("{whose}: found {found}, expected whole numbers from 0 to 2^63 - 1")]
    Seed {
        /// Which `seeds`.
        whose: String,
        /// What was found.
        found: i64,
    },
    /// A seed among the settings.
    #[error("`set` gives `seed` a value: seeds are what `seeds` is for")]
    SeedIsSet,
    /// A name that could not be that of a folder everywhere.
    #[error("a name is made of letters, digits, `-`, `_` and `.`, found `{found}`")]
    Name {
        /// The name.
        found: String,
    },
    /// Two runs of one name.
    #[error("two runs are named `{name}`")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// A run that says nothing of what to train.
    #[error("`recipe` of `{run}` is empty: expected a recipe's name or a file that ends in .toml")]
    NoRecipe {
        /// The run.
        run: String,
    },
    /// A setting that gives no key a value.
    #[error("a setting reads `key=value`, found `{found}`")]
    Setting {
        /// The setting.
        found: String,
    },
    /// A word for `gan train` that would change what is planned.
    #[error("`arguments` has `{found}`, which the plan decides: use `set` and `seeds`")]
    Argument {
        /// The word.
        found: String,
    },
    /// A sweep along nothing.
    #[error("the sweep `{sweep}` has no axes")]
    NoAxes {
        /// The sweep.
        sweep: String,
    },
    /// An axis whose entries do not go together.
    #[error("axis {axis} of the sweep `{sweep}` needs entries that all have the same words")]
    Axis {
        /// Which one, counted from 1.
        axis: usize,
        /// The sweep.
        sweep: String,
    },
    /// A word of two axes.
    #[error("two axes of the sweep `{sweep}` give `{word}` values")]
    WordTwice {
        /// The sweep.
        sweep: String,
        /// The word.
        word: String,
    },
    /// A word without a value.
    #[error("no axis gives `{{{word}}}` in `{text}` a value")]
    UnknownWord {
        /// The word.
        word: String,
        /// Where it stands.
        text: String,
    },
    /// A word that varies and changes nothing.
    #[error("the sweep `{sweep}` gives `{word}` values, but uses it nowhere")]
    UnusedWord {
        /// The sweep.
        sweep: String,
        /// The word.
        word: String,
    },
}

impl DefinitionProblem {
    /// What TOML's reader says, in one line with the place.
    pub(super) fn toml(error: &toml::de::Error, text: &str) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        Self::Toml { line: before.matches('\n').count() + 1, message }
    }
}
