//! A configuration as a run would have it, without the run.

use super::{configure, layers_of, of_classes, open, sized};
use crate::args::RunArguments;
use crate::config::RunConfig;

/// The configuration of a recipe, or of a file, with settings and a seed: what follows from the data is in
/// it, so that it gives the same run as its own file.
pub(in crate::command) fn resolved(
    what: &str,
    set: &[String],
    seed: u64,
) -> anyhow::Result<RunConfig> {
    let arguments = RunArguments {
        settings: set.to_vec(),
        epochs: None,
        steps: None,
        seed: Some(seed),
        device: None,
        out: None,
        data_dir: None,
    };
    let (mut config, follows) = sized(configure(layers_of(what)?, &arguments)?)?;
    // Only networks that take labels depend on how many classes there are.
    if follows && config.model.classes() > 0 {
        config.model = of_classes(&config, open(&config)?.classes())?;
    }
    Ok(config)
}
