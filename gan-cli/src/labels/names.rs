//! What the classes of a run's data are called.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use anyhow::{Context as _, bail, ensure};

use crate::config::did_you_mean;

/// A message names no more classes than this.
const NAMED: usize = 10;
/// Characters of a name in a message, bytes of one in a path.
const LONGEST_SHOWN: usize = 80;
const LONGEST_FOLDER: usize = 200;

/// A name for each class that a generator has, or a data set; none for those without classes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ClassNames(Vec<String>);

impl ClassNames {
    /// The names as a manifest has them; numbers where it has none for this many classes.
    pub(crate) fn of(recorded: &[String], classes: usize) -> Self {
        match recorded.len() == classes {
            true => Self(recorded.to_vec()),
            false => Self((0..classes).map(|class| class.to_string()).collect()),
        }
    }

    /// The number of classes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The names of some classes for a picture; none at all where every name is only the number of
    /// its class.
    pub(crate) fn beside_rows(&self, classes: &[usize]) -> Vec<String> {
        match self.are_numbers() {
            true => Vec::new(),
            false => classes.iter().filter_map(|&class| self.0.get(class).cloned()).collect(),
        }
    }

    /// A name for the folder of each class: without separators, dots at its ends and control
    /// characters, and different from the others also where capitals make no difference.
    ///
    /// Classes that are only numbered are padded with zeros, so that a list by name is in order.
    pub(crate) fn folders(&self) -> Vec<String> {
        let digits = self.0.len().saturating_sub(1).to_string().len();
        if self.are_numbers() {
            return (0..self.0.len()).map(|class| format!("{class:0digits$}")).collect();
        }
        let mut taken = HashSet::new();
        let free = |name: &String| {
            let safe = safe_name(name);
            let numbered = (2_usize..).map(|number| format!("{safe}-{number}"));
            let mut candidates = std::iter::once(safe.clone()).chain(numbered);
            candidates.find(|name| taken.insert(name.to_lowercase())).unwrap_or(safe.clone())
        };
        self.0.iter().map(free).collect()
    }

    /// The classes that a part of `--labels` means: a name as it is or but for capitals, a number,
    /// or a range of numbers.
    pub(crate) fn select(&self, part: &str) -> anyhow::Result<Vec<usize>> {
        ensure!(
            !self.0.is_empty(),
            "class {} was asked for, but this run's generator is unconditional: it takes no labels",
            shown(part)
        );
        if let Some(class) = self.called(part) {
            return Ok(vec![class]);
        }
        let Some(range) = numbers(part) else {
            bail!(
                "expected classes such as {}, found `{}`{}",
                self.examples(),
                shown(part),
                did_you_mean(part, &self.0)
            );
        };
        ensure!(range.start() <= range.end(), "the range `{}` runs backwards", shown(part));
        // The end comes first: a range of everything is not counted through.
        self.numbered(*range.end())?;
        range.map(|number| self.numbered(number)).collect()
    }

    /// The class that a part of `--label` means: one.
    pub(crate) fn select_one(&self, part: &str) -> anyhow::Result<usize> {
        match self.select(part)?.as_slice() {
            &[class] => Ok(class),
            classes => bail!("expected one class, found {} in `{}`", classes.len(), shown(part)),
        }
    }

    /// A class for a message.
    pub(super) fn describe(&self, class: usize) -> String {
        self.0.get(class).map_or_else(|| class.to_string(), |name| shown(name))
    }

    fn are_numbers(&self) -> bool {
        self.0.iter().enumerate().all(|(class, name)| *name == class.to_string())
    }

    fn called(&self, part: &str) -> Option<usize> {
        let exactly = self.0.iter().position(|name| name == part);
        exactly.or_else(|| {
            let lower = part.to_lowercase();
            let mut alike =
                self.0.iter().enumerate().filter(|(_, name)| name.to_lowercase() == lower);
            alike.next().filter(|_| alike.next().is_none()).map(|(class, _)| class)
        })
    }

    /// The class of a number. Where names are other numbers, as those of the folders 2 and 10, a
    /// number is such a name: otherwise it would be ambiguous which of the two is meant.
    fn numbered(&self, number: usize) -> anyhow::Result<usize> {
        let is_other = |(class, name): (usize, &String)| {
            name.parse::<usize>().is_ok_and(|number| number != class)
        };
        if self.0.iter().enumerate().any(is_other) {
            let is_it = |name: &String| name.parse() == Ok(number);
            return self.0.iter().position(is_it).with_context(|| {
                format!("no class of this run is called {number}; there are: {}", self.list())
            });
        }
        let (classes, last) = (self.0.len(), self.0.len() - 1);
        let names = if self.are_numbers() { String::new() } else { format!(": {}", self.list()) };
        ensure!(
            number <= last,
            "class {number} was asked for, but this run's generator has {classes} classes, \
             0 to {last}{names}"
        );
        Ok(number)
    }

    fn examples(&self) -> String {
        match self.are_numbers() {
            true => "3 or 1,4,7 or 0-9".to_owned(),
            false => self.list(),
        }
    }

    fn list(&self) -> String {
        let some: Vec<String> = self.0.iter().take(NAMED).map(|name| shown(name)).collect();
        let more = if self.0.len() > NAMED { ", …" } else { "" };
        some.join(", ") + more
    }
}

/// `3` or `0-9`.
fn numbers(part: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let number = |digits: &str| digits.trim().parse::<usize>().ok();
    Some(number(first)?..=number(last)?)
}

/// A text as it may stand in a message: short, and without control characters.
fn shown(text: &str) -> String {
    let some = text.chars().take(LONGEST_SHOWN);
    let dots = if text.chars().nth(LONGEST_SHOWN).is_some() { "…" } else { "" };
    let escaped = some.map(|letter| match letter.is_control() {
        true => letter.escape_default().to_string(),
        false => letter.to_string(),
    });
    escaped.collect::<String>() + dots
}

/// A text as it may stand in a path: one that names nothing outside of its folder.
pub(crate) fn safe_name(text: &str) -> String {
    let is_bad = |letter: char| letter.is_control() || r#"/\<>:"|?*"#.contains(letter);
    let mut name: String =
        text.chars().map(|letter| if is_bad(letter) { '_' } else { letter }).collect();
    let longest = name.floor_char_boundary(LONGEST_FOLDER);
    name.truncate(longest);
    let name = name.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    if name.is_empty() { "class".to_owned() } else { name.to_owned() }
}
