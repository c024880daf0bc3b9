//! CPU kernels, for programs that do not depend on `gan-kernels` themselves: which run, and how precisely.

pub use gan_kernels::{Activation, KernelSet, Precision, keep_freed_memory};
