//! Running statistics of batch normalization over an update of several micro-batches.
//!
//! Unless it is synchronized ([`BatchStatistics`](crate::batch_statistics::BatchStatistics)), batch
//! normalization sees each micro-batch by itself, in one process as in many. Each micro-batch moves the
//! running statistics from where they were before the update, and the update leaves the mean over all
//! of them: the order of micro-batches does not count, and their number does not either, whoever had
//! them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

use super::lockstep::Pace;
use super::tree_sum::TreeSum;
use crate::GanError;
use crate::exchange::{Exchange, sum_each};

/// The running statistics of one network in one update.
pub(crate) struct RunningStatistics {
    /// Nothing of a network without batch normalization, in an update of one micro-batch, and in
    /// lockstep, where the first micro-batch moves them for all.
    kept: Option<Kept>,
}

struct Kept {
    /// Micro-batches of all ranks.
    shards: usize,
    before: Vec<Tensor<1>>,
    sum: TreeSum<Vec<Tensor<1>>>,
}

impl RunningStatistics {
    /// Those of `module` as they are now, for as many micro-batches here and on each other rank.
    pub(crate) fn before<M: Module>(
        module: &M,
        own: usize,
        exchange: &dyn Exchange,
        pace: &Pace<'_>,
    ) -> Self {
        let shards = own * exchange.ranks() as usize;
        let is_moved = shards == 1 || pace.is_lockstep();
        let before = if is_moved { Vec::new() } else { read(module) };
        let kept = Kept { shards, before, sum: TreeSum::of(own) };
        Self { kept: (!kept.before.is_empty()).then_some(kept) }
    }

    /// Note what a micro-batch has made of them, and put them back for the next one.
    pub(crate) fn note<M: Module>(&mut self, module: &M) {
        let Some(Kept { before, sum, .. }) = &mut self.kept else { return };
        let add = |a: Vec<Tensor<1>>, b: Vec<Tensor<1>>| {
            a.into_iter().zip(b).map(|(a, b)| a + b).collect()
        };
        sum.push(read(module), add);
        write(module, before);
    }

    /// Leave the mean over the micro-batches of all ranks.
    pub(crate) fn settle<M: Module>(
        self,
        module: &M,
        exchange: &dyn Exchange,
    ) -> Result<(), GanError> {
        let Some(Kept { shards, sum, .. }) = self.kept else { return Ok(()) };
        let Some(sum) = sum.total() else { return Ok(()) };
        let sum = if exchange.ranks() == 1 { sum } else { over_ranks(sum, exchange)? };
        let mean: Vec<Tensor<1>> = sum.into_iter().map(|sum| sum / shards as f64).collect();
        write(module, &mean);
        Ok(())
    }
}

fn over_ranks(own: Vec<Tensor<1>>, exchange: &dyn Exchange) -> Result<Vec<Tensor<1>>, GanError> {
    let sides: Vec<bool> = own.iter().map(Tensor::is_autodiff).collect();
    let sums = sum_each(exchange, own.into_iter().map(Tensor::inner).collect())?;
    let back =
        |(sum, is_autodiff): (Tensor<1>, bool)| if is_autodiff { sum.autodiff() } else { sum };
    Ok(sums.into_iter().zip(sides).map(back).collect())
}

/// Each statistic of `module`, in the order of its structure.
fn read<M: Module>(module: &M) -> Vec<Tensor<1>> {
    // The last update of a statistic is pending in Burn until someone asks for it, as this does.
    let _ = module.valid();
    let mut read = Read { place: Place::default(), found: Vec::new() };
    module.visit(&mut read);
    read.found
}

/// The same statistics with these values: all copies of the module share them.
fn write<M: Module>(module: &M, values: &[Tensor<1>]) {
    let write = &mut Write { place: Place::default(), values: values.iter() };
    let _ = module.clone().map(write);
}

/// Where a walk through a module is.
#[derive(Default)]
struct Place(Vec<(String, String)>);

impl Place {
    fn enter(&mut self, name: &str, container: &str) {
        self.0.push((name.to_owned(), container.to_owned()));
    }

    fn is_statistic(&self) -> bool {
        let at = self.0.last().map(|(field, layer)| (field.as_str(), layer.as_str()));
        matches!(at, Some(("running_mean" | "running_var", "Struct:BatchNorm")))
    }
}

struct Read {
    place: Place,
    found: Vec<Tensor<1>>,
}

impl ModuleVisitor for Read {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.place.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.place.0.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.place.is_statistic() {
            self.found.push(param.val().flatten(0, D - 1));
        }
    }
}

struct Write<'a> {
    place: Place,
    values: std::slice::Iter<'a, Tensor<1>>,
}

impl ModuleMapper for Write<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.place.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.place.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !self.place.is_statistic() {
            return param;
        }
        let Some(values) = self.values.next() else { return param };
        let dims: [usize; D] = param.lazy_shape().dims();
        Param::initialized(param.id, values.clone().reshape(dims))
    }
}
