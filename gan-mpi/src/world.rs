//! All processes of an `mpirun`, connected by MPI.

use gan_core::exchange::{Exchange, ExchangeError};
use mpi::environment::Universe;
use mpi::point_to_point::send_receive_into;
use mpi::topology::SimpleCommunicator;
use mpi::traits::Communicator;

/// All processes of an `mpirun`.
///
/// MPI ends in an orderly way when this is dropped. A process that ends without that, a panic included,
/// ends all others: that is what launchers do.
pub struct World {
    world: SimpleCommunicator,
    /// Kept: dropping it is `MPI_Finalize`.
    _universe: Universe,
}

/// Why the other processes cannot be reached.
#[derive(Debug, thiserror::Error)]
#[error("MPI has been initialized in this process already")]
pub struct Initialized;

impl World {
    /// `MPI_Init`.
    ///
    /// # Errors
    /// [`Initialized`] a second time: MPI begins once in a process.
    pub fn join() -> Result<Self, Initialized> {
        let universe = mpi::initialize().ok_or(Initialized)?;
        Ok(Self { world: universe.world(), _universe: universe })
    }
}

impl Exchange for World {
    fn rank(&self) -> u64 {
        self.world.rank().unsigned_abs().into()
    }

    fn ranks(&self) -> u64 {
        self.world.size().unsigned_abs().into()
    }

    /// `MPI_Sendrecv`, in pieces of at most [`PIECE`] bytes.
    fn swap(&self, partner: u64, sent: &[u8], received: &mut [u8]) -> Result<(), ExchangeError> {
        let partner = self.world.process_at_rank(i32::try_from(partner)?);
        for (sent, received) in sent.chunks(PIECE).zip(received.chunks_mut(PIECE)) {
            send_receive_into(sent, &partner, received, &partner);
        }
        Ok(())
    }
}

/// MPI counts in 32 bits.
pub const PIECE: usize = 1 << 30;
