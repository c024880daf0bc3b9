//! The formula: what a step takes on so many ranks, without waiting for one another and with it.

use super::messages::{Algorithm, Exchange, Game, Phase};
use crate::bench::parts::OfRecipe;

/// A step of `samples` samples in `micro_batches` micro-batches takes
/// `update + micro_batches·micro_batch + samples·sample` seconds on one thread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Computation {
    /// Whatever there is once in a step.
    pub(super) update: f64,
    /// Whatever there is once for each micro-batch.
    pub(super) micro_batch: f64,
    pub(super) sample: f64,
}

impl Computation {
    /// Through the three measured steps; a part that would come out below 0 is 0.
    pub(super) fn of(parts: &OfRecipe) -> Self {
        let (batch, pieces) = (f64::from(parts.batch), f64::from(parts.pieces));
        let sample = ((parts.whole - parts.small) / (batch - batch / pieces)).max(0.0);
        let micro_batch = ((parts.cut - parts.whole) / (pieces - 1.0)).max(0.0);
        let update = (parts.whole - micro_batch - batch * sample).max(0.0);
        Self { update, micro_batch, sample }
    }

    pub(super) fn seconds(self, samples: f64, micro_batches: f64) -> f64 {
        self.update + micro_batches * self.micro_batch + samples * self.sample
    }
}

/// What lies between two ranks, each of which is a machine of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Network {
    pub(super) name: &'static str,
    /// Seconds before the first byte arrives.
    pub(super) latency: f64,
    /// Each way at once.
    pub(super) bits_per_second: f64,
}

pub(super) const NETWORKS: [Network; 2] = [
    Network { name: "10 Gbit/s, 50 µs", latency: 50e-6, bits_per_second: 10e9 },
    Network { name: "100 Gbit/s, 2 µs", latency: 2e-6, bits_per_second: 100e9 },
];

/// What a swap of so many bytes takes, once both ranks are there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) network: Network,
    /// Seconds that a machine itself takes for a byte of a swap: reading, copying, adding.
    pub(super) host: f64,
}

impl Link {
    pub(super) fn seconds(self, bytes: f64) -> f64 {
        let Network { latency, bits_per_second, .. } = self.network;
        latency + bytes * (8.0 / bits_per_second + self.host)
    }

    /// Of all its rounds.
    pub(super) fn exchange(self, exchange: Exchange, ranks: u64, algorithm: Algorithm) -> f64 {
        exchange.rounds(ranks, algorithm).iter().map(|round| self.seconds(round.bytes)).sum()
    }

    /// Of all exchanges of a step.
    pub(super) fn exchanges(self, step: &[Phase], ranks: u64, algorithm: Algorithm) -> f64 {
        let exchanges = step.iter().flat_map(|phase| &phase.exchanges);
        exchanges.map(|each| self.exchange(*each, ranks, algorithm)).sum()
    }
}

/// How work grows with the ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scaling {
    /// Every rank has a batch of its own, the same with any number of ranks.
    Weak,
    /// The ranks share out one batch.
    Strong,
}

impl Scaling {
    /// Samples of a rank. Each has one micro-batch.
    pub(super) fn samples(self, batch: u32, ranks: u64) -> f64 {
        match self {
            Self::Weak => f64::from(batch),
            Self::Strong => f64::from(batch) / ranks as f64,
        }
    }

    /// The most ranks: a micro-batch has at least one sample.
    pub(super) fn limit(self, batch: u32) -> Option<u64> {
        (self == Self::Strong).then(|| u64::from(batch))
    }
}

/// A recipe on one machine after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Model<'a> {
    pub(super) game: Game,
    pub(super) parts: &'a OfRecipe,
    pub(super) computation: Computation,
    pub(super) link: Link,
    pub(super) scaling: Scaling,
    pub(super) algorithm: Algorithm,
}

impl Model<'_> {
    /// What a rank computes in a step, in seconds.
    pub(super) fn compute(&self, ranks: u64) -> f64 {
        self.computation.seconds(self.scaling.samples(self.parts.batch, ranks), 1.0)
    }

    /// What a rank does in a step.
    pub(super) fn step(&self, ranks: u64) -> Vec<Phase> {
        let samples = self.scaling.samples(self.parts.batch, ranks).ceil();
        self.game.step(samples as u64, 1)
    }

    /// Seconds of the exchanges of a step.
    pub(super) fn exchange(&self, ranks: u64) -> f64 {
        self.link.exchanges(&self.step(ranks), ranks, self.algorithm)
    }

    /// Seconds of a step of ranks that are all as fast.
    pub(super) fn seconds(&self, ranks: u64) -> f64 {
        self.compute(ranks) + self.exchange(ranks)
    }

    /// Seconds of a step of ranks that wait for the slowest.
    pub(super) fn seconds_with_waiting(&self, ranks: u64) -> f64 {
        self.compute(ranks) * slowest(&self.parts.jitter, ranks) + self.exchange(ranks)
    }

    /// The least that a step could take if gradients were sent while the backward pass goes on: of every
    /// update they could hide behind the backward pass, two thirds of the computation.
    pub(super) fn seconds_with_overlap(&self, ranks: u64) -> f64 {
        let hidden = |phase: &Phase| {
            let gradients = Exchange::Sum(phase.gradients);
            let sent = self.link.exchange(gradients, ranks, self.algorithm);
            sent.min(2.0 / 3.0 * phase.share * self.compute(ranks))
        };
        self.seconds(ranks) - self.step(ranks).iter().map(hidden).sum::<f64>()
    }

    /// Samples a second as a share of what as many ranks would make that do not wait or exchange, each as
    /// fast as one that has the whole batch to itself.
    pub(super) fn efficiency(&self, ranks: u64, seconds: f64) -> f64 {
        let alone = self.computation.seconds(f64::from(self.parts.batch), 1.0);
        let share = self.scaling.samples(self.parts.batch, ranks) / f64::from(self.parts.batch);
        share * alone / seconds
    }
}

