//! Mutations of text: tokens and lines rather than bytes.

use std::ops::Range;

use crate::draw::Draw;

/// What stands in place of a word or a number.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "1e9",
    "1e-300",
    "1e308",
    "1e309",
    "-1e309",
    "1e-9",
    "0.1",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "Infinity",
    "null",
    "None",
    "none",
    "true",
    "false",
    "True",
    "1,5",
    "1;5",
    "4294967296",
    "2147483648",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999",
    "1_000_000",
    "0x10",
    "0b1",
    "1000000000",
    "65536",
    "1e400000",
    "\u{1b}[31m",
    "\u{0}",
    "\u{7f}",
    "\u{202e}",
    "\u{feff}",
    "é漢🙂",
    "'",
    "\"",
    "\"\"",
    "\\",
    "\\u0000",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    "[[]]",
    "(",
    ")",
    ",",
    ";",
    ":",
    "=",
    "#",
    "\t",
    "\r",
    "../../x",
    "/dev/zero",
    "/",
    "%s%n",
    "1979-05-27T07:32:00Z",
    "hinge",
    "points",
    "images",
    "ring",
    "moons",
    "2 steps",
    "3 epochs",
    "0 steps",
    "18446744073709551615 epochs",
];

/// One change to a token or a line of a text.
pub(crate) fn tokens(bytes: &mut Vec<u8>, draw: &mut Draw) {
    match draw.below(8) {
        0 => drop_line(bytes, draw),
        1 => double_line(bytes, draw),
        2 => swap_bytes(bytes, draw),
        3 => insert_long(bytes, draw),
        _ => replace_token(bytes, draw),
    }
}

/// A token that code likes to get wrong.
pub(crate) fn hostile(draw: &mut Draw) -> String {
    match draw.below(12) {
        0 => "x".repeat(1 << draw.below(17)),
        1 => draw.extreme().to_string(),
        3 => format!("{:?}", "x".repeat(1 << draw.below(12))),
        4 => format!("{:?}", draw.word(HOSTILE)),
        2 => format!("-{}.{}e{}", draw.extreme(), draw.extreme(), draw.below(400)),
        _ => (*draw.pick(HOSTILE)).to_owned(),
    }
}

fn replace_token(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let token = token(bytes, draw);
    let new = hostile(draw);
    bytes.splice(token, new.into_bytes());
}

/// A word or number, from somewhere on.
fn token(bytes: &[u8], draw: &mut Draw) -> Range<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+.".contains(byte) || *byte > 127;
    let from = draw.below(bytes.len());
    let begin =
        bytes[from..].iter().position(is_word).map_or(bytes.len(), |skipped| from + skipped);
    let begin = begin - bytes[..begin].iter().rev().take_while(|byte| is_word(byte)).count();
    let length = bytes[begin..].iter().take_while(|byte| is_word(byte)).count();
    begin..begin + length
}

fn line(bytes: &[u8], draw: &mut Draw) -> Range<usize> {
    let at = draw.below(bytes.len());
    let begin = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let length = bytes[begin..].iter().position(|&byte| byte == b'\n').map(|length| length + 1);
    begin..length.map_or(bytes.len(), |length| begin + length)
}

fn drop_line(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let line = line(bytes, draw);
    bytes.drain(line);
}

fn double_line(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let line = line(bytes, draw);
    let at = line.end;
    let text = bytes[line].to_vec();
    let times = 1 << draw.below(12);
    bytes.splice(at..at, text.repeat(times));
    bytes.truncate(1 << 20);
}

/// Every byte of one kind becomes another: separators, quotes, ends of lines.
fn swap_bytes(bytes: &mut [u8], draw: &mut Draw) {
    let kinds = b",;\t \n\r\"'.:=|-[]{}";
    let (old, new) = (*draw.pick(kinds), *draw.pick(kinds));
    bytes.iter_mut().filter(|byte| **byte == old).for_each(|byte| *byte = new);
}

fn insert_long(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let at = draw.below(bytes.len() + 1);
    let piece =
        *draw.pick(&["[", "{\"a\":", "9", ",", "\"", "(", "\n", "a.", "é", "\u{1b}[2J", "-", " "]);
    let times = 1 << draw.below(17);
    bytes.splice(at..at, piece.repeat(times).into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_whole_words() {
        let text = b"alpha,-1.5e3;beta_2";
        let words: Vec<&[u8]> = vec![b"alpha", b"-1.5e3", b"beta_2"];
        for case in 0..50 {
            let token = token(text, &mut Draw::of_case("words", case));
            assert!(words.contains(&&text[token.clone()]), "{token:?}");
        }
    }

    #[test]
    fn an_empty_text_survives_every_change() {
        for case in 0..200 {
            tokens(&mut Vec::new(), &mut Draw::of_case("empty", case));
        }
    }
}
