//! The mean gradient over all micro-batches of an update, those of other ranks included.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use super::tree_sum::TreeSum;
use crate::GanError;
use crate::exchange::{Exchange, sum_each};

/// The mean over an update's micro-batches of the gradient of a player's loss.
pub(super) struct MeanGradient {
    share: Share,
    sum: TreeSum<GradientsParams>,
}

/// The share of a micro-batch in a mean.
#[derive(Clone, Copy)]
pub(super) struct Share {
    /// Micro-batches of all ranks.
    shards: usize,
}

impl Share {
    /// The gradient of a micro-batch's loss, as a term of the mean.
    pub(super) fn of<M: Module>(self, module: &M, loss: Tensor<1>) -> GradientsParams {
        // A single one is not divided: it has the bits that it has without a mean.
        let share = if self.shards == 1 { loss } else { loss / self.shards as f64 };
        GradientsParams::from_grads(share.backward(), module)
    }
}

impl MeanGradient {
    /// Of as many micro-batches here, and as many on each other rank.
    pub(super) fn over(own: usize, exchange: &dyn Exchange) -> Self {
        let share = Share { shards: own * exchange.ranks() as usize };
        Self { share, sum: TreeSum::of(own) }
    }

    pub(super) fn share(&self) -> Share {
        self.share
    }

    /// The next micro-batch's term.
    pub(super) fn add<M: Module>(&mut self, module: &M, term: GradientsParams) {
        self.sum.push(term, |a, b| sum_of(module, a, b));
    }

    /// The mean, which is the same on all ranks.
    pub(super) fn total<M: Module>(
        self,
        module: &M,
        exchange: &dyn Exchange,
    ) -> Result<GradientsParams, GanError> {
        let own = self.sum.total().unwrap_or_default();
        if exchange.ranks() == 1 {
            return Ok(own);
        }
        let mut read = Read { gradients: own, values: Vec::new() };
        module.visit(&mut read);
        let sums = sum_each(exchange, read.values)?;
        let mut written = Write { gradients: read.gradients, values: sums.into_iter() };
        module.visit(&mut written);
        Ok(written.gradients)
    }
}

/// The sum of two gradients of a module, the first operand first.
fn sum_of<M: Module>(
    module: &M,
    first: GradientsParams,
    second: GradientsParams,
) -> GradientsParams {
    let mut add = Add { sum: first, second };
    module.visit(&mut add);
    add.sum
}

struct Add {
    sum: GradientsParams,
    second: GradientsParams,
}

impl ModuleVisitor for Add {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let sum = match (self.sum.remove::<D>(param.id), self.second.remove::<D>(param.id)) {
            (Some(first), Some(second)) => first + second,
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => return,
        };
        self.sum.register(param.id, sum);
    }
}

/// Every gradient, as a list of numbers.
struct Read {
    gradients: GradientsParams,
    values: Vec<Tensor<1>>,
}

impl ModuleVisitor for Read {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.values.push(gradient.flatten(0, D - 1));
        }
    }
}

/// Every gradient replaced by a list of numbers in that order.
struct Write {
    gradients: GradientsParams,
    values: std::vec::IntoIter<Tensor<1>>,
}

impl ModuleVisitor for Write {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.remove::<D>(param.id) else { return };
        if let Some(values) = self.values.next() {
            self.gradients.register(param.id, values.reshape(gradient.dims()));
        }
    }
}
