//! The optimizers that GAN papers use, with the defaults of those papers.

use burn::optim::ModuleOptimizer;
use gan_kernels::{Adam, RmsProp};
use serde::{Deserialize, Serialize};

use crate::GanError;

/// Which optimizer a player uses, with all of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OptimizerConfig {
    /// Adam: Kingma & Ba (2015), arXiv:1412.6980.
    Adam {
        /// Step size, above 0, at most 10⁶.
        #[serde(default = "defaults::lr")]
        lr: f64,
        /// Decay of the mean of gradients, in `[0, 1)`. GANs use 0.5, or 0 under a penalty.
        #[serde(default = "defaults::beta_1")]
        beta_1: f32,
        /// Decay of the mean of squared gradients, in `[0, 1)`.
        #[serde(default = "defaults::beta_2")]
        beta_2: f32,
        /// Added to the root of the second moment, above 0. PyTorch's 1e-8, not Burn's 1e-5.
        #[serde(default = "defaults::epsilon")]
        epsilon: f32,
    },
    /// RMSProp without momentum or centering: Tieleman & Hinton (2012), as WGAN uses it.
    RmsProp {
        /// Step size, above 0, at most 10⁶.
        #[serde(default = "defaults::lr")]
        lr: f64,
        /// Decay of the mean of squared gradients, in `[0, 1)`.
        #[serde(default = "defaults::alpha")]
        alpha: f32,
        /// Added to the root of the second moment, above 0.
        #[serde(default = "defaults::epsilon")]
        epsilon: f32,
    },
}

mod defaults {
    pub(super) fn lr() -> f64 {
        2e-4
    }
    pub(super) fn beta_1() -> f32 {
        0.5
    }
    pub(super) fn beta_2() -> f32 {
        0.999
    }
    pub(super) fn alpha() -> f32 {
        0.99
    }
    pub(super) fn epsilon() -> f32 {
        1e-8
    }
}

impl OptimizerConfig {
    /// Adam with PyTorch's epsilon.
    pub fn adam(lr: f64, beta_1: f32, beta_2: f32) -> Self {
        Self::Adam { lr, beta_1, beta_2, epsilon: defaults::epsilon() }
    }

    /// The learning rate.
    pub fn lr(&self) -> f64 {
        match *self {
            Self::Adam { lr, .. } | Self::RmsProp { lr, .. } => lr,
        }
    }

    /// A fresh optimizer.
    pub fn init(&self) -> ModuleOptimizer {
        match *self {
            Self::Adam { beta_1, beta_2, epsilon, .. } => {
                ModuleOptimizer::from(Adam { beta_1, beta_2, epsilon })
            }
            Self::RmsProp { alpha, epsilon, .. } => {
                ModuleOptimizer::from(RmsProp { alpha, epsilon })
            }
        }
    }

    /// Whether every number is in its range.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] for the first that is not; `owner` identifies the player in the error.
    pub fn validate(&self, owner: &str) -> Result<(), GanError> {
        let check = |name: &str, holds: bool, expected, found: f64| {
            let name = format!("{owner}.{name}");
            if holds { Ok(()) } else { Err(GanError::OutOfRange { name, expected, found }) }
        };
        let positive = |name, found: f64| {
            check(name, found.is_finite() && found > 0.0, "a finite number above 0", found)
        };
        let decay = |name, found: f32| {
            let found = f64::from(found);
            check(name, (0.0..1.0).contains(&found), "a number from 0 up to, but not, 1", found)
        };
        positive("lr", self.lr())?;
        check("lr", self.lr() <= 1e6, "at most 1000000", self.lr())?;
        match *self {
            Self::Adam { beta_1, beta_2, epsilon, .. } => {
                decay("beta_1", beta_1)?;
                decay("beta_2", beta_2)?;
                positive("epsilon", f64::from(epsilon))
            }
            Self::RmsProp { alpha, epsilon, .. } => {
                decay("alpha", alpha)?;
                positive("epsilon", f64::from(epsilon))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(optimizer: OptimizerConfig) -> String {
        optimizer.validate("critic").unwrap_err().to_string()
    }

    #[test]
    fn numbers_out_of_range_are_named_with_what_was_found() {
        let negative = complaint(OptimizerConfig::adam(-1e-4, 0.5, 0.999));
        assert_eq!(negative, "`critic.lr` must be a finite number above 0, found -0.0001");
        let decay = complaint(OptimizerConfig::adam(1e-4, 0.5, 1.0));
        assert!(decay.starts_with("`critic.beta_2` must be"), "{decay}");
        let alpha = OptimizerConfig::RmsProp { lr: 1e-4, alpha: 1.5, epsilon: 1e-8 };
        assert!(complaint(alpha).starts_with("`critic.alpha`"));
        assert!(complaint(OptimizerConfig::adam(f64::NAN, 0.5, 0.9)).contains("found NaN"));
    }
}
