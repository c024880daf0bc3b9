//! The languages of a page: all of its words in one file each.

mod chinese;
mod english;

use std::fmt;
use std::str::FromStr;

/// The language of a page. Names of rules, keys and quantities, and what the doctor says of causes and
/// cures, are English in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, in simplified characters.
    Chinese,
}

impl Language {
    /// Its code: `en` or `zh`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::Chinese => &chinese::WORDS,
        }
    }
}

/// A text that names no language of a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a report has no language {0:?}; expected en or zh")]
pub struct LanguageError(String);

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let known = [Self::English, Self::Chinese].into_iter();
        known
            .into_iter()
            .find(|language| language.code() == text)
            .ok_or_else(|| LanguageError(text.to_owned()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Declares the words, each of which a language has to have.
macro_rules! words {
    ($($text:ident)*; $($phrase:ident($($argument:ty),*))*) => {
        /// All words of a page in one language.
        pub(crate) struct Words {
            $(pub(crate) $text: &'static str,)*
            $(pub(crate) $phrase: fn($($argument),*) -> String,)*
            /// Names by the doctor's words.
            pub(crate) severities: &'static [(&'static str, &'static str)],
            pub(crate) certainties: &'static [(&'static str, &'static str)],
            /// Statistics as phrases, in which `{}` is the quantity.
            pub(crate) statistics: &'static [(&'static str, &'static str)],
            /// Statements by rule; a rule that is not among them has its own.
            pub(crate) rules: &'static [(&'static str, &'static str)],
            /// Names by quantity, or by the last part of it where both players have one.
            pub(crate) quantities: &'static [(&'static str, &'static str)],
            /// What charts of several quantities are called.
            pub(crate) charts: &'static [(&'static str, &'static str)],
            /// What quantities are called in the legend of such a chart.
            pub(crate) legends: &'static [(&'static str, &'static str)],
        }

        #[cfg(test)]
        impl Words {
            /// Every text.
            fn texts(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($text), self.$text)),*]
            }
        }
    };
}

words! {
    code report seed theme comma
    verdict no_fault little_known nothing_measured since from_the_start explains cure other_cures other_findings
    examined recorded recorded_quiet measurements_alone nothing_to_examine quality_unknown
    numbers quantity_heading best real_samples course
    lower_is_better higher_is_better like_real_is_better
    samples no_pictures slider same_latents slider_hint walk walk_hint
    timeline quiet replayed pictures_row opened worsened closed as_list
    curves curves_hint mark_hint zoom_hint whole_range curves_of_samples curves_of_players generated
    linear logarithmic from_0_to_1
    configuration deviations no_configuration all_keys key recipe this_run
    environment no_manifest programs commit device precision data samples_from features compared
    branched started took memory
    reproduce made_with same_again ask_the_doctor citation
    notes note_unfinished note_no_pictures
    results results_hint run seed_heading steps_heading over_seeds over_seeds_hint runs_heading
    seeds_heading final_samples same_configuration;
    n_runs(usize) n_groups(usize) n_steps(&str) n_epochs(u64) step(&str) step_and_epoch(&str, u64)
    rules_checked(usize, usize) window(u64, u64, u64)
    quality(&str, &str) quality_beside_real(&str, &str, &str)
    samples_at(&str) class_rows(&str) binned(&str, usize)
    as_recipe(&str) differs(&str, usize) differing_keys(usize)
    n_samples(&str, &str) branched_from(&str, &str) per_second(&str)
    note_missing(&str) note_unreadable(&str, &str) note_torn(&str, usize)
    note_damaged(&str, usize, &str) note_goes_back(&str, usize, usize)
    note_thinned(&str, &str) note_large_walk(&str, &str)
    of_player(&str, &str)
}

