//! Samples as numbers: arrays of NumPy and text.

use std::io::{self, Seek, SeekFrom, Write};
use std::iter;

use anyhow::{Context as _, ensure};
use gan_data::NpyHeader;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Contents, Make};
use gan_plot::intensity;

/// An entry of an archive that may become longer needs fields of 64 bits.
const LONGEST_ENTRY: u128 = u32::MAX as u128 - 4_096;

/// An array of shape `[samples, ..]` in single precision.
pub(super) fn write_npy(
    file: &mut impl Write,
    contents: &Contents,
    make: Make<'_>,
) -> anyhow::Result<()> {
    write_header(file, contents, "<f4", &contents.shape)?;
    make(&mut |values, _| write_singles(file, values))?;
    Ok(file.flush()?)
}

/// An archive with `arr_0`, and `arr_1` if the samples have labels.
///
/// Images are levels from 0 to 255, as in a PNG, of shape `[samples, height, width, channels]`: what
/// is read by programs that compute an FID. Points are as in [`write_npy`].
pub(super) fn write_npz(
    file: &mut (impl Write + Seek),
    contents: &Contents,
    make: Make<'_>,
) -> anyhow::Result<()> {
    let mut archive = ZipWriter::new(Target { file, position: 0, has_failed: false });
    let bytes_of_value = if contents.image().is_some() { 1 } else { 4 };
    let bytes = contents.count() * contents.values() as u128 * bytes_of_value;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        // The same samples are the same bytes at any time.
        .last_modified_time(DateTime::default())
        .large_file(bytes > LONGEST_ENTRY);
    archive.start_file("arr_0.npy", options)?;
    let labels = match contents.image() {
        Some(shape) => write_levels(&mut archive, contents, shape, make)?,
        None => write_values(&mut archive, contents, make)?,
    };
    if contents.classes.len() > 0 {
        archive.start_file("arr_1.npy", options)?;
        write_header(&mut archive, contents, "<i8", &[])?;
        let labels: Vec<u8> = labels.into_iter().flat_map(i64::to_le_bytes).collect();
        archive.write_all(&labels)?;
    }
    archive.finish()?;
    Ok(())
}

/// The levels of images, channels last; returns the labels.
fn write_levels(
    file: &mut impl Write,
    contents: &Contents,
    [channels, height, width]: [usize; 3],
    make: Make<'_>,
) -> anyhow::Result<Vec<i64>> {
    let area = height * width;
    write_header(file, contents, "|u1", &[height, width, channels])?;
    let (mut labels, mut n_written) = (Vec::new(), 0_u64);
    make(&mut |image, label| {
        ensure!(
            image.iter().all(|value| value.is_finite()),
            "sample {n_written} has a value that is not finite, for which .npz has no level; .npy \
             keeps it"
        );
        let pixel = |at: usize| (0..channels).map(move |channel| image[channel * area + at]);
        file.write_all(&(0..area).flat_map(pixel).map(intensity).collect::<Vec<u8>>())?;
        labels.extend(label.map(|label| label as i64));
        n_written += 1;
        Ok(())
    })?;
    Ok(labels)
}

/// Values as they are; returns the labels.
fn write_values(
    file: &mut impl Write,
    contents: &Contents,
    make: Make<'_>,
) -> anyhow::Result<Vec<i64>> {
    write_header(file, contents, "<f4", &contents.shape)?;
    let mut labels = Vec::new();
    make(&mut |values, label| {
        labels.extend(label.map(|label| label as i64));
        write_singles(file, values)
    })?;
    Ok(labels)
}

/// The header of an array with an entry of this shape for each of the samples.
fn write_header(
    file: &mut impl Write,
    contents: &Contents,
    descr: &str,
    shape_of_entry: &[usize],
) -> anyhow::Result<()> {
    let count = u64::try_from(contents.count()).context("too many samples")?;
    let entry = shape_of_entry.iter().map(|&length| length as u64);
    let shape = iter::once(count).chain(entry).collect();
    Ok(NpyHeader { descr: descr.to_owned(), shape }.write(file)?)
}

fn write_singles(file: &mut impl Write, values: &[f32]) -> anyhow::Result<()> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Ok(file.write_all(&bytes)?)
}

/// A sample a line, its values in row-major order.
pub(super) fn write_csv(file: &mut impl Write, make: Make<'_>) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    make(&mut |values, _| Ok(writer.write_record(values.iter().map(f32::to_string))?))?;
    Ok(writer.flush()?)
}

/// What an archive is written to.
///
/// A `ZipWriter` that is dropped after a failure tries to complete the archive and complains on
/// standard error that it cannot. Here only the first failure is one: what comes after it goes
/// nowhere.
struct Target<'a, W> {
    file: &'a mut W,
    position: u64,
    has_failed: bool,
}

impl<W: Write> Write for Target<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self.has_failed {
            true => Ok(bytes.len()),
            false => self.file.write(bytes),
        };
        self.has_failed |= written.as_ref().is_err_and(is_final);
        self.position += *written.as_ref().unwrap_or(&0) as u64;
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = if self.has_failed { Ok(()) } else { self.file.flush() };
        self.has_failed |= flushed.as_ref().is_err_and(is_final);
        flushed
    }
}

impl<W: Seek> Seek for Target<'_, W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let sought = match (self.has_failed, to) {
            (false, _) => self.file.seek(to),
            (true, SeekFrom::Start(position)) => Ok(position),
            (true, SeekFrom::Current(by)) => Ok(self.position.saturating_add_signed(by)),
            (true, SeekFrom::End(_)) => Ok(self.position),
        };
        self.has_failed |= sought.as_ref().is_err_and(is_final);
        self.position = *sought.as_ref().unwrap_or(&self.position);
        sought
    }
}

fn is_final(error: &io::Error) -> bool {
    error.kind() != io::ErrorKind::Interrupted
}
