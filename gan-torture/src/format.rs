//! The formats: a file each, with valid inputs, damage that knows the format, and the reader.

mod checkpoint;
mod configuration;
mod csv;
mod idx;
mod images;
mod jpeg;
mod metrics;
mod npy;
mod npz;
mod numbers;
mod planted;
mod png;
mod raster;
mod state_dict;
mod zip;

use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::draw::Draw;
use crate::input::Input;
use crate::oracle::Reading;

/// A format that the workspace reads.
#[derive(Debug)]
pub(crate) struct Format {
    /// Its name on the command line and in reports.
    pub(crate) name: &'static str,
    /// Valid inputs.
    pub(crate) seeds: fn() -> Vec<Input>,
    /// One change that knows the format.
    pub(crate) mutate: fn(&mut Input, &mut Draw),
    /// The same in another spelling, which must read equal; `None` where the input has no other.
    pub(crate) respell: fn(&Input, &mut Draw) -> Option<Input>,
    /// Read what is in the folder as the program would.
    pub(crate) read: fn(&Path) -> anyhow::Result<Reading>,
}

/// Every format that is read.
pub(crate) const ALL: &[Format] = &[
    csv::FORMAT,
    npy::FORMAT,
    npz::FORMAT,
    idx::PLAIN,
    idx::COMPRESSED,
    png::FORMAT,
    jpeg::FORMAT,
    raster::WEBP,
    raster::GIF,
    raster::BMP,
    raster::TIFF,
    raster::QOI,
    raster::PNM,
    images::FOLDER,
    configuration::FILE,
    configuration::SETTINGS,
    numbers::FORMAT,
    metrics::FORMAT,
    checkpoint::FORMAT,
    state_dict::SAFETENSORS,
    state_dict::PTH,
];

/// The format of that name; the planted faults are among them but not in [`ALL`].
///
/// # Errors
/// There is none; the message has the names that there are.
pub(crate) fn called(name: &str) -> anyhow::Result<&'static Format> {
    let mut known = ALL.iter().chain(planted::ALL);
    known.find(|format| format.name == name).with_context(|| {
        let names: Vec<&str> = ALL.iter().map(|format| format.name).collect();
        format!("no format is called `{name}`; there are: {}", names.join(", "))
    })
}

/// For formats in which nothing can be spelled otherwise.
fn no_other_spelling(_: &Input, _: &mut Draw) -> Option<Input> {
    None
}

/// Values that must be finite.
fn of_values(values: &[f32]) -> Reading {
    let mut reading = Reading::of(format!("{values:?}"));
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        reading.faults.push(format!("a value is {value}"));
    }
    reading
}

/// What a set of samples was read as; numbers that do not fit together are an error of the reader,
/// not of the file, and are noted as such.
fn of_set<S: gan_data::SampleSet + ?Sized>(set: &S) -> Reading {
    let mut reading = Reading::of(set.fingerprint().to_string());
    if let Err(error) = check_set(set) {
        reading.faults.push(format!("{error:#}"));
    }
    reading.lines.push(set.inventory().to_string());
    reading
}

fn check_set<S: gan_data::SampleSet + ?Sized>(set: &S) -> anyhow::Result<()> {
    let inventory = set.inventory();
    let (n_samples, n_values) = (set.len(), set.shape().iter().product::<usize>());
    ensure!(n_samples > 0 && n_values > 0, "an accepted set has no values");
    ensure!(inventory.samples == n_samples, "{} samples counted of {n_samples}", inventory.samples);
    ensure!(inventory.shape == set.shape(), "the inventory has another shape");
    let counted: usize = inventory.classes.iter().map(|class| class.samples).sum();
    let n_classes = set.classes();
    ensure!(inventory.classes.len() == n_classes, "the inventory has other classes");
    ensure!(n_classes == 0 || counted == n_samples, "{counted} of {n_samples} samples in classes");
    let mut values = vec![0.0; n_values];
    for index in 0..n_samples {
        set.write_values(index, &mut values);
        let are_finite = values.iter().all(|value: &f32| value.is_finite());
        ensure!(are_finite, "sample {index} has a value that is not finite");
        let label = set.label(index);
        let has_class = label.map_or(n_classes == 0, |label| label < n_classes);
        ensure!(has_class, "sample {index} has the label {label:?} of {n_classes} classes");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
