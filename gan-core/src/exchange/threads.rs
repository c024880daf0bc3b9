//! Ranks that are threads of one process.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::{Exchange, ExchangeError};

/// A thread as a rank, connected to the others by channels: for games on several devices of one process,
/// and to see what several processes would compute.
///
/// # Example
/// ```
/// use gan_core::exchange::{Exchange, Threads, gather};
///
/// std::thread::scope(|scope| {
///     for rank in Threads::all(2) {
///         scope.spawn(move || {
///             let all = gather(&rank, &[rank.rank() as u8]).unwrap();
///             assert_eq!(all, [0, 1]);
///         });
///     }
/// });
/// ```
#[derive(Debug)]
pub struct Threads {
    rank: usize,
    to: Vec<Sender<Vec<u8>>>,
    from: RefCell<Vec<Receiver<Vec<u8>>>>,
}

impl Threads {
    /// So many ranks, each for a thread.
    pub fn all(ranks: usize) -> Vec<Self> {
        let mut all: Vec<Self> = (0..ranks)
            .map(|rank| Self { rank, to: Vec::new(), from: RefCell::default() })
            .collect();
        for sender in 0..ranks {
            for receiver in 0..ranks {
                let (to, from) = channel();
                all[sender].to.push(to);
                all[receiver].from.get_mut().push(from);
            }
        }
        all
    }
}

impl Exchange for Threads {
    fn rank(&self) -> u64 {
        self.rank as u64
    }

    fn ranks(&self) -> u64 {
        self.to.len() as u64
    }

    fn swap(&self, partner: u64, sent: &[u8], received: &mut [u8]) -> Result<(), ExchangeError> {
        let partner = partner as usize;
        self.to[partner].send(sent.to_vec())?;
        received.copy_from_slice(&self.from.borrow()[partner].recv()?);
        Ok(())
    }
}
