//! The classes that a person asks for: `3`, `1,4,7` or `0-4,7`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use anyhow::{Context as _, bail, ensure};

/// Classes and ranges of classes, in the order in which they were named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Labels(Vec<RangeInclusive<usize>>);

impl Labels {
    /// The classes one by one, if a generator of so many `classes` makes each of them.
    pub(crate) fn among(&self, classes: usize) -> anyhow::Result<Vec<usize>> {
        for range in &self.0 {
            ensure_class(*range.end(), classes)?;
        }
        Ok(self.0.iter().cloned().flatten().collect())
    }
}

/// A generator of so many `classes` makes the class `label`.
pub(crate) fn ensure_class(label: usize, classes: usize) -> anyhow::Result<()> {
    if classes == 0 {
        bail!(
            "class {label} was asked for, but this run's generator is unconditional: \
             it takes no labels"
        );
    }
    let last = classes - 1;
    ensure!(
        label <= last,
        "class {label} was asked for, but this run's generator has {classes} classes, 0 to {last}"
    );
    Ok(())
}

impl FromStr for Labels {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let range = |part: &str| {
            let class = |digits: &str| {
                digits.trim().parse::<usize>().ok().with_context(|| {
                    format!("expected classes such as 3 or 1,4,7 or 0-9, found `{part}`")
                })
            };
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (class(first)?, class(last)?);
            ensure!(first <= last, "the range `{part}` runs backwards");
            Ok(first..=last)
        };
        let ranges: Vec<RangeInclusive<usize>> =
            text.split(',').map(range).collect::<anyhow::Result<_>>()?;
        let twice = ranges.iter().enumerate().find_map(|(idx, range)| {
            let later = &ranges[idx + 1..];
            let shared = |other: &RangeInclusive<usize>| *range.start().max(other.start());
            let meets =
                |other: &&RangeInclusive<usize>| shared(other) <= *range.end().min(other.end());
            later.iter().find(meets).map(shared)
        });
        match twice {
            Some(class) => bail!("class {class} is named twice"),
            None => Ok(Self(ranges)),
        }
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, range) in self.0.iter().enumerate() {
            let comma = if idx == 0 { "" } else { "," };
            let (first, last) = (range.start(), range.end());
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(text: &str) -> Vec<usize> {
        text.parse::<Labels>().unwrap().among(10).unwrap()
    }

    #[test]
    fn classes_and_ranges_keep_their_order() {
        assert_eq!(classes("3"), [3]);
        assert_eq!(classes("7, 1,4"), [7, 1, 4]);
        assert_eq!(classes("8,0-3"), [8, 0, 1, 2, 3]);
        assert_eq!(classes("0-9").len(), 10);
        assert_eq!("7, 1,0 - 0,2-4".parse::<Labels>().unwrap().to_string(), "7,1,0,2-4");
    }

    #[test]
    fn what_is_no_class_is_named() {
        for (text, part) in [
            ("", "found ``"),
            ("1,,2", "found ``"),
            ("three", "found `three`"),
            ("1-2-3", "found `1-2-3`"),
            ("-1", "found `-1`"),
            ("9-0", "the range `9-0` runs backwards"),
            ("0-4,3", "class 3 is named twice"),
            ("5,5", "class 5 is named twice"),
        ] {
            let message = text.parse::<Labels>().unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    /// A range of everything is refused before it is counted through.
    #[test]
    fn classes_that_a_generator_does_not_have_are_refused() {
        let labels: Labels = "0-18446744073709551615".parse().unwrap();
        let message = labels.among(10).unwrap_err().to_string();
        assert!(message.contains("class 18446744073709551615 was asked for"), "{message}");
        assert!(message.ends_with("has 10 classes, 0 to 9"), "{message}");
        let message = labels.among(0).unwrap_err().to_string();
        assert!(message.contains("is unconditional"), "{message}");
    }
}
