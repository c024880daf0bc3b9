//! What the ranks tell each other in a step, exchange by exchange.

/// A game, as far as its exchanges depend on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Game {
    /// The name of its recipe.
    pub(super) name: &'static str,
    /// Weights of the generator and of the critic on digits.
    pub(super) weights: [u64; 2],
    /// Their running statistics of batch normalization: two for each map.
    pub(super) statistics: [u64; 2],
    /// Updates of the critic in a step.
    pub(super) critic_steps: u64,
    /// Numbers that an update of the critic reports of each micro-batch: the loss, and the penalty.
    pub(super) numbers: u64,
}

/// Those that are measured.
pub(super) const GAMES: [Game; 4] = [
    game("cgan", [115_344, 101_889], [0, 0], 1, 1),
    game("dcgan", [783_937, 155_073], [384, 448], 1, 1),
    game("wgan-gp", [1_181_569, 661_313], [896, 0], 5, 2),
    game("r3gan", [117_985, 52_513], [0, 0], 1, 2),
];

const fn game(
    name: &'static str,
    weights: [u64; 2],
    statistics: [u64; 2],
    critic_steps: u64,
    numbers: u64,
) -> Game {
    Game { name, weights, statistics, critic_steps, numbers }
}

/// What the agreement before a step takes of each rank: whether to go on, and a hash of the weights.
const AGREEMENT: u64 = 9;
/// Bytes of a number.
const F32: u64 = 4;

/// Something that all ranks do together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Exchange {
    /// So many bytes of numbers become their sums over all ranks.
    Sum(u64),
    /// So many bytes of each rank become known to all.
    Gather(u64),
}

/// How a sum is made; both add in the order of the fixed tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Algorithm {
    /// Recursive doubling: all of it to one partner after the other.
    Doubling,
    /// Recursive halving, a reduce-scatter, and then doubling, an all-gather: half of it to the first partner,
    /// a quarter to the second, and the sums back. What `gan_core::exchange` does.
    Halving,
}

impl Exchange {
    /// Bytes that a rank sends in each of its rounds with a partner, in order; `ranks` is a power of two.
    pub(super) fn rounds(self, ranks: u64, algorithm: Algorithm) -> Vec<Round> {
        let log = ranks.ilog2();
        let round = |bit: u32, bytes: f64| Round { partner: 1 << bit, bytes };
        match (self, algorithm) {
            (Self::Gather(own), _) => (0..log).map(|bit| round(bit, (own << bit) as f64)).collect(),
            (Self::Sum(all), Algorithm::Doubling) => {
                (0..log).map(|bit| round(bit, all as f64)).collect()
            }
            (Self::Sum(all), Algorithm::Halving) => {
                let part = |bit: u32| round(bit, all as f64 / f64::from(2 << bit));
                (0..log).chain((0..log).rev()).map(part).collect()
            }
        }
    }
}

/// One swap of a rank with one partner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Round {
    /// The bit in which the partner's number differs.
    pub(super) partner: u64,
    /// Sent, and received.
    pub(super) bytes: f64,
}

/// An update of one player, or what precedes the first one: computation, and then exchanges.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Phase {
    /// Of the computation of a step.
    pub(super) share: f64,
    pub(super) exchanges: Vec<Exchange>,
    /// Of them, the bytes of gradients.
    pub(super) gradients: u64,
}

impl Game {
    /// The game of a recipe.
    pub(super) fn of(recipe: &str) -> Option<Self> {
        GAMES.into_iter().find(|game| game.name == recipe)
    }

    /// What a rank does in a step with `samples` samples in `micro_batches` micro-batches of its own.
    ///
    /// Computation is shared out evenly over the updates: since every exchange waits for all ranks, only the
    /// sum counts.
    pub(super) fn step(&self, samples: u64, micro_batches: u64) -> Vec<Phase> {
        let [generator, critic] = self.weights.map(|weights| F32 * weights);
        let statistics = self.statistics.map(|of| Exchange::Sum(F32 * of));
        let share = 1.0 / (self.critic_steps + 1) as f64;
        let phase = |gradients: u64, reports: Vec<Exchange>| {
            let sums = statistics.into_iter().chain([Exchange::Sum(gradients)]);
            let exchanges = sums.chain(reports).filter(|each| *each != Exchange::Sum(0));
            Phase { share, exchanges: exchanges.collect(), gradients }
        };
        let number = Exchange::Gather(F32 * micro_batches);
        let scores = Exchange::Gather(F32 * samples);
        let mut of_critic = vec![number; self.numbers as usize];
        // Of real samples and of fakes.
        of_critic.extend([scores, scores]);
        let agreement =
            Phase { share: 0.0, exchanges: vec![Exchange::Gather(AGREEMENT)], gradients: 0 };
        let mut step = vec![agreement];
        step.extend((0..self.critic_steps).map(|_| phase(critic, of_critic.clone())));
        step.push(phase(generator, vec![number]));
        step
    }
}

