//! `gan montage`: pictures of several runs on one sheet.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::args::MontageArguments;
use crate::streams;
use crate::unfinished::{ensure_free, write_out};
use gan_plot::{Pixels, Tile, montage};

pub(crate) fn run(arguments: &MontageArguments) -> anyhow::Result<()> {
    let (files, labels, out) = (&arguments.files, &arguments.labels, &arguments.out);
    ensure!(
        labels.is_empty() || labels.len() == files.len(),
        "expected a --label for each of the {} pictures or none, found {}",
        files.len(),
        labels.len()
    );
    ensure!(arguments.columns != Some(0), "expected at least 1 column, found --columns 0");
    ensure!(
        (16..=4_096).contains(&arguments.side),
        "--side must be from 16 to 4096 pixels, found {}",
        arguments.side
    );
    ensure!(
        out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")),
        "expected a file that ends in .png after --out, found {}",
        out.display()
    );
    ensure_free(out, arguments.force)?;
    let mut tiles = Vec::new();
    for (idx, path) in files.iter().enumerate() {
        let label = labels.get(idx).cloned().unwrap_or_else(|| path.display().to_string());
        tiles.push(Tile { label, picture: open(path)? });
    }
    let square = (tiles.len() as f64).sqrt().ceil() as usize;
    let columns = arguments.columns.unwrap_or(square);
    write_out(out, &montage(&arguments.title, &tiles, columns, arguments.side))?;
    streams::print_path(out)?;
    Ok(())
}

fn open(path: &Path) -> anyhow::Result<Pixels> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Pixels::from_png(&bytes).with_context(|| format!("{} is no usable PNG", path.display()))
}