/// The expected maximum of `ranks` draws from `jitter`: for sorted values `x₁ … xₙ` it is
/// `Σ xᵢ·((i/n)^ranks − ((i − 1)/n)^ranks)`.
pub(super) fn slowest(jitter: &[f64], ranks: u64) -> f64 {
    let mut sorted = jitter.to_vec();
    sorted.sort_by(f64::total_cmp);
    let below = |i: usize| (i as f64 / sorted.len() as f64).powf(ranks as f64);
    sorted.iter().enumerate().map(|(i, factor)| factor * (below(i + 1) - below(i))).sum()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::bench::parts::tests::parts;

    const COMPUTATION: Computation =
        Computation { update: 0.002, micro_batch: 0.001, sample: 0.001 };

    /// 8 ns a byte, 1 ms a message.
    pub(crate) fn model(parts: &OfRecipe, scaling: Scaling) -> Model<'_> {
        let network = Network { name: "slow", latency: 1e-3, bits_per_second: 1e9 };
        Model {
            game: Game::of(&parts.name).unwrap(),
            parts,
            computation: COMPUTATION,
            link: Link { network, host: 0.0 },
            scaling,
            algorithm: Algorithm::Doubling,
        }
    }

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-9, "{found}, expected {expected}");
    }

    #[test]
    fn computation_goes_through_the_measured_steps() {
        let parts = parts("dcgan");
        let found = Computation::of(&parts);
        near(found.update, COMPUTATION.update);
        near(found.micro_batch, COMPUTATION.micro_batch);
        near(found.sample, COMPUTATION.sample);
        near(found.seconds(64.0, 4.0), parts.cut);
        // Noise may make a cut batch the faster one.
        let noisy = OfRecipe { cut: 0.06, ..parts };
        assert_eq!(Computation::of(&noisy).micro_batch, 0.0);
    }

    /// Counted by hand: 12 messages a round, of which the gathers double.
    #[test]
    fn a_step_is_computation_and_every_round_of_every_exchange() {
        let parts = parts("dcgan");
        let model = model(&parts, Scaling::Weak);
        assert_eq!(model.seconds(1), 0.067);
        let sums = 2.0 * 3328.0 + 620_292.0 + 3_135_748.0;
        let gathered = |ranks: f64| (9.0 + 4.0 + 4.0 + 2.0 * 256.0) * (ranks - 1.0);
        let messages = 11.0;
        for (ranks, rounds) in [(2, 1.0), (8, 3.0), (1024, 10.0)] {
            let bytes = rounds * sums + gathered(ranks as f64);
            near(model.seconds(ranks), 0.067 + rounds * messages * 1e-3 + bytes * 8e-9);
        }
    }

    #[test]
    fn strong_scaling_shares_out_one_batch() {
        let parts = parts("cgan");
        let model = model(&parts, Scaling::Strong);
        assert_eq!(model.compute(4), 0.002 + 0.001 + 0.016);
        let without_exchange = model.efficiency(4, model.compute(4));
        near(without_exchange, 0.067 / 4.0 / 0.019);
        assert_eq!(Scaling::Strong.limit(64), Some(64));
    }

    #[test]
    fn halving_sends_less_than_doubling_from_four_ranks_on() {
        let parts = parts("wgan-gp");
        let doubling = model(&parts, Scaling::Weak);
        let halving = Model { algorithm: Algorithm::Halving, ..doubling };
        assert!(halving.seconds(2) > doubling.seconds(2), "more messages, as many bytes");
        assert!(halving.seconds(4) < doubling.seconds(4));
        assert!(halving.exchange(1024) < 0.5 * doubling.exchange(1024));
    }

    #[test]
    fn overlap_hides_no_more_than_the_gradients_and_the_backward_pass() {
        let parts = parts("dcgan");
        let model = model(&parts, Scaling::Weak);
        let hidden = model.seconds(2) - model.seconds_with_overlap(2);
        let of_critic = 1e-3 + 620_292.0 * 8e-9;
        near(hidden, of_critic + 2.0 / 3.0 * 0.067 / 2.0);
    }

    #[test]
    fn the_slowest_of_many_is_the_expected_maximum() {
        near(slowest(&[2.0, 0.0], 1), 1.0);
        near(slowest(&[2.0, 0.0], 2), 1.5);
        near(slowest(&[1.0], 1024), 1.0);
        near(slowest(&[3.0, 1.0, 2.0], 1), 2.0);
        assert!(slowest(&[0.9, 1.0, 1.1], 1024) > 1.099);
    }
}
