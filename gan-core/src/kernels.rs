//! CPU kernels, for programs that do not depend on `gan-kernels` themselves: which run, in which precision.

pub use gan_kernels::{
    Activation, AlignedMemory, Bf16Products, KernelSet, Precision, keep_freed_memory,
};
