//! The simulation: ranks with a clock each, which make every swap of every step.

use super::messages::Round;
use super::model::Model;

/// Draws of the time of a rank's step; the same seed draws the same.
pub(super) struct Draws(u64);

impl Draws {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64 (Steele, Lea & Flood (2014), doi:10.1145/2714064.2660195).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `values`, each as often.
    fn one_of(&mut self, values: &[f64]) -> f64 {
        values[((u128::from(self.next()) * values.len() as u128) >> 64) as usize]
    }
}

/// Seconds of a step of `ranks` ranks, the mean over `steps` steps.
///
/// In each step every rank draws how slow it is; a swap begins when both partners are there. No event can be
/// overtaken by another, so they are gone through in the order in which they depend on one another, and
/// there is no queue.
pub(super) fn seconds(model: &Model<'_>, ranks: u64, steps: u32, draws: &mut Draws) -> f64 {
    let (step, compute) = (model.step(ranks), model.compute(ranks));
    let mut clocks = vec![0.0_f64; ranks as usize];
    for _ in 0..steps {
        let slow: Vec<f64> = clocks.iter().map(|_| draws.one_of(&model.parts.jitter)).collect();
        for phase in &step {
            for (clock, slow) in clocks.iter_mut().zip(&slow) {
                *clock += slow * phase.share * compute;
            }
            for exchange in &phase.exchanges {
                for round in exchange.rounds(ranks, model.algorithm) {
                    swap_all(&mut clocks, round, model.link.seconds(round.bytes));
                }
            }
        }
    }
    clocks.into_iter().fold(0.0, f64::max) / f64::from(steps)
}

/// Every rank with its partner of the round.
fn swap_all(clocks: &mut [f64], round: Round, seconds: f64) {
    let partner = round.partner as usize;
    for rank in (0..clocks.len()).filter(|rank| rank & partner == 0) {
        let done = clocks[rank].max(clocks[rank | partner]) + seconds;
        clocks[rank] = done;
        clocks[rank | partner] = done;
    }
}

#[cfg(test)]
mod tests {
    use super::super::messages::Algorithm;
    use super::super::model::{Scaling, slowest, tests::model};
    use super::*;
    use crate::bench::parts::{OfRecipe, tests::parts};

    fn jittery() -> OfRecipe {
        OfRecipe { jitter: vec![0.8, 0.9, 0.95, 1.0, 1.0, 1.35], ..parts("r3gan") }
    }

    #[test]
    fn without_jitter_it_is_the_formula() {
        for recipe in ["cgan", "dcgan", "wgan-gp", "r3gan"] {
            let parts = parts(recipe);
            for scaling in [Scaling::Weak, Scaling::Strong] {
                for algorithm in [Algorithm::Doubling, Algorithm::Halving] {
                    let model = Model { algorithm, ..model(&parts, scaling) };
                    for ranks in [1, 2, 16, 64] {
                        let simulated = seconds(&model, ranks, 3, &mut Draws::of(0));
                        let expected = model.seconds(ranks);
                        assert!((simulated / expected - 1.0).abs() < 1e-9, "{recipe} {ranks}");
                    }
                }
            }
        }
    }

    /// Every exchange waits for all, so that a step takes what its slowest rank takes.
    #[test]
    fn with_jitter_it_is_the_formula_with_waiting() {
        let parts = jittery();
        let model = model(&parts, Scaling::Weak);
        for ranks in [1, 2, 8, 64] {
            let simulated = seconds(&model, ranks, 4000, &mut Draws::of(1));
            let expected = model.seconds_with_waiting(ranks);
            assert!((simulated / expected - 1.0).abs() < 0.01, "{simulated}, not {expected}");
        }
        let parted = seconds(&model, 64, 100, &mut Draws::of(1)) - model.seconds(64);
        let waiting = (slowest(&parts.jitter, 64) - 1.0) * model.compute(64);
        assert!((parted / waiting - 1.0).abs() < 0.05, "{parted}, not {waiting}");
    }

    #[test]
    fn the_same_seed_makes_the_same_numbers() {
        let parts = jittery();
        let model = model(&parts, Scaling::Weak);
        let simulated = |seed| seconds(&model, 8, 20, &mut Draws::of(seed)).to_bits();
        assert_eq!(simulated(3), simulated(3));
        assert_ne!(simulated(3), simulated(4));
    }

    /// The generator's reference implementation, seed 1234567.
    #[test]
    fn draws_are_those_of_split_mix() {
        let mut draws = Draws::of(1_234_567);
        let drawn = [(); 3].map(|()| draws.next());
        let expected =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(drawn, expected);
    }
}
