//! The judgement on a claim: held, not held, or why it cannot be said.

use super::correlation::spearman;
use super::rank_sum::{rank_sum, smallest_p};
use super::{Bound, Claim, Condition, Evidence, Moment, Other, Reading, Side, Training};
use crate::experiment::short;
use crate::nearest;

/// Fewer measurements than these have no rank correlation worth the name.
const FEWEST_PAIRS: usize = 5;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Whether it holds.
    pub(crate) state: State,
    /// The numbers that say so, or why it cannot be said.
    pub(crate) because: String,
    /// The same numbers for a table; none where it cannot be said.
    pub(crate) figures: Figures,
}

/// The numbers of a judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    /// The lowest and the highest over the seeds.
    pub(crate) measured: Option<(f64, f64)>,
    /// Of what it is compared with.
    pub(crate) against: Option<(f64, f64)>,
    /// On how many seeds it holds, and of how many.
    pub(crate) seeds: Option<(usize, usize)>,
    /// Of the test.
    pub(crate) p: Option<f64>,
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum State {
    /// It does.
    Held,
    /// It does not.
    NotHeld,
    /// What was measured does not decide it.
    CannotSay,
    /// Nothing was measured.
    NotRun,
}

/// Judges a claim.
pub(crate) fn judge(claim: &Claim, evidence: &Evidence) -> Verdict {
    if let Some(objection) = evidence.objection(claim.runs()) {
        return cannot_say(objection);
    }
    let (Some(run), reading) = (&claim.reading.run, &claim.reading) else {
        let Some(figures) = &evidence.figures else {
            return not_run("there are no figures".to_owned());
        };
        let known: Vec<&String> = figures.keys().collect();
        let figure = figures.get(&claim.reading.quantity).copied();
        return match (figure, &claim.condition) {
            (Some(value), Condition::Bound(bound)) => {
                let because = format!("{} is {}, {bound} claimed", claim.reading, short(value));
                let figures = Figures { measured: Some((value, value)), ..Figures::default() };
                decided(bound.admits(value), because, figures)
            }
            _ => cannot_say(nearest::unknown("figure", &claim.reading.quantity, &known)),
        };
    };
    if let Some(missing) = claim.runs().find(|run| evidence.of(run).is_empty()) {
        return not_run(format!("no seed of `{missing}` was run"));
    }
    let tested = |other: &Other| Samples::read(claim, other, evidence);
    let result = match &claim.condition {
        Condition::Test { side, other, level } => {
            tested(other).and_then(|samples| samples.test(*side, *level))
        }
        Condition::Like { other, level } => tested(other).and_then(|samples| samples.like(*level)),
        Condition::Bound(bound) => {
            by_seed(claim, (run, &reading.to_string()), evidence, &bound.to_string(), |training| {
                let value = value(training, reading)?;
                Ok((bound.admits(value), value, None))
            })
        }
        Condition::Beside { side, other } => beside(claim, run, evidence, (*side, other)),
        Condition::Correlation { quantity, bound } => {
            correlated(claim, run, evidence, (quantity, *bound))
        }
    };
    result.unwrap_or_else(cannot_say)
}

fn beside(
    claim: &Claim,
    run: &str,
    evidence: &Evidence,
    (side, other): (Side, &Other),
) -> Result<Verdict, String> {
    let what = format!("{side} than {}", in_words(other));
    by_seed(claim, (run, &claim.reading.to_string()), evidence, &what, |training| {
        let elsewhere = other.reading.run.as_deref().unwrap_or(run);
        let same_seed = evidence.of(elsewhere).iter().find(|each| each.seed == training.seed);
        let same_seed = same_seed
            .ok_or_else(|| format!("seed {} of `{elsewhere}` was not run", training.seed))?;
        let (one, two) =
            (value(training, &claim.reading)?, other.times * value(same_seed, &other.reading)?);
        Ok((side.holds(one, two), one, Some(two)))
    })
}

fn correlated(
    claim: &Claim,
    run: &str,
    evidence: &Evidence,
    (quantity, bound): (&str, Bound),
) -> Result<Verdict, String> {
    let one = &claim.reading.quantity;
    let subject = format!("rank correlation of {one} with {quantity}, {run}");
    by_seed(claim, (run, &subject), evidence, &bound.to_string(), |training| {
        let of_run = |why| format!("`{run}` {why}");
        let pairs = training.pairs(one, quantity).map_err(of_run)?;
        if pairs.len() < FEWEST_PAIRS {
            return Err(format!(
                "a rank correlation needs {FEWEST_PAIRS} measurements of both, seed {} has {}",
                training.seed,
                pairs.len()
            ));
        }
        let rho = spearman(&pairs).ok_or_else(|| {
            format!("seed {} has no rank correlation: one side is constant or nan", training.seed)
        })?;
        Ok((bound.admits(rho), rho, None))
    })
}

