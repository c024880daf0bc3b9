//! The backend that a device belongs to.

use burn::tensor::Device;

/// Whether `device` is the Flex backend's, which has bfloat16 as a type, but computes it in `f32`.
pub(crate) fn is_flex(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    {
        *device == Device::flex()
    }
    #[cfg(not(feature = "flex"))]
    {
        let _ = device;
        false
    }
}

/// Whether `device` is the LibTorch backend's.
pub(crate) fn is_libtorch(device: &Device) -> bool {
    #[cfg(feature = "tch")]
    {
        #[allow(deprecated, reason = "burn deprecates the backend")]
        let libtorch = Device::libtorch();
        *device == libtorch
    }
    #[cfg(not(feature = "tch"))]
    {
        let _ = device;
        false
    }
}