/// Bytes that a rank sends in the first round of every exchange of a step.
pub(super) fn bytes_of_a_round(step: &[Phase]) -> f64 {
    let first = |each: &Exchange| each.rounds(2, Algorithm::Doubling)[0].bytes;
    step.iter().flat_map(|phase| &phase.exchanges).map(first).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_an_exchange_for_each_sum_and_each_report() {
        let step = Game::of("dcgan").unwrap().step(32, 1);
        let (sum, gather) = (Exchange::Sum, Exchange::Gather);
        let of_critic = [sum(1536), sum(1792), sum(620_292), gather(4), gather(128), gather(128)];
        let of_generator = [sum(1536), sum(1792), sum(3_135_748), gather(4)];
        assert_eq!(step.len(), 3);
        assert_eq!(step[0].exchanges, [gather(9)]);
        assert_eq!(step[1].exchanges, of_critic);
        assert_eq!(step[2].exchanges, of_generator);
        assert_eq!(step.iter().map(|phase| phase.share).sum::<f64>(), 1.0);
        let wgan = Game::of("wgan-gp").unwrap().step(32, 1);
        assert_eq!((wgan.len(), wgan[1].exchanges.len()), (7, 6), "penalty, no critic statistics");
    }

    #[test]
    fn a_gather_grows_from_round_to_round_and_a_sum_by_halves_shrinks() {
        let bytes = |exchange: Exchange, algorithm| {
            let rounds = exchange.rounds(8, algorithm);
            rounds.into_iter().map(|round| (round.partner, round.bytes)).collect::<Vec<_>>()
        };
        let doubling = bytes(Exchange::Gather(3), Algorithm::Halving);
        assert_eq!(doubling, [(1, 3.0), (2, 6.0), (4, 12.0)]);
        assert_eq!(bytes(Exchange::Sum(8), Algorithm::Doubling), [(1, 8.0), (2, 8.0), (4, 8.0)]);
        let halving = [(1, 4.0), (2, 2.0), (4, 1.0), (4, 1.0), (2, 2.0), (1, 4.0)];
        assert_eq!(bytes(Exchange::Sum(8), Algorithm::Halving), halving);
        assert!(
            bytes(Exchange::Sum(8), Algorithm::Halving).iter().map(|(_, b)| b).sum::<f64>() < 16.0
        );
        assert_eq!(Exchange::Sum(8).rounds(1, Algorithm::Doubling), []);
    }

    /// The terms that each of 8 ranks has added at the end, for each of 8 numbers.
    fn orders(algorithm: Algorithm) -> Vec<Vec<String>> {
        let mut sums: Vec<Vec<String>> =
            (0..8).map(|rank: u64| vec![rank.to_string(); 8]).collect();
        match algorithm {
            Algorithm::Doubling => {
                for bit in 0..3 {
                    swap_and_add(&mut sums, 1 << bit, |_| 0..8);
                }
            }
            Algorithm::Halving => {
                for bit in 0..3 {
                    swap_and_add(&mut sums, 1 << bit, |rank| segment(rank, bit + 1));
                }
                let complete = sums.clone();
                for (own, sums_of_own) in complete.iter().enumerate() {
                    let part = segment(own, 3);
                    let gather = |all: &mut Vec<String>| {
                        all[part.clone()].clone_from_slice(&sums_of_own[part.clone()]);
                    };
                    sums.iter_mut().for_each(gather);
                }
            }
        }
        sums
    }

    /// What a rank keeps after so many halvings: the upper half where that bit of its number is set.
    fn segment(rank: usize, halvings: usize) -> std::ops::Range<usize> {
        (0..halvings).fold(0..8, |part, bit| {
            let middle = usize::midpoint(part.start, part.end);
            if rank >> bit & 1 == 0 { part.start..middle } else { middle..part.end }
        })
    }

    fn swap_and_add(
        sums: &mut [Vec<String>],
        distance: usize,
        kept: impl Fn(usize) -> std::ops::Range<usize>,
    ) {
        let before = sums.to_owned();
        for (rank, own) in sums.iter_mut().enumerate() {
            let partner = rank ^ distance;
            for at in kept(rank) {
                let (first, second) =
                    (&before[rank.min(partner)][at], &before[rank.max(partner)][at]);
                own[at] = format!("({first}{second})");
            }
        }
    }

    /// Sending less does not change the bits: each number is added by the same tree.
    #[test]
    fn halving_adds_in_the_order_of_doubling() {
        let tree = "(((01)(23))((45)(67)))";
        assert_eq!(orders(Algorithm::Doubling), vec![vec![tree.to_owned(); 8]; 8]);
        assert_eq!(orders(Algorithm::Halving), orders(Algorithm::Doubling));
    }
}
