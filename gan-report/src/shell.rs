//! Commands as they are typed.

/// A word, in quotes if a shell would change it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._=/-+:,@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The command of a run, each `--set` on a line of its own.
pub(crate) fn broken(words: &[String]) -> String {
    let mut text = String::new();
    for (idx, word) in words.iter().enumerate() {
        let before = match word.as_str() {
            _ if idx == 0 => "",
            flag if flag.starts_with("--") => " \\\n    ",
            _ => " ",
        };
        text += before;
        text += &quoted(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_words_that_were_meant() {
        assert_eq!(["gan", "a b", "x='1'"].map(quoted), ["gan", "'a b'", r"'x='\''1'\'''"]);
        let words = ["gan", "train", "dcgan", "--seed", "3"].map(str::to_owned);
        assert_eq!(broken(&words), "gan train dcgan \\\n    --seed 3");
    }
}
