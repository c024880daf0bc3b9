//! The program `gan`; all of it is in the library beside this file, so that `gan-torture` reaches
//! its readers.

use std::process::ExitCode;

use gan_kernels::AlignedMemory;

/// Tensors on whole lines of cache: a few percent of a training's time on Intel's processors.
#[global_allocator]
static MEMORY: AlignedMemory = AlignedMemory;

fn main() -> ExitCode {
    gan_cli::main()
}
