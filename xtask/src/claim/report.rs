//! The claims of an experiment as lines, for the terminal and for its summary.

use std::fmt;

use super::{Claim, Evidence, State, Verdict, judge};

/// A claim with its judgement, or without one where it was not checked.
pub(crate) struct Judged<'a> {
    claim: &'a Claim,
    verdict: Option<Verdict>,
    /// The same of its first version.
    first: Option<Verdict>,
}

impl<'a> Judged<'a> {
    /// Judges a claim and its first version.
    pub(crate) fn by(claim: &'a Claim, evidence: &Evidence) -> Self {
        let first = claim.first.as_ref().and_then(|first| first.claim.as_deref());
        Self {
            claim,
            verdict: Some(judge(claim, evidence)),
            first: first.map(|first| judge(first, evidence)),
        }
    }

    /// A claim that is not checked.
    pub(crate) fn unchecked(claim: &'a Claim) -> Self {
        Self { claim, verdict: None, first: None }
    }

    /// Its judgement, where it was checked.
    pub(crate) fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    fn state(&self) -> Option<State> {
        self.verdict.as_ref().map(|verdict| verdict.state)
    }
}

/// A line, and one more for the first version of a claim that was rewritten.
impl fmt::Display for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claim { says, first, .. } = self.claim;
        match &self.verdict {
            Some(verdict) => write!(f, "{:<11} {says} [{}]", verdict.state, verdict.because)?,
            None => write!(f, "not checked {says}")?,
        }
        let Some(first) = first else { return Ok(()) };
        write!(f, "\n            first claimed: {} Rewritten: {}", first.says, first.why)?;
        match &self.first {
            Some(Verdict { state, because, .. }) => write!(f, " It is {state} [{because}]"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Held => "held",
            Self::NotHeld => "NOT held",
            Self::CannotSay => "cannot say",
            Self::NotRun => "not run",
        })
    }
}

/// How many claims came to which state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    held: usize,
    not_held: usize,
    cannot_say: usize,
    not_run: usize,
}

impl Tally {
    /// Counts judged claims.
    pub(crate) fn of<'a>(judged: impl IntoIterator<Item = &'a Judged<'a>>) -> Self {
        let mut tally = Self::default();
        for state in judged.into_iter().filter_map(Judged::state) {
            match state {
                State::Held => tally.held += 1,
                State::NotHeld => tally.not_held += 1,
                State::CannotSay => tally.cannot_say += 1,
                State::NotRun => tally.not_run += 1,
            }
        }
        tally
    }

    /// Adds those of another experiment.
    pub(crate) fn add(&mut self, other: Self) {
        self.held += other.held;
        self.not_held += other.not_held;
        self.cannot_say += other.cannot_say;
        self.not_run += other.not_run;
    }

    /// Whether every claim is held.
    pub(crate) fn all_held(self) -> bool {
        self.not_held + self.cannot_say + self.not_run == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { held, not_held, cannot_say, not_run } = self;
        write!(
            f,
            "{held} held, {not_held} not held, {cannot_say} cannot be said, {not_run} not run"
        )
    }
}
