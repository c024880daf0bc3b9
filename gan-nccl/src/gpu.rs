//! The GPUs of one machine, a thread for each.

use std::thread;

use burn::tensor::distributed::{ReduceOperation, all_reduce};
use burn::tensor::{Device, DeviceType, Tensor};
use gan_core::GanError;
use gan_core::exchange::{Exchange, ExchangeError, Threads};

/// A GPU of this machine, as one rank of several.
///
/// Gradients and running statistics are summed on the GPUs, by NCCL; what else ranks tell each other
/// goes from thread to thread.
pub struct Gpu {
    threads: Threads,
    /// Those of all ranks, in their order.
    devices: Vec<Device>,
}

/// This machine has not as many GPUs.
#[derive(Debug, thiserror::Error)]
#[error("expected {expected} GPUs with CUDA on this machine, found {found}")]
pub struct TooFew {
    /// How many were asked for.
    pub expected: usize,
    /// How many there are.
    pub found: usize,
}

impl Gpu {
    /// What `play` returns on each of the first `ranks` GPUs, in their order; each in a thread of its own.
    ///
    /// A rank that returns early ends the others: their next step is an error. NCCL is for the
    /// threads of one process: Burn keeps what they meet by in that process's memory.
    ///
    /// # Errors
    /// [`TooFew`].
    ///
    /// # Panics
    /// If `play` does.
    pub fn on_each<T: Send>(
        ranks: usize,
        play: impl Fn(Self) -> T + Sync,
    ) -> Result<Vec<T>, TooFew> {
        let mut devices: Vec<Device> = Device::enumerate(DeviceType::Cuda).into_iter().collect();
        if devices.len() < ranks {
            return Err(TooFew { expected: ranks, found: devices.len() });
        }
        devices.truncate(ranks);
        let (play, devices) = (&play, &devices);
        Ok(thread::scope(|scope| {
            let start = |threads| {
                let gpu = Self { threads, devices: devices.clone() };
                scope.spawn(move || play(gpu))
            };
            let playing: Vec<_> = Threads::all(ranks).into_iter().map(start).collect();
            let result = |rank: thread::ScopedJoinHandle<'_, T>| {
                rank.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            playing.into_iter().map(result).collect()
        }))
    }

    /// Where this rank plays.
    pub fn device(&self) -> &Device {
        &self.devices[self.threads.rank() as usize]
    }
}

impl Exchange for Gpu {
    fn rank(&self) -> u64 {
        self.threads.rank()
    }

    fn ranks(&self) -> u64 {
        self.threads.ranks()
    }

    fn swap(&self, partner: u64, sent: &[u8], received: &mut [u8]) -> Result<(), ExchangeError> {
        self.threads.swap(partner, sent, received)
    }

    /// `ncclAllReduce`. All ranks get the same bits; which ones depends on the number of GPUs, on how they are
    /// connected and on NCCL.
    fn sum(&self, values: Tensor<1>) -> Result<Tensor<1>, GanError> {
        Ok(all_reduce(values, ReduceOperation::Sum, self.devices.clone()).resolve())
    }
}
