//! The micro-batches of an update that are computed by one process: one after the other, or in lockstep.
//!
//! In lockstep each micro-batch has a thread of its own, of which one runs at a time: the first until it
//! asks for a sum over all micro-batches (in a layer of synchronized batch normalization), then the second
//! up to the same layer, and so on; the sum over all of them, and over those of other ranks, is made by
//! the tree that sums gradients, and the first one goes on. Nothing runs beside anything else: the threads
//! are there because a backward pass of Burn's has to wait in its middle.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, RecvError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use gan_kernels::{Precision, Shards, autocast, synchronize_batch_norm};

use super::tree_sum::TreeSum;
use crate::GanError;
use crate::batch_statistics::{BatchStatistics, KEY};
use crate::exchange::Exchange;
use crate::player::has_batch_norm;
use crate::rules::Rules;

/// Bytes of a thread's stack: as a program's own thread usually has, for Burn goes down a graph by
/// recursion.
const STACK: usize = 8 << 20;

/// How the micro-batches of an update are computed.
pub(crate) enum Pace<'a> {
    /// Only the graphs of one of them are in memory at a time.
    OneByOne,
    /// Synchronized with those of other ranks too.
    Lockstep(Lockstep<'a>),
}

pub(crate) struct Lockstep<'a> {
    /// Micro-batches of all ranks.
    all: usize,
    exchange: &'a dyn Exchange,
    /// Where the sums are on their way to other ranks.
    device: Device,
}

impl<'a> Pace<'a> {
    /// The pace of an update that runs `module` on as many micro-batches here, and on each other rank.
    pub(crate) fn of<M: Module>(
        rules: &Rules,
        module: &M,
        own: usize,
        exchange: &'a dyn Exchange,
    ) -> Self {
        let all = own * exchange.ranks() as usize;
        let synchronizes = rules.batch_statistics == BatchStatistics::Synchronized && all > 1;
        if !synchronizes || !has_batch_norm(module) {
            return Self::OneByOne;
        }
        let device = module.devices().into_iter().next().unwrap_or_default().inner();
        Self::Lockstep(Lockstep { all, exchange, device })
    }

    /// The slower one of two networks' paces.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::OneByOne => other,
            lockstep @ Self::Lockstep(..) => lockstep,
        }
    }

    pub(crate) fn is_lockstep(&self) -> bool {
        matches!(self, Self::Lockstep(..))
    }

    /// A copy of a player for each of as many micro-batches. In lockstep each has a graph of its own,
    /// since Burn locks a graph while it is differentiated; running statistics are shared.
    pub(crate) fn copies<M: Module>(
        &self,
        module: M,
        own: usize,
    ) -> impl ExactSizeIterator<Item = M> + use<M> {
        let apart = if self.is_lockstep() { module.devices().into_iter().next() } else { None };
        (0..own).map(move |_| match &apart {
            Some(device) => module.clone().fork(device),
            None => module.clone(),
        })
    }

    /// Computes something of every micro-batch, and hands over what was made of each in their order.
    pub(crate) fn each<I: Send, T: Send>(
        &self,
        micro_batches: impl IntoIterator<Item = I>,
        compute: impl Fn(I) -> Result<T, GanError> + Sync,
        mut then: impl FnMut(T),
    ) -> Result<(), GanError> {
        match self {
            Self::OneByOne => {
                for micro_batch in micro_batches {
                    then(compute(micro_batch)?);
                }
                Ok(())
            }
            Self::Lockstep(lockstep) => {
                let given = micro_batches.into_iter().collect();
                lockstep.compute(given, compute)?.into_iter().for_each(then);
                Ok(())
            }
        }
    }
}

/// What a micro-batch's thread says when its turn ends.
enum Said {
    /// It needs the sum of these over all micro-batches.
    Sum(Vec<f32>),
    /// It is done.
    Done,
}

/// One micro-batch among the others, on its thread.
#[derive(Debug)]
struct Turn {
    all: usize,
    is_first: bool,
    says: Sender<Said>,
    /// The sums it waits for.
    hears: Mutex<Receiver<Vec<f32>>>,
}

/// What a thread unwinds with whose computation is not needed any more.
struct CalledOff;

impl Shards for Turn {
    fn count(&self) -> usize {
        self.all
    }

    fn moves_statistics(&self) -> bool {
        self.is_first
    }

    fn sum(&self, own: Vec<f32>) -> Vec<f32> {
        let heard = self.says.send(Said::Sum(own)).map_err(|_| RecvError);
        let hears = || self.hears.lock().unwrap_or_else(PoisonError::into_inner).recv();
        heard.and_then(|()| hears()).unwrap_or_else(|RecvError| called_off())
    }
}

