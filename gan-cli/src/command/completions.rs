//! `gan completions`: a completion script for a shell.

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::args::Arguments;

pub(crate) fn run(shell: Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "gan", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(())
}
