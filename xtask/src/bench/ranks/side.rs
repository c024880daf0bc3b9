//! The sides of the comparison: the same training, its work divided in another way.

/// Samples of a batch.
pub(super) const BATCH: u32 = 64;

/// Who computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// One process of so many threads.
    Alone {
        /// Of the pool.
        threads: u32,
    },
    /// Two processes of one thread each that exchange nothing, at the same time.
    Beside,
    /// Two ranks of one thread each.
    Ranks,
}

/// A side: who computes what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) how: How,
    /// `train.batch` of a process.
    batch: u32,
    /// `train.shards` of all processes.
    shards: u32,
    pub(super) name: &'static str,
}

const fn side(how: How, batch: u32, shards: u32, name: &'static str) -> Side {
    Side { how, batch, shards, name }
}

const TWO_THREADS: How = How::Alone { threads: 2 };
const ONE_THREAD: How = How::Alone { threads: 1 };

pub(super) const WHOLE: usize = 0;
pub(super) const CUT: usize = 1;
pub(super) const RANKS: usize = 2;
pub(super) const BESIDE: usize = 3;
pub(super) const ONE: usize = 4;
pub(super) const ONE_CUT: usize = 5;
pub(super) const ONE_SMALL: usize = 6;

/// Micro-batches of the side that is cut on one thread, and what its small batch is a part of.
pub(super) const PIECES: u32 = 4;

/// Every side, by the indices above.
pub(super) const SIDES: [Side; 7] = [
    side(TWO_THREADS, BATCH, 1, "1 process × 2 threads, the batch whole"),
    side(TWO_THREADS, BATCH, 2, "1 process × 2 threads, 2 shards"),
    side(How::Ranks, BATCH, 2, "2 processes × 1 thread, 2 shards"),
    side(How::Beside, BATCH / 2, 1, "2 processes that exchange nothing"),
    side(ONE_THREAD, BATCH, 1, "1 thread, the batch whole"),
    side(ONE_THREAD, BATCH, PIECES, "1 thread, 4 shards"),
    side(ONE_THREAD, BATCH / PIECES, 1, "1 thread, a quarter of the batch"),
];

impl Side {
    /// What `--set` is given for a run of `steps` steps that tells of every `every`th.
    pub(super) fn settings(&self, steps: u64, every: u64) -> Vec<String> {
        let mut settings = vec![
            format!("train.budget=\"{steps} steps\""),
            format!("log.every=\"{every} steps\""),
            format!("train.batch={}", self.batch),
            "evaluation.every=\"never\"".to_owned(),
            "evaluation.features=\"none\"".to_owned(),
            "report=\"never\"".to_owned(),
            "pictures.every=\"1000000000 steps\"".to_owned(),
            "checkpoint.every=\"1000000000 steps\"".to_owned(),
        ];
        // A whole batch is what `gan` has without being told.
        if self.shards > 1 {
            settings.push(format!("train.shards={}", self.shards));
        }
        settings
    }

    /// Threads of each process.
    pub(super) fn threads(&self) -> u32 {
        match self.how {
            How::Alone { threads } => threads,
            How::Beside | How::Ranks => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indices_are_those_of_the_sides() {
        assert_eq!(SIDES[RANKS].how, How::Ranks);
        assert_eq!(SIDES[BESIDE].how, How::Beside);
        assert_eq!((SIDES[WHOLE].shards, SIDES[CUT].shards), (1, 2));
        assert_eq!((SIDES[ONE].shards, SIDES[ONE_CUT].shards), (1, PIECES));
        assert_eq!(SIDES[ONE_SMALL].batch * PIECES, BATCH);
    }

    /// Otherwise the difference between the two is not the exchange alone.
    #[test]
    fn processes_beside_each_other_compute_what_ranks_compute() {
        let (ranks, beside) = (SIDES[RANKS], SIDES[BESIDE]);
        assert_eq!(ranks.batch, 2 * beside.batch);
        assert_eq!(ranks.shards, 2 * beside.shards);
        assert_eq!(ranks.threads(), beside.threads());
    }
}
