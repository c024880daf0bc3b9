//! The precision of the layers' products (mixed precision).

use std::cell::Cell;

use burn::tensor::{Device, FloatDType};
use serde::{Deserialize, Serialize};

use crate::device::is_flex;
use crate::processor::{Vendor, has_tiles};

/// What the operands of matrix products and convolutions are rounded to; sums, weights, statistics
/// and optimizers are in `f32` either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// Not at all: single precision.
    #[default]
    F32,
    /// To bfloat16: the range of `f32` with 8 bits of significance.
    Bf16,
}

thread_local! {
    static OF_THIS_THREAD: Cell<Precision> = const { Cell::new(Precision::F32) };
}

/// Runs `run` with the layers' products in `precision`, for the layers called from this thread.
///
/// Backward passes multiply as the forward pass did, wherever they run. [`Precision::on`] reports
/// whether a device does as it is asked.
///
/// # Example
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::{Device, Tensor};
/// use gan_kernels::{Activation, Precision, autocast, linear};
///
/// let device = Device::flex().autodiff();
/// let layer = LinearConfig::new(8, 4).init(&device);
/// let x = Tensor::<2>::ones([32, 8], &device);
/// let y = autocast(Precision::Bf16, || linear(&layer, x, Activation::Relu));
/// assert_eq!(y.dtype(), burn::tensor::DType::F32);
/// ```
pub fn autocast<R>(precision: Precision, run: impl FnOnce() -> R) -> R {
    /// Puts back what was before, after a panic too.
    struct Before(Precision);
    impl Drop for Before {
        fn drop(&mut self) {
            OF_THIS_THREAD.set(self.0);
        }
    }
    let _before = Before(OF_THIS_THREAD.replace(precision));
    run()
}

impl Precision {
    /// What `device` multiplies in when it is asked for this.
    ///
    /// Flex has bfloat16 where the processor has AVX512-BF16 (and this crate its feature `flex`),
    /// other backends where Burn reports support for the type.
    pub fn on(self, device: &Device) -> Self {
        let has_bf16 = if is_flex(device) {
            crate::kernel_set::run_on(device) && crate::operand::processor_has_bf16()
        } else {
            device.supports_dtype(FloatDType::BF16)
        };
        if has_bf16 { self } else { Self::F32 }
    }

    /// What this thread's layers are asked to multiply in by [`autocast`]: a thread that goes on with
    /// their work is to ask for the same.
    pub fn asked() -> Self {
        OF_THIS_THREAD.get()
    }

    /// What this thread's layers are to multiply in, on `device`.
    pub(crate) fn here(device: &Device) -> Self {
        match OF_THIS_THREAD.get() {
            Self::F32 => Self::F32,
            asked => asked.on(device),
        }
    }
}

/// What products in bfloat16 are worth on a device, beside those in `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bf16Products {
    /// The device has none.
    Missing,
    /// They take longer.
    Slower,
    /// They take less time.
    Faster,
    /// They have not been measured.
    Unmeasured,
}

impl Bf16Products {
    /// Those of `device`, by a table: the same machine always answers alike.
    ///
    /// On Flex they are faster on AMD's processors with AVX512-BF16, and on Intel's with tiles (AMX)
    /// where the system permits them. Intel's vector instruction `vdpbf16ps` starts once in two
    /// cycles where a multiplication in `f32` starts twice in one, so without tiles they are slower.
    pub fn on(device: &Device) -> Self {
        match Precision::Bf16.on(device) {
            Precision::F32 => Self::Missing,
            Precision::Bf16 if !is_flex(device) => Self::Unmeasured,
            Precision::Bf16 => Self::of(Vendor::here(), has_tiles()),
        }
    }

    fn of(vendor: Vendor, tiles: bool) -> Self {
        match vendor {
            Vendor::Amd => Self::Faster,
            Vendor::Intel if tiles => Self::Faster,
            Vendor::Intel => Self::Slower,
            Vendor::Other => Self::Unmeasured,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn a_precision_lasts_as_long_as_its_closure() {
        let now = || OF_THIS_THREAD.get();
        autocast(Precision::Bf16, || {
            assert_eq!(now(), Precision::Bf16);
            assert_eq!(autocast(Precision::F32, now), Precision::F32);
            assert_eq!(now(), Precision::Bf16);
            assert_eq!(std::thread::spawn(now).join().unwrap(), Precision::F32);
        });
        assert_eq!(now(), Precision::F32);
        catch_unwind(|| autocast(Precision::Bf16, || panic!("in between"))).unwrap_err();
        assert_eq!(now(), Precision::F32);
    }

    #[test]
    fn bfloat16_pays_where_it_was_measured_to() {
        assert_eq!(Bf16Products::of(Vendor::Amd, false), Bf16Products::Faster);
        assert_eq!(Bf16Products::of(Vendor::Intel, true), Bf16Products::Faster);
        assert_eq!(Bf16Products::of(Vendor::Intel, false), Bf16Products::Slower);
        assert_eq!(Bf16Products::of(Vendor::Other, false), Bf16Products::Unmeasured);
    }
}
