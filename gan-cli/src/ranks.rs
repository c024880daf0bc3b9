//! The processes that train one run together, as a launcher such as `mpirun` has started them.
//!
//! All of them read the same configuration and the same data. The first one, rank 0, has the run folder
//! and the terminal; the others only compute, and say something when they alone have failed.

use std::cell::Cell;
use std::rc::Rc;
use std::{fmt, mem};

use anyhow::ensure;
use gan_core::exchange::{Alone, Exchange, gather};
use gan_models::Training;
use sha2::{Digest as _, Sha256};

use crate::streams;

/// Where launchers say how many processes they have started: Open MPI, MPICH and Slurm's own.
const SIZES: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE"];
/// And how many of them on this machine.
const LOCAL_SIZES: [&str; 2] = ["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"];

/// The connection to the other processes of a run.
#[derive(Clone)]
pub(crate) struct Ranks {
    exchange: Rc<dyn Exchange>,
    /// Whether all are training: before that, one that fails can still tell the others.
    training: Rc<Cell<bool>>,
}

/// Another process says what went wrong: this one ends without a word.
#[derive(Debug)]
pub(crate) struct SaidElsewhere;

impl fmt::Display for SaidElsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another rank has failed")
    }
}

impl std::error::Error for SaidElsewhere {}

/// Something that has to be the same for all ranks.
pub(crate) struct Same<'a> {
    /// In words, for a message.
    pub(crate) what: &'a str,
    pub(crate) bytes: Vec<u8>,
}

impl Ranks {
    /// One process by itself.
    pub(crate) fn alone() -> Self {
        Self::over(Alone)
    }

    fn over(exchange: impl Exchange + 'static) -> Self {
        Self { exchange: Rc::new(exchange), training: Rc::default() }
    }

    /// The processes that this one was started with.
    ///
    /// # Errors
    /// There are several, and this program cannot reach them.
    pub(crate) fn join() -> anyhow::Result<Self> {
        match started(&SIZES) {
            None | Some(1) => Ok(Self::alone()),
            Some(size) => Self::connected(size),
        }
    }

    #[cfg(feature = "mpi")]
    fn connected(_size: usize) -> anyhow::Result<Self> {
        let ranks = Self::over(gan_mpi::World::join()?);
        if !ranks.is_first() {
            streams::hush();
        }
        let count = ranks.count();
        ensure!(
            count.is_power_of_two(),
            "{count} processes cannot share out a batch by halves; expected 2, 4, 8, ..."
        );
        Ok(ranks)
    }

    #[cfg(not(feature = "mpi"))]
    fn connected(size: usize) -> anyhow::Result<Self> {
        anyhow::bail!(
            "a launcher has started {size} processes of this program, which was built for one: \
             cargo build --release --features mpi"
        )
    }

    pub(crate) fn rank(&self) -> u64 {
        self.exchange.rank()
    }

    pub(crate) fn count(&self) -> u64 {
        self.exchange.ranks()
    }

    /// Whether this process has the run folder and the terminal.
    pub(crate) fn is_first(&self) -> bool {
        self.rank() == 0
    }

    /// What to train with.
    pub(crate) fn exchange(&self) -> Rc<dyn Exchange> {
        self.exchange.clone()
    }

    /// `done`, if every rank has done it; if not, the first that has not says why, and the others end.
    pub(crate) fn all<T>(&self, done: anyhow::Result<T>) -> anyhow::Result<T> {
        if self.count() == 1 {
            return done;
        }
        let all = gather(&*self.exchange, &[u8::from(done.is_ok())])?;
        let Some(failed) = all.iter().position(|&is_done| is_done == 0) else { return done };
        match done {
            Err(error) if failed as u64 == self.rank() && failed == 0 => Err(error),
            Err(error) if failed as u64 == self.rank() => {
                streams::speak();
                Err(error.context(format!("rank {failed}")))
            }
            _ => Err(SaidElsewhere.into()),
        }
    }

