//! Text of a user's as it stands in a message: short, on one line, harmless to a terminal.

/// The first characters of `text`, control characters escaped; `…` says that there is more.
pub(crate) fn excerpt(text: &str) -> String {
    cut(text, 80)
}

/// At most about `most` characters of the beginning and the end of a message.
pub(crate) fn cut_message(text: &str) -> String {
    let length = text.chars().count();
    if length <= 320 {
        return cut(text, length);
    }
    let end: String = text.chars().skip(length - 140).collect();
    cut(text, 160) + &cut(&end, 140)
}

fn cut(text: &str, most: usize) -> String {
    let mut short = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == most {
            short.push('…');
            break;
        }
        match character.is_control() {
            true => short.extend(character.escape_default()),
            false => short.push(character),
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_control_characters_are_escaped() {
        assert_eq!(excerpt("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(excerpt(&"x".repeat(1_000_000)), "x".repeat(80) + "…");
        let message = cut_message(&format!("found {} in {}", "y".repeat(1_000_000), "the end"));
        assert!(message.starts_with("found yyy") && message.ends_with("y in the end"), "{message}");
        assert!(message.chars().count() < 320);
    }
}
