//! `gan export-metrics`: the measurements of a run in the formats of other programs.

use std::path::{Path, PathBuf};

use gan_events::{Run, Table, to_tensorboard};

use crate::args::{ExportMetricsArguments, MetricsFormat};
use crate::observer::TENSORBOARD;
use crate::run_folder::replace_file;
use crate::streams;
use crate::unfinished::ensure_free;

pub(crate) fn run(arguments: &ExportMetricsArguments) -> anyhow::Result<()> {
    let ExportMetricsArguments { run: root, format, force, .. } = arguments;
    let run = Run::read(root)?;
    run.remarks().iter().for_each(|remark| streams::say(&format!("note: {remark}")));
    let out = out(arguments);
    match format {
        MetricsFormat::Tensorboard => {
            to_tensorboard(&run, &out)?;
        }
        MetricsFormat::Csv => write(&out, *force, &Table::of(run.lines()).to_csv()?)?,
        MetricsFormat::Parquet => write(&out, *force, &parquet(&run)?)?,
    }
    streams::print_path(&out)
}

fn out(arguments: &ExportMetricsArguments) -> PathBuf {
    let name = match arguments.format {
        MetricsFormat::Csv => "metrics.csv",
        MetricsFormat::Parquet => "metrics.parquet",
        MetricsFormat::Tensorboard => TENSORBOARD,
    };
    arguments.out.clone().unwrap_or_else(|| arguments.run.join(name))
}

fn write(out: &Path, force: bool, bytes: &[u8]) -> anyhow::Result<()> {
    ensure_free(out, force)?;
    replace_file(out, bytes)
}

#[cfg(feature = "parquet")]
fn parquet(run: &Run) -> anyhow::Result<Vec<u8>> {
    Ok(Table::of(run.lines()).to_parquet()?)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &Run) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!(
        "this program was built without Parquet: build it with --features parquet, or take --format csv"
    )
}
