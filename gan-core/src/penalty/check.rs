//! Critics that a penalty on slopes makes no sense for.

use serde::{Deserialize, Serialize};

use crate::layers::Layers;
use crate::{Critic, GanError, Penalty, SlopeMethod};

/// What to do about batch normalization in a critic under a penalty on slopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchNormUnderPenalty {
    /// An error.
    #[default]
    Refuse,
    /// Take the slope of *all* scores by each sample, as PyTorch does when nobody looks.
    Allow,
}

/// Whether `critic` can be under these penalties; called once, when a game is set up.
///
/// # Errors
/// [`GanError::NoDerivative`] if a penalty on slopes finds no derivative and `method` is exact;
/// [`GanError::LayerUnderPenalty`] for dropout, whose two passes would not see the same network,
/// and for batch normalization, unless it is allowed and the method is exact.
pub fn check_critic<C: Critic<D>, const D: usize>(
    penalties: &[Penalty],
    method: SlopeMethod,
    critic: &C,
    batch_norm: BatchNormUnderPenalty,
) -> Result<(), GanError> {
    let Some(penalty) = penalties.iter().find(|penalty| penalty.is_on_slopes()) else {
        return Ok(());
    };
    let penalty = penalty.name();
    let refuse = |layer, reason| Err(GanError::LayerUnderPenalty { penalty, layer, reason });
    let layers = Layers::of(critic);
    if layers.contain("Dropout") {
        return refuse("dropout", DROPOUT);
    }
    if layers.contain("BatchNorm") {
        match (method, batch_norm) {
            (SlopeMethod::Exact, BatchNormUnderPenalty::Allow) => {}
            (SlopeMethod::Exact, BatchNormUnderPenalty::Refuse) => {
                return refuse("batch normalization", BATCH_NORM);
            }
            (SlopeMethod::FiniteDifference { .. }, _) => {
                return refuse("batch normalization", BATCH_NORM_DIFFERENCES);
            }
        }
    }
    if method == SlopeMethod::Exact && critic.differentiable().is_none() {
        return Err(GanError::NoDerivative { penalty });
    }
    Ok(())
}

const DROPOUT: &str = "it draws another network for every pass, and the slope would be that of one \
    and the weight gradient that of another; leave it out";
const BATCH_NORM: &str = "the penalty is on the slope of each sample's own score, and batch \
    normalization makes every score depend on the whole batch (Gulrajani et al. 2017, §4); use \
    layer or instance normalization, or allow it explicitly";
const BATCH_NORM_DIFFERENCES: &str = "finite differences move all samples of a batch at once, and \
    batch normalization makes every score depend on all of them; use layer or instance \
    normalization, or the exact slope method";
