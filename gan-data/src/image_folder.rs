//! A user's own images.

mod error;
mod framing;
mod listing;
mod loaded;
mod picture;
mod survey;
mod triangle;

use std::path::Path;

pub use error::ImageFolderError;
pub use picture::{BrokenImage, MAX_IMAGE_BYTES};
pub use survey::{FormatCount, ImageSurvey, SizeCount};

use crate::images::Images;
use crate::inventory::PassedOverTally;
use crate::sample_set::samples_in_field;
use crate::{ClassCount, DataError, Inventory, PassedOver, SampleSet};
use listing::{Listed, Listing};
use loaded::Loaded;
use picture::Target;

pub(crate) use listing::first_image;

/// The largest side, in pixels, to which the images of a folder are brought.
pub const MAX_SIDE: usize = 4096;

/// The channels of the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// One channel: luma of ITU-R BT.709.
    Gray,
    /// Red, green and blue, in this order.
    #[default]
    Rgb,
}

impl Color {
    /// Channels of an image.
    pub fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
        }
    }
}

/// How a folder of images is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFolderConfig {
    /// Rows, and columns, of every image once it is resized: 1 to [`MAX_SIDE`].
    pub side: usize,
    /// The channels.
    pub color: Color,
    /// The sub-folders that are classes, in the order of their labels; all of them in natural
    /// order if this is empty.
    pub classes: Vec<String>,
    /// Whether images that cannot be read are passed over and counted rather than an error.
    pub skip_broken: bool,
}

impl Default for ImageFolderConfig {
    fn default() -> Self {
        Self { side: 32, color: Color::Rgb, classes: Vec::new(), skip_broken: false }
    }
}

/// How far the reading of a folder has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImagesRead {
    /// Images read so far, sound or broken.
    pub read: usize,
    /// Images of the folder.
    pub n_images: usize,
}

/// The images of a folder, all brought to one square size.
///
/// Read are PNG, JPEG, WebP, GIF, BMP, TIFF, QOI and PNM files (`.png`, `.jpg`, `.jpeg`, `.jpe`,
/// `.jfif`, `.webp`, `.gif`, `.bmp`, `.tif`, `.tiff`, `.qoi`, `.pbm`, `.pgm`, `.ppm`, in any case);
/// which of these formats a file has is decided by its content. Other files, hidden ones and what
/// is no file are passed over and counted in the [`Inventory`].
///
/// Images directly in the folder have no labels. Images in sub-folders are labeled by them: a class
/// is everything below a sub-folder, at any depth. Classes are in natural order ("2" before "10")
/// unless [`ImageFolderConfig::classes`] chooses them; samples are sorted by class, then by path.
/// Symbolic links are followed; a folder is entered once a class. Parts of a split data set
/// (`train`, `test`, `val`) or a single folder between are no classes unless they are chosen.
///
/// An image is rotated by its EXIF orientation, cropped to the square in its middle and
/// resized with a triangle filter, which is bilinear when enlarging and averages when shrinking.
/// Levels are rounded to bytes (16 bits to 8) and held so in memory, all images at once: samples ×
/// channels × side² bytes, which are refused before anything is decoded if fewer are free. A
/// transparent pixel has the color that is stored under it. Of an animated file the first frame is
/// read, of a file with several pages the first. A batch sees `level / 127.5 − 1`, in `[−1, 1]`,
/// of shape `[channels, side, side]`.
#[derive(Clone, Debug)]
pub struct ImageFolder {
    images: Images,
    class_names: Vec<String>,
    /// The path of each image in the folder.
    names: Vec<String>,
    passed_over: Vec<PassedOver>,
    remarks: Vec<String>,
}

samples_in_field!(ImageFolder, images, |set| set.inventory_with_names(), |set, index| {
    set.names.get(index).cloned()
});

impl ImageFolderConfig {
    /// Read all images of a folder, on all cores.
    ///
    /// # Errors
    /// [`DataError::Images`] when the folder has no images, other classes than those chosen, unclear
    /// ones, or more images than fit in memory; its [`ImageFolderError::Broken`] lists every image
    /// that cannot be read, unless `skip_broken` is set and some can. [`DataError::Folder`],
    /// [`DataError::Empty`], and [`DataError::Parameter`] when `side` is out of range.
    pub fn open(&self, folder: impl AsRef<Path>) -> Result<ImageFolder, DataError> {
        self.open_watched(folder, &|_| {})
    }

