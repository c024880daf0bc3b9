//! Text of a user's as it stands in a message: short, on one line, harmless to a terminal.

/// The first characters of `text`, control characters escaped; `…` marks that there is more.
pub(crate) fn excerpt(text: &str) -> String {
    cut(text, 80)
}

/// The beginning and the end of a message that is longer than 320 characters.
pub(crate) fn cut_message(text: &str) -> String {
    let shown = escaped(text).collect::<String>();
    let length = shown.chars().count();
    if length <= 320 {
        return shown;
    }
    let end: String = shown.chars().skip(length - 140).collect();
    cut(text, 160) + &end
}

/// At most `most` characters as they are shown, where an escaped one is several.
fn cut(text: &str, most: usize) -> String {
    let mut shown = escaped(text);
    let mut short: String = shown.by_ref().take(most).collect();
    if shown.next().is_some() {
        short.push('…');
    }
    short
}

/// The text with control characters escaped.
fn escaped(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|character| {
        let (control, plain) = match character.is_control() {
            true => (Some(character.escape_default()), None),
            false => (None, Some(character)),
        };
        control.into_iter().flatten().chain(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_control_characters_are_escaped() {
        assert_eq!(excerpt("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(excerpt(&"\u{1b}".repeat(100)).chars().count(), 81);
        assert!(cut_message(&"\u{1b}".repeat(300)).chars().count() < 320);
        assert_eq!(excerpt(&"x".repeat(1_000_000)), "x".repeat(80) + "…");
        let message = cut_message(&format!("found {} in {}", "y".repeat(1_000_000), "the end"));
        assert!(message.starts_with("found yyy") && message.ends_with("y in the end"), "{message}");
        assert!(message.chars().count() < 320);
    }
}
