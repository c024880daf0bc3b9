//! A claim as its table in the file states it.

use std::num::NonZeroU32;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use super::{Bound, Claim, Condition, First, Moment, Other, Reading, Side};

/// `[[claim]]`, and the table `first` in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimEntry {
    id: Option<String>,
    says: String,
    run: Option<String>,
    quantity: Option<String>,
    #[serde(default)]
    at: Moment,
    at_least: Option<f64>,
    at_most: Option<f64>,
    higher_than: Option<Against>,
    lower_than: Option<Against>,
    like: Option<Against>,
    correlates_with: Option<Correlation>,
    seeds: Option<NonZeroU32>,
    first: Option<Box<ClaimEntry>>,
    /// Why a first version was rewritten.
    why: Option<String>,
}

/// What a reading is compared with; what is not named is as in the claim.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Against {
    run: Option<String>,
    quantity: Option<String>,
    at: Option<Moment>,
    times: Option<f64>,
    p: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Correlation {
    quantity: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

impl ClaimEntry {
    /// The claim.
    ///
    /// # Errors
    /// What is missing, is there twice or makes no sense, with the claim's sentence in front.
    pub(crate) fn checked(&self) -> anyhow::Result<Claim> {
        ensure!(!self.says.trim().is_empty(), "a claim's `says` is empty");
        self.claim().with_context(|| format!("the claim `{}`", self.says))
    }

    fn claim(&self) -> anyhow::Result<Claim> {
        ensure!(self.why.is_none(), "`why` belongs into `first`, the claim's first version");
        let plain = |id: &String| id.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
        ensure!(
            self.id.as_ref().is_none_or(|id| !id.is_empty() && plain(id)),
            "an `id` is made of letters, digits, `-` and `.`"
        );
        let first = self.first.as_ref().map(|first| first.as_first(self)).transpose()?;
        Ok(Claim { first, ..self.stated()? })
    }

    /// A first version: words and why they changed, with what it claimed if that can be checked.
    fn as_first(&self, claim: &Self) -> anyhow::Result<First> {
        let why = self.why.clone().filter(|why| !why.trim().is_empty());
        let why = why.context("`first` needs a `why`: what made it necessary to rewrite it")?;
        ensure!(!self.says.trim().is_empty(), "the `says` of `first` is empty");
        ensure!(self.first.is_none(), "`first` has no first version of its own");
        ensure!(self.id.is_none(), "`first` has no `id` of its own");
        let same = Self {
            run: self.run.clone().or_else(|| claim.run.clone()),
            quantity: self.quantity.clone().or_else(|| claim.quantity.clone()),
            ..self.clone()
        };
        let stated = same.conditions().next().is_some().then(|| same.stated()).transpose();
        let claim = stated.context("its `first`")?.map(Box::new);
        Ok(First { says: self.says.clone(), why, claim })
    }

    fn stated(&self) -> anyhow::Result<Claim> {
        let quantity = self.quantity.clone().context("it needs a `quantity`")?;
        let reading = Reading { run: self.run.clone(), quantity, at: self.at };
        let mut named = self.conditions();
        let (Some(_), None) = (named.next(), named.next()) else {
            let found = self.conditions().collect::<Vec<_>>().join(" and ");
            bail!(
                "it needs one of `at_least`, `at_most`, `higher_than`, `lower_than`, `like` and \
                 `correlates_with`, and has {}",
                if found.is_empty() { "none" } else { &found }
            );
        };
        let condition = self.condition(&reading)?;
        let is_bound = matches!(condition, Condition::Bound(_));
        ensure!(
            reading.run.is_some() || is_bound && self.seeds.is_none() && self.at == Moment::End,
            "without a `run` it is of a figure of the whole experiment: `at_least` or `at_most`, and \
             neither `at` nor `seeds`"
        );
        let says = self.says.clone();
        Ok(Claim { id: self.id.clone(), says, reading, condition, seeds: self.seeds, first: None })
    }

    /// The names of the conditions that are there.
    fn conditions(&self) -> impl Iterator<Item = &'static str> {
        [
            ("`at_least`", self.at_least.is_some()),
            ("`at_most`", self.at_most.is_some()),
            ("`higher_than`", self.higher_than.is_some()),
            ("`lower_than`", self.lower_than.is_some()),
            ("`like`", self.like.is_some()),
            ("`correlates_with`", self.correlates_with.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_there)| is_there.then_some(name))
    }

    fn condition(&self, reading: &Reading) -> anyhow::Result<Condition> {
        if let Some(against) = &self.higher_than {
            return against.compared(Side::Higher, reading);
        }
        if let Some(against) = &self.lower_than {
            return against.compared(Side::Lower, reading);
        }
        if let Some(against) = &self.like {
            ensure!(against.run.is_some(), "`like` needs a `run` to compare with");
            let level = against.p.context("`like` needs a `p`, such as 0.05")?;
            return Ok(Condition::Like { other: against.other(reading)?, level: checked(level)? });
        }
        if let Some(with) = &self.correlates_with {
            let bound = bound(with.at_least, with.at_most).context("`correlates_with`")?;
            let (Bound::AtLeast(limit) | Bound::AtMost(limit)) = bound;
            ensure!(
                (-1.0..=1.0).contains(&limit),
                "a correlation lies between -1 and 1, found {limit}"
            );
            ensure!(self.at == Moment::End, "a correlation is over all measurements, not `at` one");
            return Ok(Condition::Correlation { quantity: with.quantity.clone(), bound });
        }
        Ok(Condition::Bound(bound(self.at_least, self.at_most)?))
    }
}

impl Against {
    fn compared(&self, side: Side, reading: &Reading) -> anyhow::Result<Condition> {
        let other = self.other(reading)?;
        Ok(match self.p {
            Some(level) => {
                ensure!(self.run.is_some(), "a test with a `p` compares with another `run`");
                Condition::Test { side, other, level: checked(level)? }
            }
            None => Condition::Beside { side, other },
        })
    }

    fn other(&self, reading: &Reading) -> anyhow::Result<Other> {
        let other = Reading {
            run: self.run.clone().or_else(|| reading.run.clone()),
            quantity: self.quantity.clone().unwrap_or_else(|| reading.quantity.clone()),
            at: self.at.unwrap_or(reading.at),
        };
        ensure!(other != *reading, "it compares {reading} with itself");
        let times = self.times.unwrap_or(1.0);
        ensure!(times > 0.0 && times.is_finite(), "`times` is a number above 0, found {times}");
        Ok(Other { reading: other, times })
    }
}

fn bound(at_least: Option<f64>, at_most: Option<f64>) -> anyhow::Result<Bound> {
    let bound = match (at_least, at_most) {
        (Some(bound), None) => Bound::AtLeast(bound),
        (None, Some(bound)) => Bound::AtMost(bound),
        _ => bail!("it needs either `at_least` or `at_most`"),
    };
    let (Bound::AtLeast(limit) | Bound::AtMost(limit)) = bound;
    ensure!(!limit.is_nan(), "a bound is a number, found nan");
    Ok(bound)
}

fn checked(level: f64) -> anyhow::Result<f64> {
    ensure!(level > 0.0 && level < 1.0, "`p` lies between 0 and 1, found {level}");
    Ok(level)
}

#[cfg(test)]
mod tests;
