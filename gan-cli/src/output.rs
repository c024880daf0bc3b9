//! Samples as files: pictures, or numbers for another program.
//!
//! Samples are written while they are made: none of the formats but a picture of points keeps them.

mod arrays;
mod images;
mod limits;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

use crate::args::LookArguments;
use crate::labels::ClassNames;
use crate::streams;
use crate::unfinished::{UnfinishedFile, ensure_free};
use gan_plot::Arrangement;

pub(crate) use limits::ensure_in_memory;

/// Where samples are to be written to, checked before any of them is made.
pub(crate) struct Output {
    path: PathBuf,
    format: Format,
    force: bool,
    look: LookArguments,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Png,
    Npy,
    Npz,
    Csv,
    /// A PNG file for each sample.
    Folder,
}

/// What is to be written: samples of one shape, in an order.
pub(crate) struct Contents {
    /// The shape of one sample.
    pub(crate) shape: Vec<usize>,
    /// How many there are and how they stand on a sheet.
    pub(crate) arrangement: Arrangement,
    /// The classes that samples have; none for those without labels.
    pub(crate) classes: ClassNames,
}

/// Is given each sample in its order, and the class that it is of.
pub(crate) type Take<'a> = dyn FnMut(&[f32], Option<usize>) -> anyhow::Result<()> + 'a;

/// Makes the samples.
pub(crate) type Make<'a> = &'a dyn Fn(&mut Take<'_>) -> anyhow::Result<()>;

impl Contents {
    /// May be more than a `usize` holds: it is what the user has requested.
    fn count(&self) -> u128 {
        match self.arrangement {
            Arrangement::Square(n) => n as u128,
            Arrangement::Groups { groups, n, .. } => groups as u128 * n as u128,
        }
    }

    /// Values of one sample.
    fn values(&self) -> usize {
        self.shape.iter().product()
    }

    /// Channels, height and width, if the samples are images.
    fn image(&self) -> Option<[usize; 3]> {
        <[usize; 3]>::try_from(self.shape.as_slice()).ok()
    }
}

impl Output {
    /// The format follows from the ending: a path that ends in a separator, or a folder, is one of
    /// a file for each sample. What exists is refused without `force`.
    pub(crate) fn new(path: &Path, force: bool, look: LookArguments) -> anyhow::Result<Self> {
        let ends_in_separator =
            path.to_string_lossy().ends_with(|end: char| std::path::is_separator(end));
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let format = match extension.as_str() {
            _ if ends_in_separator || path.is_dir() => Format::Folder,
            "png" => Format::Png,
            "npy" => Format::Npy,
            "npz" => Format::Npz,
            "csv" => Format::Csv,
            _ => bail!(
                "expected a file that ends in .png, .npy, .npz or .csv, or a folder that ends in \
                 /, found {}",
                path.display()
            ),
        };
        let is_picture = matches!(format, Format::Png | Format::Folder);
        ensure!(is_picture || look.scale.is_none(), "--scale is for pictures, not for numbers");
        ensure!(
            format == Format::Png || look.border.is_none(),
            "--border is for a sheet of samples in one .png file"
        );
        match format {
            Format::Folder => images::ensure_free_folder(path, force)?,
            _ => ensure_free(path, force)?,
        }
        Ok(Self { path: path.to_owned(), format, force, look })
    }

    /// Whether the format can hold such samples, and this many of them.
    pub(crate) fn holding(self, contents: Contents) -> anyhow::Result<Writing> {
        let is_image = contents.image().is_some();
        ensure!(
            is_image || self.format != Format::Folder,
            "a file for each sample is for images, but these are points; expected a file that ends \
             in .png, .npy, .npz or .csv, found {}",
            self.path.display()
        );
        ensure!(
            is_image || (self.look.scale.is_none() && self.look.border.is_none()),
            "--scale and --border are for images, but these samples are points"
        );
        limits::check(self.format, &contents, self.look)?;
        Ok(Writing { output: self, contents })
    }
}

/// Samples that are about to be written.
pub(crate) struct Writing {
    output: Output,
    contents: Contents,
}

impl Writing {
    /// Write what is made, whole or not at all; beside points in a picture stand `real` ones.
    pub(crate) fn write(
        &self,
        real: impl FnOnce() -> anyhow::Result<Vec<[f32; 2]>>,
        make: Make<'_>,
    ) -> anyhow::Result<()> {
        let Self { output: Output { path, format, force, look }, contents } = self;
        match (format, contents.image()) {
            (Format::Folder, Some(shape)) => {
                let scale = look.scale.map_or(1, |scale| scale as usize);
                images::write_folder(path, *force, shape, scale, &contents.classes, make)?;
            }
            _ => {
                let mut file = UnfinishedFile::create(path)?;
                match (format, contents.image()) {
                    (Format::Npz, _) => arrays::write_npz(&mut file, contents, make),
                    (Format::Npy, _) => arrays::write_npy(&mut file, contents, make),
                    (Format::Csv, _) => arrays::write_csv(&mut file, make),
                    (_, Some(shape)) => {
                        images::write_sheet(&mut file, shape, contents, *look, make)
                    }
                    _ => images::write_points(&mut file, &real()?, make),
                }
                .with_context(|| format!("cannot write {}", path.display()))?;
                file.finish()?;
            }
        }
        streams::print_path(path)?;
        Ok(())
    }
}
