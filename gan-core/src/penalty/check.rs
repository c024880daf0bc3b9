//! Validation: critics for which a gradient penalty makes no sense.

use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::layers::Layers;
use crate::penalty::{GradientPenaltyMethod, Penalty};
use crate::player::Critic;

/// What to do about batch normalization in a critic under a gradient penalty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchNormUnderPenalty {
    /// An error.
    #[default]
    Refuse,
    /// Take the input gradient of *all* scores by each sample, as PyTorch does without a word.
    Allow,
}

/// Whether `critic` can be under these penalties; called once, when a game is set up.
///
/// # Errors
/// [`GanError::NoDerivative`] if a gradient penalty finds no derivative and `method` is exact;
/// [`GanError::LayerUnderPenalty`] for dropout, whose two passes would not see the same network,
/// and for batch normalization, unless it is allowed and the method is exact.
pub fn check_critic<C: Critic<D>, const D: usize>(
    penalties: &[Penalty],
    method: GradientPenaltyMethod,
    critic: &C,
    batch_norm: BatchNormUnderPenalty,
) -> Result<(), GanError> {
    let Some(penalty) = penalties.iter().find(|penalty| penalty.uses_input_gradient()) else {
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
            (GradientPenaltyMethod::Exact, BatchNormUnderPenalty::Allow) => {}
            (GradientPenaltyMethod::Exact, BatchNormUnderPenalty::Refuse) => {
                return refuse("batch normalization", BATCH_NORM);
            }
            (GradientPenaltyMethod::FiniteDifference { .. }, _) => {
                return refuse("batch normalization", BATCH_NORM_DIFFERENCES);
            }
        }
    }
    if method == GradientPenaltyMethod::Exact && critic.differentiable().is_none() {
        return Err(GanError::NoDerivative { penalty: penalty.to_owned() });
    }
    Ok(())
}

const DROPOUT: &str = "it draws another network for every pass, and the input gradient would be that of one \
    and the weight gradient that of another; leave it out";
const BATCH_NORM: &str = "the penalty is on the input gradient of each sample's own score, and batch \
    normalization makes every score depend on the whole batch (Gulrajani et al. 2017, §4); use \
    layer or instance normalization, or allow it explicitly";
const BATCH_NORM_DIFFERENCES: &str = "finite differences move all samples of a batch at once, and \
    batch normalization makes every score depend on all of them; use layer or instance \
    normalization, or the exact method";
