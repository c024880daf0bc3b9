//! The languages of a page: all of its words in one file each.

mod chinese;
mod english;
mod phrase;

use std::fmt;
use std::str::FromStr;

/// The language of a page. Names of rules, keys and quantities, and how the doctor explains one run,
/// are English in all of them; what each of its rules means, and what it advises, is not.
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

/// The words of a rule of the doctor.
pub(crate) struct Rule {
    id: &'static str,
    /// What it has found, in a sentence without its full stop.
    title: &'static str,
    /// What that means, in a sentence or two.
    meaning: &'static str,
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
            /// The doctor's rules; one that is not among them has the words of its manual, which are
            /// English.
            pub(crate) rules: &'static [Rule],
            /// How the doctor explains a run: by rule, its English sentence with holes, and its words.
            pub(crate) causes: &'static [(&'static str, &'static str, &'static str)],
            /// Words that stand in such holes.
            pub(crate) parts: &'static [(&'static str, &'static str)],
            /// What the doctor advises, by its English words; others stay English.
            pub(crate) advice: &'static [(&'static str, &'static str)],
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
    verdict no_fault little_known nothing_measured since from_the_start explains in_this_run cure other_cures other_findings
    examined recorded recorded_quiet measurements_alone nothing_to_examine quality_unknown
    numbers quantity_heading best real_samples course
    lower_is_better higher_is_better like_real_is_better
    samples no_pictures slider same_latents same_step slider_hint walk walk_hint walk_animated
    timeline quiet replayed pictures_row opened worsened closed as_list
    curves curves_hint mark_hint zoom_hint zoom_in zoom_out whole_range line_through what_was_measured curves_of_samples curves_of_players generated
    linear logarithmic from_0_to_1
    configuration deviations no_configuration all_keys key recipe this_run
    environment no_manifest programs commit device precision data samples_from features compared
    branched started took memory
    reproduce made_with same_again ask_the_doctor citation
    notes note_unfinished note_no_pictures note_no_contours
    results results_hint run seed_heading steps_heading over_seeds over_seeds_hint runs_heading
    seeds_heading final_samples same_configuration;
    n_runs(usize) n_groups(usize) n_steps(&str) n_epochs(u64) step(&str) step_and_epoch(&str, u64)
    rules_checked(usize, usize) window(u64, u64, u64)
    quality(&str, &str) quality_beside_real(&str, &str, &str)
    samples_at(&str) class_rows(&str) contours(&[String]) binned(&str, usize, usize) running_median(&str)
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
        if let Some(known) = self.rules.iter().find(|known| known.id == rule) {
            return known.title.to_owned();
        }
        let page = gan_doctor::find_rule(rule).ok().map(|rule| rule.page());
        let title = page.as_ref().map(|page| page.title().trim_end_matches('.'));
        title.filter(|title| !title.is_empty()).unwrap_or(rule).to_owned()
    }

    /// The same as part of a sentence.
    pub(crate) fn statement_within(&self, rule: &str) -> String {
        within(&self.statement(rule))
    }

    /// What it means that a rule has found something; none for a rule that is not known.
    pub(crate) fn meaning(&self, rule: &str) -> Option<String> {
        if let Some(known) = self.rules.iter().find(|known| known.id == rule) {
            return Some(known.meaning.to_owned());
        }
        let page = gan_doctor::find_rule(rule).ok()?.page();
        let paragraph = page.section("What it means")?.split("\n\n").next()?;
        Some(paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Why a rule has found something in one run, and the language that it is in.
    pub(crate) fn cause(&self, rule: &str, cause: &str) -> (String, &'static str) {
        let of_rule = self.causes.iter().filter(|(of, ..)| *of == rule);
        self.phrased(of_rule.map(|(_, english, ours)| (*english, *ours)), cause)
    }

    /// Why a remedy should help, and the language that it is in.
    pub(crate) fn advice(&self, why: &str) -> (String, &'static str) {
        self.phrased(self.advice.iter().copied(), why)
    }

    /// An English sentence by the first pattern that it fits; itself where there is none.
    fn phrased(
        &self,
        mut patterns: impl Iterator<Item = (&'static str, &'static str)>,
        sentence: &str,
    ) -> (String, &'static str) {
        let found = patterns.find_map(|(english, ours)| {
            let holes = phrase::filled(english, sentence)?;
            let holes: Vec<String> = holes.into_iter().map(|hole| self.part(hole)).collect();
            Some(phrase::fill(ours, &holes))
        });
        found.map_or_else(|| (sentence.to_owned(), "en"), |text| (text, self.code))
    }

    /// What stands in a hole: a word, a quantity or a number.
    fn part(&self, text: &str) -> String {
        lookup(self.parts, text).map_or_else(|| self.quantity(text), str::to_owned)
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

    /// The text of a rule's file with every argument of a sentence as a hole.
    fn rule_with_holes(id: &str) -> String {
        let file = format!("../gan-doctor/src/rule/{}.rs", id.replace('-', "_"));
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut pieces = text.split('{');
        let begin = pieces.next().unwrap().to_owned();
        pieces.fold(begin, |text, piece| match piece.split_once('}') {
            Some((argument, rest)) if !argument.contains(char::is_whitespace) => {
                format!("{text}{{}}{rest}")
            }
            _ => format!("{text}{{{piece}"),
        })
    }

    #[test]
    fn causes_are_said_as_the_rules_say_them() {
        for (rule, english, ours) in Language::Chinese.words().causes {
            assert!(rule_with_holes(rule).contains(&format!("\"{english}\"")), "{rule}: {english}");
            let holes = english.matches("{}").count();
            let is_filled = (0..holes).all(|hole| ours.contains(&format!("{{{hole}}}")));
            assert!(is_filled && ours.matches('{').count() == holes, "{rule}: {ours}");
        }
    }

    #[test]
    fn a_cause_keeps_its_numbers_and_names_quantities_and_players() {
        let words = Language::Chinese.words();
        let cause = |rule: &str, text: &str| words.cause(rule, text);
        assert_eq!(
            cause("learning-rate-too-high", "an update changes the critic's weights by 12 %"),
            ("一次更新使判别器的权重改变 12 %".to_owned(), "zh")
        );
        assert_eq!(
            cause(
                "late-decline",
                "samples/frechet was best at step 900 and has become worse since"
            )
            .0,
            "弗雷歇距离在第 900 步最好，此后变差"
        );
        let unknown = ("something new".to_owned(), "en");
        assert_eq!(cause("late-decline", "something new"), unknown);
        assert_eq!(Language::English.words().cause("late-decline", "something new"), unknown);
    }

    #[test]
    fn names_are_small_within_a_sentence() {
        let words = Language::English.words();
        let of = |series: &str| words.statistic("median", &words.quantity(series));
        assert_eq!(of("critic/gradient_norm"), "median of gradient norm, critic");
        assert_eq!(of("samples/frechet"), "median of Fréchet distance");
        assert_eq!(of("critic/real_probability"), "median of D(x), real");
        assert_eq!(
            words.statement_within("mode-collapse"),
            "different latents make the same sample"
        );
    }

    fn is_chinese(letter: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&letter)
    }

    #[test]
    fn chinese_has_a_word_for_every_rule_and_every_english_name() {
        let (english, chinese) = (Language::English.words(), Language::Chinese.words());
        let ids: Vec<&str> = gan_doctor::RULES.iter().map(|rule| rule.id()).collect();
        for id in &ids {
            let known = chinese.rules.iter().find(|known| known.id == *id);
            let Some(Rule { title, meaning, .. }) = known else { panic!("{id}") };
            assert!([title, meaning].iter().all(|text| text.chars().any(is_chinese)), "{id}");
            assert!(!title.ends_with('。') && meaning.ends_with('。'), "{id}");
            assert!(!english.statement(id).ends_with('.'));
            assert!(english.meaning(id).is_some_and(|text| text.ends_with('.')), "{id}");
        }
        assert!(chinese.rules.iter().all(|known| ids.contains(&known.id)));
        assert!(chinese.advice.iter().all(|(_, text)| text.chars().any(is_chinese)));
        let explained = |id: &str| chinese.causes.iter().any(|(rule, ..)| *rule == id);
        assert_eq!(ids.iter().find(|id| !explained(id)), None);
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
