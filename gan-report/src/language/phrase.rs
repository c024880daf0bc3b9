//! Sentences with holes: how the doctor puts a number into one, read back and put into another language.

/// What stands in the holes `{}` of a pattern, if the sentence is one of its kind.
pub(super) fn filled<'a>(pattern: &str, sentence: &'a str) -> Option<Vec<&'a str>> {
    let mut fixed = pattern.split("{}");
    let mut rest = sentence.strip_prefix(fixed.next()?)?;
    let mut found = Vec::new();
    let mut fixed = fixed.peekable();
    while let Some(text) = fixed.next() {
        // The last piece is at the end, or else a hole that holds the same words would end early.
        let end =
            if fixed.peek().is_none() { rest.strip_suffix(text)?.len() } else { rest.find(text)? };
        found.push(&rest[..end]);
        rest = &rest[end + text.len()..];
    }
    rest.is_empty().then_some(found)
}

/// A pattern with its holes `{0}`, `{1}` … filled, in whatever order it has them.
pub(super) fn fill(pattern: &str, holes: &[String]) -> String {
    holes
        .iter()
        .enumerate()
        .fold(pattern.to_owned(), |text, (index, hole)| text.replace(&format!("{{{index}}}"), hole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_found_where_the_pattern_has_them() {
        assert_eq!(filled("a {} of {}", "a share of 3 of 4"), Some(vec!["share", "3 of 4"]));
        assert_eq!(filled("{} spikes", "12 spikes"), Some(vec!["12"]));
        assert_eq!(filled("in [{}, {}]", "in [0, 1]"), Some(vec!["0", "1"]));
        assert_eq!(filled("no hole", "no hole"), Some(vec![]));
        for other in ["no hole at all", "a hole", ""] {
            assert_eq!(filled("no hole", other), None, "{other}");
        }
        assert_eq!(filled("{} spikes", "12 spike"), None);
    }

    #[test]
    fn holes_are_filled_in_any_order() {
        assert_eq!(fill("{1} 中有 {0}", &["3".into(), "4".into()]), "4 中有 3");
    }
}
