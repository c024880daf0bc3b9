//! Over which samples batch normalization takes its mean and variance in training.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::player::{Critic, Generator, has_batch_norm};
use crate::rules::Rules;

/// The samples that one mean and one variance of batch normalization are over, where an update has
/// several micro-batches. With one there is nothing to choose.
///
/// Either way the bits do not depend on how many processes share the micro-batches out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchStatistics {
    /// Those of a micro-batch, by itself; running statistics are the mean over all of them.
    ///
    /// # Source
    /// "Ghost batch normalization": Hoffer, Hubara & Soudry (2017), arXiv:1705.08741, §3.4.
    #[default]
    Ghost,
    /// Those of all micro-batches of the update, those of other ranks included.
    ///
    /// Each sample is normalized as in one whole batch, up to rounding. The micro-batches are computed in
    /// lockstep: each waits at every layer `BatchNorm` for the others, forwards and backwards, and
    /// the graphs of all of them are in memory at once.
    ///
    /// # Source
    /// Peng et al. (2018), "MegDet: A large mini-batch object detector", CVPR (arXiv:1711.07240),
    /// §4.2.
    Synchronized,
}

impl BatchStatistics {
    /// Whether these rules can be followed by these players on `device`.
    pub(crate) fn check<G: Generator<D>, C: Critic<D>, const D: usize>(
        rules: &Rules,
        generator: &G,
        critic: &C,
        device: &Device,
    ) -> Result<(), GanError> {
        let in_critic = has_batch_norm(critic);
        let synchronizes = rules.batch_statistics == Self::Synchronized && rules.accumulation > 1;
        if !synchronizes || !(in_critic || has_batch_norm(generator)) {
            return Ok(());
        }
        let refuse = |why: String| Err(GanError::Rules { key: KEY.to_owned(), why });
        if !gan_kernels::run_on(device) {
            return refuse(format!(
                "batch statistics are synchronized by this library's own kernels, which {device:?} \
                 does not have here: expected flex on a processor with AVX2, AVX-512 or NEON, tch, or \
                 `ghost`"
            ));
        }
        match rules.penalties.iter().find(|penalty| penalty.uses_input_gradient()) {
            Some(penalty) if in_critic => refuse(format!(
                "`{}` goes through the critic's batch normalization by its derivative, whose \
                 statistics are not synchronized: expected `ghost`, or a critic without it",
                penalty.name()
            )),
            _ => Ok(()),
        }
    }
}

/// The key of the rules.
pub(crate) const KEY: &str = "batch_statistics";