/// Judges seed by seed of a run: whether it holds there, the number of its subject, and what that is
/// compared with.
fn by_seed(
    claim: &Claim,
    (run, subject): (&str, &str),
    evidence: &Evidence,
    what: &str,
    of_seed: impl Fn(&Training) -> Result<(bool, f64, Option<f64>), String>,
) -> Result<Verdict, String> {
    let (mut n_held, mut n_diverged, mut values, mut others) = (0, 0, Vec::new(), Vec::new());
    let trainings = evidence.of(run);
    for training in trainings {
        if training.diverged {
            n_diverged += 1;
            continue;
        }
        let (holds, value, other) = of_seed(training)?;
        n_held += usize::from(holds);
        values.push(value);
        others.extend(other);
    }
    let (n_run, n_planned) = (trainings.len(), evidence.planned(run));
    let n_needed = claim.seeds.map_or(n_planned, |seeds| seeds.get() as usize);
    let against = if others.is_empty() { String::new() } else { format!(" ({})", span(&others)) };
    let figures = Figures {
        measured: ends(&values),
        against: ends(&others),
        seeds: Some((n_held, n_run)),
        p: None,
    };
    let mut because =
        format!("{subject}: {}, {what}{against} on {n_held} of {n_run} seeds", span(&values));
    if n_needed < n_planned {
        because += &format!(", {n_needed} needed");
    }
    if n_diverged > 0 {
        because += &format!(", {n_diverged} diverged");
    }
    // Seeds that are missing cannot save a claim that too many others have refuted.
    let n_failed = n_run - n_held;
    if n_failed > n_planned.max(n_run).saturating_sub(n_needed) {
        return Ok(decided(false, because, figures));
    }
    needs(n_needed, run, n_run)?;
    Ok(decided(n_held >= n_needed, because, figures))
}

/// The seeds of two runs, to be compared by a test.
struct Samples {
    words: String,
    one: Vec<f64>,
    two: Vec<f64>,
}

impl Samples {
    fn read(claim: &Claim, other: &Other, evidence: &Evidence) -> Result<Self, String> {
        let of = |reading: &Reading, times: f64| {
            let run = reading.run.as_deref().unwrap_or_default();
            let trainings = evidence.of(run);
            let planned = evidence.planned(run);
            needs(claim.seeds.map_or(planned, |n| n.get() as usize), run, trainings.len())?;
            let value = |training: &Training| {
                if training.diverged {
                    return Err(format!("seed {} of `{run}` has diverged", training.seed));
                }
                let value = times * value(training, reading)?;
                if value.is_nan() {
                    return Err(format!("{reading} is nan with seed {}", training.seed));
                }
                Ok(value)
            };
            trainings.iter().map(value).collect::<Result<Vec<_>, _>>()
        };
        let (one, two) = (of(&claim.reading, 1.0)?, of(&other.reading, other.times)?);
        let (a, b) = (span(&one), span(&two));
        let words = format!("{}: {a}, {}: {b}", claim.reading, in_words(other));
        Ok(Self { words, one, two })
    }

    fn test(&self, side: Side, level: f64) -> Result<Verdict, String> {
        self.can_reach(level, smallest_p(self.one.len(), self.two.len()))?;
        let tails = rank_sum(&self.one, &self.two);
        let p = match side {
            Side::Higher => tails.upper,
            Side::Lower => tails.lower,
        };
        let because = format!(
            "{}; {side} with p = {} over {}, at most {level} claimed (exact rank-sum test)",
            self.words,
            short(p),
            self.sizes()
        );
        Ok(decided(p <= level, because, self.figures(p)))
    }

    fn like(&self, level: f64) -> Result<Verdict, String> {
        self.can_reach(level, (2.0 * smallest_p(self.one.len(), self.two.len())).min(1.0))?;
        let p = rank_sum(&self.one, &self.two).two_sided();
        let verdict = if p > level {
            "not told apart, which is weak evidence that they are alike"
        } else {
            "told apart"
        };
        let because = format!(
            "{}; {verdict}: p = {} over {}, {level} would tell (exact rank-sum test, two-sided)",
            self.words,
            short(p),
            self.sizes()
        );
        Ok(decided(p > level, because, self.figures(p)))
    }

    fn figures(&self, p: f64) -> Figures {
        let (measured, against) = (ends(&self.one), ends(&self.two));
        Figures { measured, against, seeds: None, p: Some(p) }
    }

    /// Refuses a test that could come to one answer only.
    fn can_reach(&self, level: f64, smallest: f64) -> Result<(), String> {
        if smallest > level {
            let (sizes, smallest) = (self.sizes(), short(smallest));
            return Err(format!("over {sizes} no p is below {smallest}, and {level} is asked for"));
        }
        Ok(())
    }

    fn sizes(&self) -> String {
        format!("{} and {} seeds", self.one.len(), self.two.len())
    }
}

fn needs(n_needed: usize, run: &str, n_run: usize) -> Result<(), String> {
    if n_run < n_needed {
        let were = if n_run == 1 { "was" } else { "were" };
        return Err(format!("needs {n_needed} seeds of `{run}`, {n_run} {were} run"));
    }
    Ok(())
}

fn value(training: &Training, reading: &Reading) -> Result<f64, String> {
    let run = reading.run.as_deref().unwrap_or_default();
    training.value(&reading.quantity, reading.at).map_err(|why| match reading.at {
        Moment::Epochs(_) | Moment::Steps(_) => {
            format!("`{run}` {why} with seed {}", training.seed)
        }
        _ => format!("`{run}` {why}"),
    })
}

fn in_words(other: &Other) -> String {
    let Other { reading, times } = other;
    if *times == 1.0 { reading.to_string() } else { format!("{times} times {reading}") }
}

/// `0.91 … 0.98`, or the one value.
fn span(values: &[f64]) -> String {
    match ends(values) {
        Some((low, high)) if low != high => format!("{} … {}", short(low), short(high)),
        Some((one, _)) => short(one),
        None => "no number".to_owned(),
    }
}

/// The lowest and the highest, NaN above all numbers.
fn ends(values: &[f64]) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((*sorted.first()?, *sorted.last()?))
}

fn decided(holds: bool, because: String, figures: Figures) -> Verdict {
    Verdict { state: if holds { State::Held } else { State::NotHeld }, because, figures }
}

fn not_run(because: String) -> Verdict {
    Verdict { state: State::NotRun, because, figures: Figures::default() }
}

fn cannot_say(because: String) -> Verdict {
    Verdict { state: State::CannotSay, because, figures: Figures::default() }
}

#[cfg(test)]
mod tests;
