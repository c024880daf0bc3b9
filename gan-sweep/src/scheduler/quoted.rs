//! Text as one word of a shell.

/// `text` in single quotes, in which a shell reads every other character as itself.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_text_again() {
        for text in ["plain", "two words", "it's $HOME `ls` \\ \"x\" *", ""] {
            let line = format!("printf %s {}", quoted(text));
            let said = std::process::Command::new("/bin/sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(said.stdout).unwrap(), text);
        }
    }
}
