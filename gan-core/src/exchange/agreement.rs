//! What ranks agree on before each step: whether to make it, and that their players are still the same.

use std::hash::{DefaultHasher, Hasher as _};

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;

use super::{Exchange, gather};
use crate::GanError;
use crate::player::Players;
use crate::progress::Progress;

/// Steps between two comparisons of the players.
const COMPARED_EVERY: u64 = 100;

/// Whether every rank goes on from here.
///
/// After each hundredth step, and after those of `compared_at`, the players are compared as well.
///
/// # Errors
/// [`GanError::Drifted`]; [`GanError::Exchange`].
pub(crate) fn all_go_on<G: Module, C: Module>(
    exchange: &dyn Exchange,
    goes_on: bool,
    players: &Players<G, C>,
    Progress { step, .. }: Progress,
    compared_at: [u64; 2],
) -> Result<bool, GanError> {
    if exchange.ranks() == 1 {
        return Ok(goes_on);
    }
    let is_compared = compared_at.contains(&step) || step.is_multiple_of(COMPARED_EVERY);
    let hash = if is_compared { hash(players) } else { 0 };
    let own = [&[u8::from(goes_on)][..], &hash.to_le_bytes()].concat();
    let all = gather(exchange, &own)?;
    let of_ranks: Vec<&[u8]> = all.chunks_exact(own.len()).collect();
    let hashes: Vec<&[u8]> = of_ranks.iter().map(|each| &each[1..]).collect();
    match drifted(&hashes) {
        Some(rank) => Err(GanError::Drifted { rank: rank as u64, step }),
        None => Ok(of_ranks.iter().all(|each| each[0] == 1)),
    }
}

/// The first rank whose hash is not that of most ranks; of two equal camps, the one without rank 0 is
/// wrong.
fn drifted(hashes: &[&[u8]]) -> Option<usize> {
    let votes = |hash: &[u8]| hashes.iter().filter(|other| **other == hash).count();
    let mut right = hashes.first()?;
    for hash in hashes {
        if votes(hash) > votes(right) {
            right = hash;
        }
    }
    hashes.iter().position(|hash| hash != right)
}

/// 64 bits of both players' weights and running statistics, and of the EMA.
fn hash<G: Module, C: Module>(players: &Players<G, C>) -> u64 {
    let mut hash = Hash(DefaultHasher::new());
    // An inference copy has running statistics up to the last update.
    players.generator.for_inference().visit(&mut hash);
    players.critic.for_inference().visit(&mut hash);
    players.ema.iter().for_each(|ema| ema.module.visit(&mut hash));
    hash.0.finish()
}

struct Hash(DefaultHasher);

impl ModuleVisitor for Hash {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.write(param.val().into_data().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_with_other_weights_is_named() {
        let found = |hashes: &[u8]| {
            let hashes: Vec<&[u8]> = hashes.chunks_exact(1).collect();
            drifted(&hashes)
        };
        assert_eq!(found(&[7, 7, 7, 7]), None);
        assert_eq!(found(&[7, 7, 7, 9]), Some(3));
        assert_eq!(found(&[9, 7, 7, 7]), Some(0));
        assert_eq!(found(&[7, 9]), Some(1), "of two, that of rank 0 counts");
        assert_eq!(found(&[7, 9, 9, 7]), Some(1));
    }
}
