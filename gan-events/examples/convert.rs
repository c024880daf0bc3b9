//! A run folder for other tools: `convert RUN FOLDER` writes TensorBoard's event files and `metrics.csv`.
//!
//! `tensorboard --logdir FOLDER` shows the events.

#![expect(clippy::print_stdout, reason = "an example tells what it does")]

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use gan_events::{Run, Table, to_tensorboard};

fn main() -> Result<(), Box<dyn Error>> {
    let [run, folder] =
        <[PathBuf; 2]>::try_from(env::args_os().skip(1).map(PathBuf::from).collect::<Vec<_>>())
            .map_err(|given| {
                format!("expected a run folder and a folder to write to, found {given:?}")
            })?;
    let run = Run::read(&run)?;
    for remark in run.remarks() {
        println!("{remark}");
    }
    for written in to_tensorboard(&run, &folder)? {
        println!("{}", written.display());
    }
    let table = Table::of(run.lines());
    let path = folder.join("metrics.csv");
    fs::write(&path, table.to_csv()?)?;
    println!("{}: {} rows, {} columns", path.display(), table.n_rows(), table.columns().len());
    #[cfg(feature = "parquet")]
    fs::write(folder.join("metrics.parquet"), table.to_parquet()?)?;
    Ok(())
}