/// A name within a sentence: its capital is that of the sentence's start, unless it is somebody's.
fn within(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().filter(|_| letters.clone().next().is_some_and(char::is_lowercase));
    let is_of_somebody = ["Fréchet", "Jensen"].iter().any(|somebody| name.starts_with(somebody));
    match first.filter(|_| !is_of_somebody) {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// The word for a name, if the table has one.
fn lookup(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(found, _)| *found == name).map(|(_, word)| *word)
}

impl Words {
    pub(crate) fn severity(&self, name: &str) -> String {
        lookup(self.severities, name).unwrap_or(name).to_owned()
    }

    pub(crate) fn certainty(&self, name: &str) -> String {
        lookup(self.certainties, name).unwrap_or(name).to_owned()
    }

    /// What a rule found, in a sentence without its full stop.
    pub(crate) fn statement(&self, rule: &str) -> String {
        if let Some(statement) = lookup(self.rules, rule) {
            return statement.to_owned();
        }
        let page = gan_doctor::find_rule(rule).ok().map(|rule| rule.page());
        let title = page.as_ref().map(|page| page.title().trim_end_matches('.'));
        title.filter(|title| !title.is_empty()).unwrap_or(rule).to_owned()
    }

    /// A statistic of a quantity.
    pub(crate) fn statistic(&self, statistic: &str, quantity: &str) -> String {
        match lookup(self.statistics, statistic) {
            Some(phrase) if phrase.starts_with("{}") => phrase.replace("{}", quantity),
            Some(phrase) => phrase.replace("{}", &within(quantity)),
            None if statistic.is_empty() => quantity.to_owned(),
            None => format!("{statistic}: {quantity}"),
        }
    }

    /// A quantity by itself.
    pub(crate) fn quantity(&self, name: &str) -> String {
        if let Some(word) = lookup(self.quantities, name) {
            return word.to_owned();
        }
        let Some((player, last)) = name.rsplit_once('/') else { return name.to_owned() };
        match (lookup(self.legends, player), lookup(self.quantities, last)) {
            (Some(player), Some(word)) => (self.of_player)(player, word),
            _ => name.to_owned(),
        }
    }

    /// A chart, by what its quantities have in common.
    pub(crate) fn chart(&self, key: &str) -> String {
        lookup(self.charts, key)
            .or_else(|| lookup(self.quantities, key))
            .map_or_else(|| self.quantity(key), str::to_owned)
    }

    /// A quantity beside others of its kind.
    pub(crate) fn in_legend(&self, name: &str) -> String {
        let player = name.split('/').next().unwrap_or(name);
        let word = lookup(self.legends, name).or_else(|| lookup(self.legends, player));
        word.unwrap_or(name).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_missing() {
        for language in [Language::English, Language::Chinese] {
            let words = language.words();
            assert!(words.texts().iter().all(|(_, text)| !text.is_empty()));
            assert_eq!(language.to_string().parse(), Ok(language));
            assert_eq!(words.code, language.code());
        }
        assert!("fr".parse::<Language>().is_err());
    }

    #[test]
    fn names_are_small_within_a_sentence() {
        let words = Language::English.words();
        let of = |series: &str| words.statistic("median", &words.quantity(series));
        assert_eq!(of("critic/gradient_norm"), "median of gradient norm, critic");
        assert_eq!(of("samples/frechet"), "median of Fréchet distance");
        assert_eq!(of("critic/real_probability"), "median of D(x), real");
    }

    #[test]
    fn chinese_has_a_word_for_every_rule_and_every_english_name() {
        let (english, chinese) = (Language::English.words(), Language::Chinese.words());
        for rule in gan_doctor::RULES {
            assert!(lookup(chinese.rules, rule.id()).is_some(), "{}", rule.id());
            assert!(!english.statement(rule.id()).ends_with('.'));
        }
        let tables = |words: &Words| {
            [
                words.severities,
                words.certainties,
                words.statistics,
                words.quantities,
                words.charts,
                words.legends,
            ]
        };
        for (ours, theirs) in tables(english).into_iter().zip(tables(chinese)) {
            let names = |table: &[(&'static str, &str)]| {
                table.iter().map(|(name, _)| *name).collect::<Vec<_>>()
            };
            assert_eq!(names(ours), names(theirs));
        }
        for series in gan_doctor::SERIES {
            assert_ne!(english.quantity(series.name), series.name, "{}", series.name);
        }
    }
}
