//! What a step leaves behind, over all micro-batches of the update, those of other ranks included.

use burn::tensor::{Tensor, TensorData};

use super::GradientNorm;
use crate::GanError;
use crate::exchange::{Exchange, gather};
use crate::loss::Scores;

/// What a critic step leaves behind, unread.
#[derive(Clone, Debug)]
pub struct CriticReport {
    /// The adversarial loss, without penalties, shape `[1]`: the mean over micro-batches.
    pub loss: Tensor<1>,
    /// The sum of all penalties, shape `[1]`, also a mean; `None` if the rules have none.
    pub penalty: Option<Tensor<1>>,
    /// Scores of the real samples, `[samples, 1]`, in the order of the micro-batches.
    pub real: Scores,
    /// Scores of the fakes, `[samples, 1]`, likewise.
    pub fake: Scores,
    /// The gradients of the critic's weights.
    pub gradients: GradientNorm,
}

/// What a generator step leaves behind, unread.
#[derive(Clone, Debug)]
pub struct GeneratorReport {
    /// What the generator minimized, shape `[1]`: the mean over micro-batches.
    pub loss: Tensor<1>,
    /// The gradients of the generator's weights.
    pub gradients: GradientNorm,
}

/// What a critic step learns of each of its micro-batches, off the graph.
#[derive(Default)]
pub(super) struct CriticReports {
    losses: Vec<Tensor<1>>,
    penalties: Vec<Tensor<1>>,
    real: Vec<Tensor<2>>,
    fake: Vec<Tensor<2>>,
}

impl CriticReports {
    /// Of one micro-batch.
    pub(super) fn of(
        loss: Tensor<1>,
        penalty: Option<Tensor<1>>,
        real: Scores,
        fake: Scores,
    ) -> Self {
        Self {
            losses: vec![loss.inner()],
            penalties: penalty.into_iter().collect(),
            real: vec![real.detach().raw()],
            fake: vec![fake.detach().raw()],
        }
    }

    pub(super) fn add(&mut self, next: Self) {
        self.losses.extend(next.losses);
        self.penalties.extend(next.penalties);
        self.real.extend(next.real);
        self.fake.extend(next.fake);
    }

    pub(super) fn total(
        self,
        gradients: GradientNorm,
        exchange: &dyn Exchange,
    ) -> Result<CriticReport, GanError> {
        let penalty = (!self.penalties.is_empty()).then(|| mean(self.penalties, exchange));
        Ok(CriticReport {
            loss: mean(self.losses, exchange)?,
            penalty: penalty.transpose()?,
            real: Scores::new(joined(self.real, exchange)?),
            fake: Scores::new(joined(self.fake, exchange)?),
            gradients,
        })
    }
}

/// What a generator step learns of each of its micro-batches, off the graph.
#[derive(Default)]
pub(super) struct GeneratorReports {
    losses: Vec<Tensor<1>>,
}

impl GeneratorReports {
    pub(super) fn add(&mut self, loss: Tensor<1>) {
        self.losses.push(loss);
    }

    pub(super) fn total(
        self,
        gradients: GradientNorm,
        exchange: &dyn Exchange,
    ) -> Result<GeneratorReport, GanError> {
        Ok(GeneratorReport { loss: mean(self.losses, exchange)?, gradients })
    }
}

/// The mean over micro-batches of a number of each; of a single one, that number itself.
fn mean(own: Vec<Tensor<1>>, exchange: &dyn Exchange) -> Result<Tensor<1>, GanError> {
    let all = joined(own, exchange)?;
    Ok(if all.dims() == [1] { all } else { all.mean() })
}

/// The rows of every micro-batch, one after the other.
///
/// # Panics
/// Without a micro-batch.
fn joined<const D: usize>(
    mut own: Vec<Tensor<D>>,
    exchange: &dyn Exchange,
) -> Result<Tensor<D>, GanError> {
    let Some(last) = own.pop() else { unreachable!("a step needs a micro-batch") };
    let own = if own.is_empty() { last } else { Tensor::cat([own, vec![last]].concat(), 0) };
    if exchange.ranks() == 1 {
        return Ok(own);
    }
    let (mut dims, device) = (own.dims(), own.device());
    let values: Vec<f32> = own.into_data().iter::<f32>().collect();
    let all = gather(exchange, bytemuck::cast_slice(&values))?;
    dims[0] *= exchange.ranks() as usize;
    let all = bytemuck::pod_collect_to_vec::<u8, f32>(&all);
    Ok(Tensor::from_data(TensorData::new(all, dims), &device))
}
