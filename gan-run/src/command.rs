//! Commands as they are typed.

/// A word as a shell takes it whole: in quotes where the shell would change it.
///
/// # Example
/// ```
/// use gan_run::quoted;
///
/// assert_eq!(quoted("train.critic.lr=5e-5"), "train.critic.lr=5e-5");
/// assert_eq!(quoted("runs/my digits"), "'runs/my digits'");
/// assert_eq!(quoted("it's"), r"'it'\''s'");
/// ```
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._=/-+:,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_change_is_quoted() {
        for word in ["gan", "--out", "data.kind=moons", "größe", "a,b:c@d%"] {
            assert_eq!(quoted(word), word);
        }
        for word in ["", "a b", "$HOME", "a;b", "[1]", "~", "a\nb", "*", "\\"] {
            assert_eq!(quoted(word), format!("'{word}'"));
        }
        assert_eq!(quoted("x='1'"), r"'x='\''1'\'''");
    }
}
