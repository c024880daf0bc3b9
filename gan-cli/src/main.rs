//! The program `gan`; all of it is in the library beside this file, so that `gan-torture` reaches
//! its readers.

use std::process::ExitCode;

fn main() -> ExitCode {
    gan_cli::main()
}