impl Lockstep<'_> {
    fn compute<I: Send, T: Send>(
        &self,
        micro_batches: Vec<I>,
        compute: impl Fn(I) -> Result<T, GanError> + Sync,
    ) -> Result<Vec<T>, GanError> {
        let (compute, precision, all) = (&compute, Precision::asked(), self.all);
        let own = micro_batches.len();
        thread::scope(|scope| {
            let (mut threads, mut places, mut refused) = (Vec::new(), Vec::new(), None);
            for (index, micro_batch) in micro_batches.into_iter().enumerate() {
                let ((says, heard), (tell, hears)) = (channel(), channel());
                places.push((tell, heard));
                let run = move || {
                    let began = hears.recv();
                    let _: Vec<f32> = began.unwrap_or_else(|RecvError| called_off());
                    let (is_first, hears) = (index == 0, Mutex::new(hears));
                    let turn = Arc::new(Turn { all, is_first, says: says.clone(), hears });
                    let run = || synchronize_batch_norm(turn, || compute(micro_batch));
                    let made = autocast(precision, run);
                    let _ = says.send(Said::Done);
                    made
                };
                match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run) {
                    Ok(thread) => threads.push(thread),
                    Err(error) => {
                        refused = Some(no_thread(own, &error));
                        break;
                    }
                }
            }
            // Whoever waits after that is called off: its sender is gone.
            let conducted = match refused {
                None => self.conduct(places),
                Some(error) => {
                    drop(places);
                    Err(error)
                }
            };
            let made = joined(threads)?;
            conducted?;
            if made.len() == own { Ok(made) } else { Err(other_layers()) }
        })
    }

    /// Gives every micro-batch its turns until all of them are done; ends early if one of them does.
    fn conduct(
        &self,
        micro_batches: Vec<(Sender<Vec<f32>>, Receiver<Said>)>,
    ) -> Result<(), GanError> {
        let own = micro_batches.len();
        let mut sums = None;
        loop {
            let (mut tree, mut asked, mut length) = (TreeSum::of(own), 0, None);
            for (tell, heard) in &micro_batches {
                // One that cannot be told or heard has ended; its thread says why.
                let told = tell.send(sums.clone().unwrap_or_default());
                if let (Ok(()), Ok(Said::Sum(terms))) = (told, heard.recv()) {
                    if *length.get_or_insert(terms.len()) != terms.len() {
                        return Err(other_layers());
                    }
                    tree.push(terms, added);
                    asked += 1;
                }
            }
            if asked < own {
                return if sums.is_some() { Ok(()) } else { Err(never_asked()) };
            }
            sums = Some(self.over_ranks(tree.total().unwrap_or_default())?);
        }
    }

    fn over_ranks(&self, own: Vec<f32>) -> Result<Vec<f32>, GanError> {
        if self.exchange.ranks() == 1 {
            return Ok(own);
        }
        let count = own.len();
        let own = Tensor::from_data(TensorData::new(own, [count]), &self.device);
        Ok(self.exchange.sum(own)?.into_data().iter::<f32>().collect())
    }
}

/// What the threads have made, but for those that were called off; the error or the panic of one of them.
fn joined<T>(threads: Vec<ScopedJoinHandle<'_, Result<T, GanError>>>) -> Result<Vec<T>, GanError> {
    let (mut made, mut failed) = (Vec::new(), None);
    for thread in threads {
        match thread.join() {
            Ok(Ok(each)) => made.push(each),
            Ok(Err(error)) => failed = failed.or(Some(error)),
            Err(payload) if payload.is::<CalledOff>() => {}
            Err(payload) => resume_unwind(payload),
        }
    }
    failed.map_or(Ok(made), Err)
}

fn called_off() -> ! {
    resume_unwind(Box::new(CalledOff))
}

fn never_asked() -> GanError {
    let why = "a network has a layer `BatchNorm` that is run neither by `gan_kernels::batch_norm` nor \
        by a `Mode`, which `synchronized` needs: expected `ghost`, or such layers";
    refused(why.to_owned())
}

fn other_layers() -> GanError {
    let why = "the micro-batches of an update run different layers, and cannot be synchronized: \
        expected `ghost`, or networks that do the same with every batch";
    refused(why.to_owned())
}

fn no_thread(own: usize, error: &std::io::Error) -> GanError {
    refused(format!(
        "each of the {own} micro-batches of an update needs a thread, and the system refuses one \
         ({error}): expected `ghost`, or fewer micro-batches"
    ))
}

fn refused(why: String) -> GanError {
    GanError::Rules { key: KEY.to_owned(), why }
}

fn added(first: Vec<f32>, second: Vec<f32>) -> Vec<f32> {
    first.into_iter().zip(second).map(|(a, b)| a + b).collect()
}

#[cfg(test)]
mod tests;
