//! In which precision a game's layers multiply.

use burn::tensor::Device;
use gan_kernels::{Bf16Products, Precision};
use serde::{Deserialize, Serialize};

/// The rule by which the layers' products are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrecisionRule {
    /// Not at all: single precision.
    #[default]
    F32,
    /// To bfloat16 where the device can: sums, weights, statistics and optimizers stay in `f32`.
    Bf16,
    /// To bfloat16 where that is known to be faster.
    Auto,
}

/// What a rule comes to on a device, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PrecisionChoice {
    /// The rule.
    pub asked: PrecisionRule,
    /// What the layers multiply in.
    pub used: Precision,
    /// Why, in a few words.
    pub why: &'static str,
}

impl PrecisionRule {
    /// What the rule comes to on `device`. The same machine always decides alike: by a table of
    /// processors and devices, not by a timer.
    ///
    /// # Example
    /// ```
    /// use gan_core::kernels::Precision;
    /// use gan_core::precision::PrecisionRule;
    /// # use burn::tensor::Device;
    /// let choice = PrecisionRule::F32.on(&Device::default());
    /// assert_eq!((choice.used, choice.why), (Precision::F32, "asked for"));
    /// ```
    pub fn on(self, device: &Device) -> PrecisionChoice {
        self.given(Bf16Products::on(device))
    }

    fn given(self, bf16: Bf16Products) -> PrecisionChoice {
        let (used, why) = match (self, bf16) {
            (Self::F32, _) => (Precision::F32, "asked for"),
            (_, Bf16Products::Missing) => {
                (Precision::F32, "this device does not multiply bfloat16")
            }
            (Self::Bf16, _) => (Precision::Bf16, "asked for"),
            (Self::Auto, Bf16Products::Faster) => {
                (Precision::Bf16, "bfloat16 is faster than f32 on this processor")
            }
            (Self::Auto, Bf16Products::Slower) => {
                (Precision::F32, "bfloat16 is slower than f32 on this processor")
            }
            (Self::Auto, Bf16Products::Unmeasured) => {
                (Precision::F32, "bfloat16 has not been measured on this device")
            }
        };
        PrecisionChoice { asked: self, used, why }
    }

    /// What whoever asked for bfloat16 has to know about `device`, a sentence.
    pub fn warning_on(self, device: &Device) -> Option<&'static str> {
        self.warning_given(Bf16Products::on(device))
    }

    fn warning_given(self, bf16: Bf16Products) -> Option<&'static str> {
        match (self, bf16) {
            (Self::Bf16, Bf16Products::Missing) => Some(
                "the layers' products are in f32, though bfloat16 was asked for: this device cannot \
                 multiply it (on flex the processor needs AVX512-BF16)",
            ),
            (Self::Bf16, Bf16Products::Slower) => Some(
                "bfloat16 is slower than f32 on this processor, which has neither AMX nor a fast \
                 `vdpbf16ps`: `train.precision = \"auto\"` takes the faster of the two",
            ),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Bf16Products; 4] = [
        Bf16Products::Missing,
        Bf16Products::Slower,
        Bf16Products::Faster,
        Bf16Products::Unmeasured,
    ];

    #[test]
    fn auto_takes_bfloat16_only_where_it_is_faster() {
        for bf16 in ALL {
            let choice = PrecisionRule::Auto.given(bf16);
            assert_eq!(choice.used == Precision::Bf16, bf16 == Bf16Products::Faster, "{choice:?}");
            assert_eq!(PrecisionRule::Auto.warning_given(bf16), None);
            assert_eq!(PrecisionRule::F32.given(bf16).used, Precision::F32);
            assert_eq!(PrecisionRule::F32.warning_given(bf16), None);
        }
    }

    #[test]
    fn bfloat16_is_taken_where_it_can_be_and_warned_of_where_it_does_not_pay() {
        for bf16 in ALL {
            let choice = PrecisionRule::Bf16.given(bf16);
            assert_eq!(choice.used == Precision::F32, bf16 == Bf16Products::Missing, "{choice:?}");
            let warned = PrecisionRule::Bf16.warning_given(bf16).is_some();
            assert_eq!(warned, matches!(bf16, Bf16Products::Missing | Bf16Products::Slower));
        }
    }
}