    /// Every rank is ready to train: from here on they wait for each other in every step.
    pub(crate) fn begin(&self) -> anyhow::Result<()> {
        self.all(Ok(()))?;
        self.training.set(true);
        Ok(())
    }

    /// What came of a training. One that failed on the way ends without a farewell to the other processes,
    /// which may wait for it in the middle of a step: the launcher ends them.
    pub(crate) fn end<T>(&self, done: anyhow::Result<T>) -> anyhow::Result<T> {
        match done {
            Err(error) if error.is::<SaidElsewhere>() => Err(error),
            Err(error) if !self.training.get() => self.all(Err(error)),
            Err(error) => {
                mem::forget(self.clone());
                Err(error)
            }
            Ok(done) => Ok(done),
        }
    }

    /// Refuses a number of micro-batches that these processes cannot share out.
    pub(crate) fn ensure_share(&self, training: &Training) -> anyhow::Result<()> {
        let (count, shards) = (self.count(), training.shards);
        ensure!(
            training.game_rules().accumulation.is_multiple_of(count),
            "`train.shards` is {shards}, which {count} processes cannot share out: \
             --set train.shards={count}, or a multiple of {count} that divides `train.batch` = {}",
            training.batch
        );
        Ok(())
    }

    /// Refuses ranks that do not have the same of something.
    pub(crate) fn ensure_same(&self, of_this: &[Same<'_>]) -> anyhow::Result<()> {
        if self.count() == 1 {
            return Ok(());
        }
        let digests: Vec<u8> =
            of_this.iter().flat_map(|each| Sha256::digest(&each.bytes)).collect();
        let all = gather(&*self.exchange, &digests)?;
        let length = digests.len() / of_this.len().max(1);
        for (index, Same { what, .. }) in of_this.iter().enumerate() {
            let of_rank = |rank: &[u8]| rank[index * length..][..length].to_vec();
            let mut ranks = all.chunks_exact(digests.len()).map(of_rank);
            let first = ranks.next();
            let other = ranks.position(|digest| Some(digest) != first);
            ensure!(
                other.is_none(),
                "{what} of rank {} is not that of rank 0; all processes of a run need the same",
                other.unwrap_or_default() + 1
            );
        }
        Ok(())
    }
}

/// Threads that this process may take of `available`, where a launcher has started several processes on
/// this machine without giving each some processors of its own.
pub(crate) fn share_of(available: usize) -> usize {
    let Some(local) = started(&LOCAL_SIZES) else { return available };
    let has_its_own = online().is_some_and(|online| available * local <= online);
    if has_its_own { available } else { (available / local).max(1) }
}

/// How many processes a launcher says that it has started.
fn started(variables: &[&str]) -> Option<usize> {
    let size = variables.iter().find_map(|name| std::env::var(name).ok())?;
    size.trim().parse().ok().filter(|&size| size > 0)
}

/// Processors of this machine, as Linux lists them: `0-3,6`.
fn online() -> Option<usize> {
    let list = std::fs::read_to_string("/sys/devices/system/cpu/online").ok()?;
    list.trim().split(',').map(length_of).sum()
}

fn length_of(range: &str) -> Option<usize> {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some(last.parse::<usize>().ok()? - first.parse::<usize>().ok()? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_counted_from_ranges() {
        let count = |list: &str| list.split(',').map(length_of).sum::<Option<usize>>();
        assert_eq!(count("0-3,6"), Some(5));
        assert_eq!(count("0"), Some(1));
        assert_eq!(count("nothing"), None);
    }

    #[test]
    fn one_process_is_all_of_them() {
        let alone = Ranks::alone();
        assert!(alone.is_first());
        assert_eq!(alone.all(Ok(3)).unwrap(), 3);
        let same = [Same { what: "the program", bytes: vec![1] }];
        alone.ensure_same(&same).unwrap();
        let error = alone.all::<()>(Err(anyhow::anyhow!("no data"))).unwrap_err();
        assert_eq!(error.to_string(), "no data");
    }
}
