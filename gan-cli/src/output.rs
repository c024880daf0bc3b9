//! Samples as files: a picture, or numbers for another program.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use npyz::WriterBuilder as _;

use crate::observer::draw_samples;
use crate::run_folder::replace_file;
use crate::sampling::Samples;

/// A file that samples are to be written to, checked before any of them is made.
pub(crate) struct OutputFile {
    path: PathBuf,
    format: Format,
}

#[derive(Clone, Copy)]
enum Format {
    Png,
    Npy,
    Csv,
}

impl OutputFile {
    /// The format follows from the file's ending; a file that exists is refused without `force`.
    pub(crate) fn new(path: &Path, force: bool) -> anyhow::Result<Self> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let format = match extension.as_str() {
            "png" => Format::Png,
            "npy" => Format::Npy,
            "csv" => Format::Csv,
            _ => bail!("expected a file that ends in .png, .npy or .csv, found {}", path.display()),
        };
        ensure!(force || !path.exists(), "{} exists; replace it by --force", path.display());
        Ok(Self { path: path.to_owned(), format })
    }

    /// Write the samples; in a scatter plot, `real` points stand beside them.
    pub(crate) fn write(&self, samples: &Samples, real: &[[f32; 2]]) -> anyhow::Result<()> {
        let bytes = match self.format {
            Format::Png => draw_samples(samples, real, &format!("{} samples", samples.len())),
            Format::Npy => npy(samples)?,
            Format::Csv => csv(samples)?,
        };
        replace_file(&self.path, &bytes)?;
        writeln!(std::io::stdout(), "{}", self.path.display())?;
        Ok(())
    }
}

/// An array of shape `[samples, ..]` in single precision.
fn npy(samples: &Samples) -> anyhow::Result<Vec<u8>> {
    let shape = std::iter::once(samples.len()).chain(samples.shape.iter().copied());
    let shape: Vec<u64> = shape.map(|length| length as u64).collect();
    let mut bytes = Vec::new();
    let mut writer =
        npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd()?;
    writer.extend(samples.values.iter().copied())?;
    writer.finish().context("cannot write the array")?;
    Ok(bytes)
}

/// A sample a line, its values in row-major order.
fn csv(samples: &Samples) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for sample in samples.values.chunks_exact(samples.shape.iter().product::<usize>().max(1)) {
        writer.write_record(sample.iter().map(f32::to_string))?;
    }
    Ok(writer.into_inner()?)
}