    /// [`open`](Self::open), and tell `watch` how far it has come: after every few images, from any of
    /// the threads that read.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_watched(
        &self,
        folder: impl AsRef<Path>,
        watch: &(dyn Fn(ImagesRead) + Sync),
    ) -> Result<ImageFolder, DataError> {
        let (folder, side) = (folder.as_ref(), self.side);
        if !(1..=MAX_SIDE).contains(&side) {
            let (name, expected) = ("side", "at least 1 and at most 4096");
            return Err(DataError::Parameter { name, expected, found: side as f64 });
        }
        let mut listing = Listing::of(folder, &self.classes)?;
        let target = Target { side, color: self.color };
        let loaded = Loaded::of(folder, &listing.images, target, watch)?;
        let n_images = listing.images.len();
        if !loaded.broken.is_empty() && (!self.skip_broken || loaded.broken.len() == n_images) {
            let (path, files) = (folder.into(), loaded.broken);
            return Err(ImageFolderError::Broken { path, files, n_images }.into());
        }
        for broken in &loaded.broken {
            listing.passed_over.add("damaged", seen_from(folder, &broken.path));
        }
        let shape = [self.color.channels(), side, side];
        let n_classes = listing.class_names.len();
        let name =
            |&index: &usize| seen_from(folder, &listing.images[index].path).display().to_string();
        Ok(ImageFolder {
            names: loaded.indices.iter().map(name).collect(),
            remarks: loaded.remarks(target, listing.folders_without_images),
            images: Images::new(shape, loaded.levels, loaded.labels, n_classes),
            class_names: listing.class_names,
            passed_over: listing.passed_over.into_list(),
        })
    }
}

impl ImageFolderConfig {
    /// The headers of the same images, without decoding them: sizes, formats, colors.
    ///
    /// # Errors
    /// As [`open`](Self::open), but broken images are listed in the survey.
    pub fn survey(&self, folder: impl AsRef<Path>) -> Result<ImageSurvey, DataError> {
        self.survey_watched(folder, &|_| {})
    }

    /// [`survey`](Self::survey), and tell `watch` how far it has come, as
    /// [`open_watched`](Self::open_watched) does.
    ///
    /// # Errors
    /// As [`survey`](Self::survey).
    pub fn survey_watched(
        &self,
        folder: impl AsRef<Path>,
        watch: &(dyn Fn(ImagesRead) + Sync),
    ) -> Result<ImageSurvey, DataError> {
        ImageSurvey::of(folder.as_ref(), &self.classes, watch)
    }
}

impl ImageFolder {
    /// Read all images of a folder, on all cores; see [`ImageFolderConfig`] for more choices.
    ///
    /// # Errors
    /// As [`ImageFolderConfig::open`].
    pub fn open(folder: impl AsRef<Path>, side: usize, color: Color) -> Result<Self, DataError> {
        ImageFolderConfig { side, color, ..ImageFolderConfig::default() }.open(folder)
    }

    /// The headers of a folder's images, without decoding them: sizes, formats, colors.
    ///
    /// # Errors
    /// As [`ImageFolderConfig::open`], but broken images are listed in the survey.
    pub fn survey(folder: impl AsRef<Path>) -> Result<ImageSurvey, DataError> {
        ImageFolderConfig::default().survey(folder)
    }

    /// The names of the sub-folders; the position is the label. Empty if there are no labels.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    fn inventory_with_names(&self) -> Inventory {
        let mut inventory = self.images.inventory();
        for (class, name) in inventory.classes.iter_mut().zip(&self.class_names) {
            class.name.clone_from(name);
        }
        let (passed_over, remarks) = (self.passed_over.clone(), self.remarks.clone());
        Inventory { passed_over, remarks, ..inventory }
    }
}

/// A path below the folder, without the folder.
fn seen_from<'a>(folder: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(folder).unwrap_or(path)
}

/// All kinds with their counts, for a message.
fn kinds(tally: PassedOverTally) -> String {
    let kinds: Vec<String> = tally.into_list().iter().map(PassedOver::to_string).collect();
    kinds.join(", ")
}

/// The classes with the number of their images.
fn class_counts(class_names: &[String], images: &[Listed]) -> Vec<ClassCount> {
    let mut counts: Vec<ClassCount> =
        class_names.iter().map(|name| ClassCount { name: name.clone(), samples: 0 }).collect();
    for image in images {
        if let Some(count) = counts.get_mut(image.class as usize) {
            count.samples += 1;
        }
    }
    counts
}
