//! Seeds: how many, or which.

use serde::Deserialize;

use super::DefinitionProblem;

/// `seeds = 5` are the seeds 0 to 4; a list has them one by one.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a number of seeds or a list of seeds")]
pub(super) enum Seeds {
    Count(i64),
    List(Vec<i64>),
}

impl Seeds {
    /// Every seed once; `whose` they are is for the complaint.
    pub(super) fn all(&self, whose: &str) -> Result<Vec<u64>, DefinitionProblem> {
        let whose = || whose.to_owned();
        let checked = |found: i64| {
            u64::try_from(found).map_err(|_| DefinitionProblem::Seed { whose: whose(), found })
        };
        let seeds: Vec<u64> = match self {
            // Beyond what is trained anyway, the list of them would only fill the memory.
            Self::Count(count) => (0..checked(*count)?.min(1_000_000)).collect(),
            Self::List(list) => list.iter().map(|seed| checked(*seed)).collect::<Result<_, _>>()?,
        };
        if seeds.is_empty() {
            return Err(DefinitionProblem::NoSeeds { whose: whose() });
        }
        let mut sorted = seeds.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(DefinitionProblem::SeedTwice { whose: whose(), seed: twice[0] });
        }
        Ok(seeds)
    }
}
