//! An examination as plain text of at most 100 columns.

use std::fmt;

use super::Examination;
use crate::{Diagnosis, Remedy};

/// Columns of the text.
const WIDTH: usize = 100;
/// Characters of the longest prefix that names a rule in the lists.
const LIST: usize = 4;

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.step, self.findings.len()) {
            (None, 0) => writeln!(f, "Nothing was measured.")?,
            (Some(step), 0) => writeln!(f, "Nothing found up to step {step}.")?,
            (step, n) => {
                let plural = if n == 1 { "finding" } else { "findings" };
                writeln!(f, "{n} {plural} up to step {}.", step.unwrap_or(0))?;
            }
        }
        if let Some(quality) = &self.quality {
            writeln!(f, "{}", quality.sentence())?;
        }
        for (index, finding) in self.findings.iter().enumerate() {
            write!(f, "\n{}. {finding}", index + 1)?;
        }
        list(f, "Healthy", &self.healthy.join(", "))?;
        let lines = |each: Vec<String>| each.join("\n");
        let short = self.too_short.iter().map(|each| named(each.rule, &joined(&each.series)));
        list(f, "Too short to say", &lines(short.collect()))?;
        let missing = self.not_checked.iter().map(|each| named(each.rule, &joined(&each.missing)));
        list(f, "Not checked", &lines(missing.collect()))?;
        let other = self.does_not_apply.iter().map(|each| named(each.rule, each.why));
        list(f, "Does not apply", &lines(other.collect()))
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (severity, certainty) = (self.severity.name(), self.certainty.name());
        writeln!(f, "{} ({severity}, {certainty}) since step {}", self.rule, self.since)?;
        write!(f, "{}", wrapped(&self.cause, 3))?;
        for evidence in &self.evidence {
            write!(f, "{}", wrapped(&format!("- {evidence}"), 3))?;
        }
        for line in self.chart.lines() {
            writeln!(f, "   {line}")?;
        }
        for (index, remedy) in self.remedies.iter().enumerate() {
            let label = if index == 0 { "Cure:" } else { "Or:" };
            write!(f, "{}", wrapped(&format!("{label} {}", remedy.why), 3))?;
            write!(f, "{}", typed(remedy))?;
        }
        for symptom in &self.symptoms {
            let (rule, since) = (symptom.rule, symptom.since);
            let text = format!("Explains {rule} since step {since}: {}", symptom.cause);
            write!(f, "{}", wrapped(&text, 3))?;
        }
        Ok(())
    }
}

/// The settings as they are typed, each on a line that a shell joins to the next. A long list has a
/// line for each of its tables: a quoted text and a list may both go over several lines.
fn typed(remedy: &Remedy) -> String {
    let line = |argument: String| match argument.chars().count() + 7 > WIDTH {
        true => format!("     {}", argument.replace("},{", "},\n       {")),
        false => format!("     {argument}"),
    };
    let lines: Vec<String> = remedy.arguments().map(line).collect();
    if lines.is_empty() { String::new() } else { lines.join(" \\\n") + "\n" }
}

fn joined<T: fmt::Display>(parts: &[T]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn named(rule: &str, what: &str) -> String {
    format!("{rule}: {what}")
}

/// A heading and its lines, if there are any.
fn list(f: &mut fmt::Formatter<'_>, heading: &str, lines: &str) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{heading}:")?;
    lines.lines().try_for_each(|line| write!(f, "{}", wrapped(line, LIST)))
}

/// Text broken between words, every line but the first indented by two more.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = vec![" ".repeat(indent)];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        let is_begun = lines.last().is_some_and(|line| !line.trim().is_empty());
        if is_begun && line + 1 + word.chars().count() > WIDTH {
            lines.push(" ".repeat(indent + 2));
        }
        if let Some(line) = lines.last_mut() {
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_between_words() {
        let text = wrapped(&"word ".repeat(60), 3);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().nth(1).unwrap().starts_with("     word"));
        assert_eq!(wrapped("one two", 2), "  one two\n");
    }
}
