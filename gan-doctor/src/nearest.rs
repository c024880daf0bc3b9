//! The name that was probably meant.

/// The least similarity, from 0 to 1, of a name that is worth suggesting.
const SIMILAR: f64 = 0.6;

/// The candidate that is most similar to `name`, if one is similar at all.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let name = name.to_lowercase();
    let scored = candidates
        .into_iter()
        .map(|each| (strsim::normalized_damerau_levenshtein(&name, each), each));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(score, _)| *score >= SIMILAR).map(|(_, each)| each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_seen_through_and_another_word_is_not() {
        let rules = ["mode-collapse", "critic-won"];
        assert_eq!(nearest("mode-colapse", rules), Some("mode-collapse"));
        assert_eq!(nearest("banana", rules), None);
    }
}
