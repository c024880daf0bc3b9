//! Claims on a page: what became of them, and their numbers.

use super::cell::span;
use super::kept::{Kept, halves};
use super::language::{Language, Word};
use crate::claim::{Bound, Figures, State};
use crate::experiment::short;

/// A line for each claim: `[EXPERIMENT/ID]`, or `[EXPERIMENT/ID, sentence]` where the page has words of
/// its own for it. Claims of experiments that were not run are followed by the command.
///
/// # Errors
/// There is no such claim, or a result cannot be read.
pub(super) fn table(
    kept: &mut Kept,
    language: Language,
    claims: &[Vec<String>],
) -> anyhow::Result<String> {
    let heads = [Word::Claim, Word::State, Word::Measured, Word::Against, Word::Seeds];
    let heads: Vec<&str> = heads.into_iter().map(|word| language.word(word)).collect();
    let mut text = format!("| {} | p |\n|---|---|---|---|---|---|\n", heads.join(" | "));
    let mut missing: Vec<&str> = Vec::new();
    for claim in claims {
        let (path, words) = match claim.as_slice() {
            [path] => (path, None),
            [path, words] => (path, Some(words.clone())),
            _ => anyhow::bail!("a claim is its name and at most one sentence, found {claim:?}"),
        };
        let decided = kept.claim(path)?;
        let Figures { measured, against, seeds, p } = decided.verdict.figures;
        let seeds = seeds.map_or("–".to_owned(), |(n, all)| format!("{n} / {all}"));
        let p = p.map_or("–".to_owned(), short);
        let says = words.unwrap_or(decided.says);
        text += &format!(
            "| {says} | {} | {} | {} | {seeds} | {p} |\n",
            language.state(decided.verdict.state),
            span(measured),
            decided.bound.map_or_else(|| span(against), in_signs),
        );
        let (experiment, _) = halves(path)?;
        if decided.verdict.state == State::NotRun && !missing.contains(&experiment) {
            missing.push(experiment);
        }
    }
    for experiment in missing {
        text += &format!("\n{}\n", language.not_run_sentence(experiment));
    }
    Ok(text)
}

fn in_signs(bound: Bound) -> String {
    match bound {
        Bound::AtLeast(limit) => format!("≥ {}", short(limit)),
        Bound::AtMost(limit) => format!("≤ {}", short(limit)),
    }
}

/// A sentence in the place of an answer that nothing decides yet.
///
/// # Errors
/// There is no such claim, it is decided, or a result cannot be read.
pub(super) fn open(kept: &mut Kept, language: Language, path: &str) -> anyhow::Result<String> {
    let (experiment, _) = halves(path)?;
    match kept.claim(path)?.verdict.state {
        State::NotRun => Ok(language.not_run_sentence(experiment)),
        State::CannotSay => Ok(language.undecided(experiment)),
        state => anyhow::bail!("the claim `{path}` is {state}, and not open"),
    }
}
