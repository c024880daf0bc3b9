//! The part of Python's literals that headers of NPY files are made of.

/// Nested brackets deeper than this are no header.
const DEEPEST: usize = 16;

/// A literal of Python's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    /// `True`, `False`, `None`, or digits.
    Word(String),
    /// A list or a tuple.
    List(Vec<Self>),
    Dictionary(Vec<(Self, Self)>),
}

impl Literal {
    /// The literal that a text is, and nothing after it but blanks.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let literal = Self::take(&mut rest, 0)?;
        rest.trim_start().trim_end_matches('\0').trim().is_empty().then_some(literal)
    }

    /// The value of a dictionary's key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Dictionary(entries) = self else { return None };
        let is_key = |(found, _): &&(Self, Self)| matches!(found, Self::Text(text) if text == key);
        entries.iter().find(is_key).map(|(_, value)| value)
    }

    fn take(rest: &mut &str, depth: usize) -> Option<Self> {
        *rest = rest.trim_start();
        match rest.chars().next()? {
            _ if depth > DEEPEST => None,
            quote @ ('\'' | '"') => Self::take_text(rest, quote),
            '(' => Self::take_list(rest, ')', depth),
            '[' => Self::take_list(rest, ']', depth),
            '{' => Self::take_dictionary(rest, depth),
            _ => Self::take_word(rest),
        }
    }

    fn take_text(rest: &mut &str, quote: char) -> Option<Self> {
        let (mut text, mut escaped) = (String::new(), false);
        for (at, character) in rest.char_indices().skip(1) {
            match character {
                _ if escaped => {
                    text.push(character);
                    escaped = false;
                }
                '\\' => escaped = true,
                _ if character == quote => {
                    *rest = &rest[at + 1..];
                    return Some(Self::Text(text));
                }
                _ => text.push(character),
            }
        }
        None
    }

    fn take_word(rest: &mut &str) -> Option<Self> {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-';
        let end = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        *rest = after;
        (!word.is_empty()).then(|| Self::Word(word.to_owned()))
    }

    fn take_list(rest: &mut &str, close: char, depth: usize) -> Option<Self> {
        *rest = &rest[1..];
        let mut items = Vec::new();
        while !take_mark(rest, close) {
            items.push(Self::take(rest, depth + 1)?);
            if !take_mark(rest, ',') && !rest.trim_start().starts_with(close) {
                return None;
            }
        }
        Some(Self::List(items))
    }

    fn take_dictionary(rest: &mut &str, depth: usize) -> Option<Self> {
        *rest = &rest[1..];
        let mut entries = Vec::new();
        while !take_mark(rest, '}') {
            let key = Self::take(rest, depth + 1)?;
            take_mark(rest, ':').then_some(())?;
            entries.push((key, Self::take(rest, depth + 1)?));
            if !take_mark(rest, ',') && !rest.trim_start().starts_with('}') {
                return None;
            }
        }
        Some(Self::Dictionary(entries))
    }
}

/// Step over a character, if it is the next.
fn take_mark(rest: &mut &str, mark: char) -> bool {
    let after = rest.trim_start().strip_prefix(mark);
    if let Some(after) = after {
        *rest = after;
    }
    after.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_key_is_no_key() {
        let text = r#"{'descr': [('\'shape\': (9,)', "<f4")], "shape": (3, 2L,), }  "#;
        let literal = Literal::parse(text).unwrap();
        let word = |text: &str| Literal::Word(text.into());
        assert_eq!(literal.get("shape"), Some(&Literal::List(vec![word("3"), word("2L")])));
        assert_eq!(literal.get("order"), None);
    }

    #[test]
    fn what_is_cut_off_or_nested_too_deep_is_no_literal() {
        let text = "{'a': [(1, 'b'), {}], 'c': True}";
        assert!(Literal::parse(text).is_some());
        assert!((0..text.len()).all(|cut| Literal::parse(&text[..cut]).is_none()));
        assert!(Literal::parse("[] []").is_none());
        assert!(Literal::parse(&"[".repeat(1_000_000)).is_none());
    }
}
