//! Text from a file, made fit for a message: short, on one line, without control characters.

use std::path::Path;

/// The maximum number of characters of a file's own text in a message.
const LONGEST: usize = 80;

/// The maximum number of characters of a path in a message.
const LONGEST_PATH: usize = 240;

/// The text as it may stand in a message: control characters escaped, cut after 80 characters.
pub(crate) fn shortened(text: &str) -> String {
    let (mut shown, mut length) = (String::new(), 0);
    for character in text.chars() {
        let begin = shown.len();
        push(&mut shown, character);
        // An escaped character is several.
        length += shown[begin..].chars().count();
        if length > LONGEST {
            shown.truncate(begin);
            shown.push('…');
            break;
        }
    }
    shown
}

/// A path as it may stand in a message: control characters escaped; of a long one the end, where
/// the name is.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let cut = text.chars().count().saturating_sub(LONGEST_PATH);
    let mut shown = if cut > 0 { "…".to_owned() } else { String::new() };
    text.chars().skip(cut).for_each(|character| push(&mut shown, character));
    shown
}

/// A few texts of a list, and how many more there are.
pub(crate) fn listed<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 10;
    let rest = texts.len().saturating_sub(MOST);
    let mut list = texts.take(MOST).map(shortened).collect::<Vec<_>>().join(", ");
    if rest > 0 {
        list += &format!(" and {rest} more");
    }
    list
}

fn push(shown: &mut String, character: char) {
    match character.is_control() || is_invisible(character) {
        true => shown.extend(character.escape_default()),
        false => shown.push(character),
    }
}

/// Characters that turn the direction of what follows, or that cannot be seen.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
        assert!(shortened(&"\u{1b}".repeat(100)).chars().count() <= 81);
        assert_eq!(shortened("é漢"), "é漢");
        assert_eq!(shortened("gpj\u{202e}x"), "gpj\\u{202e}x");
    }

    #[test]
    fn of_a_long_path_the_end_is_shown() {
        let long = format!("{}/points.csv", "folder/".repeat(100));
        let text = shown(Path::new(&long));
        assert!(text.starts_with('…') && text.ends_with("/points.csv"), "{text}");
        assert_eq!(text.chars().count(), 241);
        assert_eq!(shown(Path::new("a\u{1b}b.csv")), "a\\u{1b}b.csv");
    }

    #[test]
    fn of_a_long_list_the_first_are_named_and_the_rest_counted() {
        let names: Vec<String> = (0..12).map(|name| name.to_string()).collect();
        let list = listed(names.iter().map(String::as_str));
        assert_eq!(list, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
        assert_eq!(listed(["a", "b"].into_iter()), "a, b");
    }
}
