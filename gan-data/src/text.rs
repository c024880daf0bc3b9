//! Text from a file, made fit for a message: short, on one line, without control characters.

/// So many characters of a stranger's text stand in a message.
const LONGEST: usize = 80;

/// The text as it may stand in a message: control characters escaped, cut after 80 characters.
pub(crate) fn shortened(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text.chars();
    for character in rest.by_ref().take(LONGEST) {
        match character.is_control() {
            true => shown.extend(character.escape_default()),
            false => shown.push(character),
        }
    }
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_cannot_write_to_the_terminal() {
        assert_eq!(shortened("a\u{1b}[31m.png"), "a\\u{1b}[31m.png");
        assert_eq!(shortened("two\nlines"), "two\\nlines");
        let long = "x".repeat(5_000_000);
        assert_eq!(shortened(&long).chars().count(), 81);
        assert!(shortened(&long).ends_with('…'));
        assert_eq!(shortened("é漢"), "é漢");
    }
}
