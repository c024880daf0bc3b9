//! `gan completions`: a completion script for a shell.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::args::Arguments;
use crate::streams;

pub(crate) fn run(shell: Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "gan", &mut script);
    streams::print_bytes(&script)?;
    Ok(())
}
