//! Commands as they are typed.

pub(crate) use gan_run::quoted;

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
        let words = ["gan", "train", "a b", "--seed", "3"].map(str::to_owned);
        assert_eq!(broken(&words), "gan train 'a b' \\\n    --seed 3");
    }
}
