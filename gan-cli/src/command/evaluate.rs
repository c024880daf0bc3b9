//! `gan evaluate`: how close generated samples have come to the data.

mod foreign;
mod report;
mod run;
mod stacked;

use anyhow::ensure;

use crate::args::{EvaluateArguments, SampleSource};
use crate::streams;

use report::report;

pub(crate) fn run(arguments: &EvaluateArguments) -> anyhow::Result<()> {
    let judged = match &arguments.samples {
        Some(SampleSource::Path(path)) => {
            ensure!(
                arguments.runs.is_empty(),
                "--samples {} names samples of another program, which are evaluated without a run; to evaluate \
                 a run say how many samples: --samples 10000",
                path.display()
            );
            vec![foreign::judge(arguments, path)?]
        }
        _ => run::judge_all(arguments)?,
    };
    streams::print(&report(&judged, arguments.json)?)?;
    Ok(())
}
