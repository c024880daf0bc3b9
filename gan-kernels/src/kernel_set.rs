//! Kernel dispatch: which kernels a device has.

use burn::tensor::Device;
use serde::Serialize;

use crate::device::{is_flex, is_libtorch};

/// The kernels that stand in for Burn's own operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KernelSet {
    /// Those of this crate, with vectors of 8 numbers.
    Avx2,
    /// Those of this crate, with vectors of 16 numbers; in `f32` to the same bits as [`KernelSet::Avx2`].
    Avx512,
    /// Those of this crate on AArch64, with vectors of 8 numbers in two registers; to the same bits as
    /// [`KernelSet::Avx2`].
    Neon,
    /// Libtorch's.
    Libtorch,
}

impl KernelSet {
    /// Those of `device`: on Flex what the processor has instructions for, as far as this crate was
    /// built for the device's backend. `None` where layers are Burn's own.
    pub fn on(device: &Device) -> Option<Self> {
        if is_flex(device) {
            return Self::of_this_processor();
        }
        is_libtorch(device).then_some(Self::Libtorch)
    }

    fn of_this_processor() -> Option<Self> {
        use crate::simd::Level;
        match Level::here() {
            Level::Portable => None,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => Some(Self::Avx2),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => Some(Self::Avx512),
            #[cfg(target_arch = "aarch64")]
            Level::Neon => Some(Self::Neon),
        }
    }
}

/// Whether there are kernels on `device`.
pub fn run_on(device: &Device) -> bool {
    KernelSet::on(device).is_some()
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::simd::Level;

    #[test]
    fn every_level_of_instructions_has_its_kernels() {
        let device = Device::flex().autodiff();
        let on = |level: Level| level.on(|| KernelSet::on(&device));
        assert_eq!(on(Level::Portable), None);
        #[cfg(target_arch = "x86_64")]
        {
            assert_eq!(on(Level::Avx2), Some(KernelSet::Avx2));
            assert_eq!(on(Level::Avx512), Some(KernelSet::Avx512));
        }
        #[cfg(target_arch = "aarch64")]
        assert_eq!(on(Level::Neon), Some(KernelSet::Neon));
    }
}
