//! What shows the progress of a run.

use std::io::IsTerminal as _;

#[cfg(feature = "tui")]
use anyhow::ensure;
use gan_core::event::Observer;

use super::setup::Setup;
use crate::args::DisplayArguments;
use crate::config::RunConfig;
use crate::inventory::InventoryRecord;
use crate::observer::{Asked, Bar, JsonLines, Outbox, PlainLines, Shown};

/// What shows the progress, as the flags and the terminal have it.
pub(super) fn display<G, C>(
    arguments: DisplayArguments,
    setup: &Setup,
    shown: Shown,
    asked: Asked,
    outbox: Outbox,
) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    if arguments.json {
        let data = InventoryRecord::from(&setup.inventory);
        return Ok(Box::new(JsonLines::new(data, asked, outbox)?));
    }
    if arguments.tui {
        return dashboard(&setup.config, outbox);
    }
    if arguments.is_plain() {
        return Ok(Box::new(PlainLines::new(shown)));
    }
    Ok(Box::new(Bar::new(shown)))
}

impl DisplayArguments {
    /// Whether progress is lines on standard error.
    pub(super) fn is_plain(self) -> bool {
        !self.json && !self.tui && !std::io::stderr().is_terminal()
    }
}

#[cfg(feature = "tui")]
fn dashboard<G, C>(config: &RunConfig, outbox: Outbox) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    ensure!(std::io::stdout().is_terminal(), "--tui needs a terminal, but standard output is none");
    Ok(Box::new(crate::observer::Dashboard::new(config.recipe.clone(), outbox)))
}

#[cfg(not(feature = "tui"))]
fn dashboard<G, C>(
    _config: &RunConfig,
    _outbox: Outbox,
) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    anyhow::bail!("--tui needs the dashboard, which is not compiled in; build with --features tui")
}
