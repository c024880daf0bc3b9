//! The message for an unknown word, with the nearest known one.

/// A message that names the unknown `word`, the nearest of `known`, and all of them.
pub(crate) fn unknown(kind: &str, word: &str, known: &[impl AsRef<str>]) -> String {
    let all = known.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match nearest(word, known) {
        Some(near) => format!("unknown {kind} `{word}`; did you mean `{near}`? known: {all}"),
        None => format!("unknown {kind} `{word}`; known: {all}"),
    }
}

/// The word that takes the fewest edits to reach, if less than half of it has to be edited.
pub(crate) fn nearest<'a>(word: &str, known: &'a [impl AsRef<str>]) -> Option<&'a str> {
    known
        .iter()
        .map(AsRef::as_ref)
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, candidate)| 2 * distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["moons", "dcgan-30ep", "dcgan-100ep"];

    #[test]
    fn a_typing_mistake_finds_its_word() {
        for (word, near) in [("mons", "moons"), ("dcgan-30", "dcgan-30ep"), ("mooms", "moons")] {
            assert_eq!(nearest(word, KNOWN), Some(near), "{word}");
        }
    }

    #[test]
    fn a_foreign_word_finds_none_but_sees_the_list() {
        assert_eq!(nearest("stylegan", KNOWN), None);
        assert_eq!(
            unknown("experiment", "stylegan", KNOWN),
            "unknown experiment `stylegan`; known: moons, dcgan-30ep, dcgan-100ep"
        );
    }
}
