//! A user's own images.

mod error;
mod framing;
mod listing;
mod picture;
mod survey;

use std::num::NonZero;
use std::path::Path;
use std::thread;

pub use error::ImageFolderError;
pub use picture::{BrokenImage, MAX_IMAGE_BYTES};
pub use survey::{FormatCount, ImageSurvey, SizeCount};

use crate::images::Images;
use crate::inventory::PassedOverTally;
use crate::parts::in_parts;
use crate::sample_set::samples_in_field;
use crate::text::shortened;
use crate::{ClassCount, DataError, Inventory, PassedOver, SampleSet};
use listing::{Listed, Listing};
use picture::{Picture, Target};

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
/// Levels are rounded to bytes (16 bits to 8) and held so in memory, all images at once. A
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
    /// ones, or too many images for the memory; its [`ImageFolderError::Broken`] lists every image
    /// that cannot be read, unless `skip_broken` is set and some can. [`DataError::Folder`],
    /// [`DataError::Empty`], and [`DataError::Parameter`] when `side` is out of range.
    pub fn open(&self, folder: impl AsRef<Path>) -> Result<ImageFolder, DataError> {
        let (folder, side) = (folder.as_ref(), self.side);
        if !(1..=MAX_SIDE).contains(&side) {
            let (name, expected) = ("side", "at least 1 and at most 4096");
            return Err(DataError::Parameter { name, expected, found: side as f64 });
        }
        let mut listing = Listing::of(folder, &self.classes)?;
        let target = Target { side, color: self.color };
        let loaded = Loaded::of(folder, &listing.images, target)?;
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
        let is_broken =
            |image: &&Listed| loaded.broken.iter().any(|broken| broken.path == image.path);
        let name = |image: &Listed| seen_from(folder, &image.path).display().to_string();
        Ok(ImageFolder {
            names: listing.images.iter().filter(|image| !is_broken(image)).map(name).collect(),
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
        ImageSurvey::of(folder.as_ref(), &self.classes)
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

/// All images of a folder that could be read, and the others.
struct Loaded {
    levels: Vec<u8>,
    /// The class of each image that could be read.
    labels: Vec<u32>,
    pictures: Vec<Picture>,
    broken: Vec<BrokenImage>,
}

impl Loaded {
    fn of(folder: &Path, images: &[Listed], target: Target) -> Result<Self, ImageFolderError> {
        let too_large = || {
            let (path, n_images, side) = (folder.into(), images.len(), target.side);
            ImageFolderError::TooLarge { path, n_images, side }
        };
        let n_bytes = target.n_bytes();
        let total = images.len().checked_mul(n_bytes).ok_or_else(too_large)?;
        let mut levels = Vec::new();
        levels.try_reserve_exact(total).map_err(|_| too_large())?;
        levels.resize(total, 0);
        let results = load_all(images, &mut levels, target);
        let mut loaded =
            Self { levels, labels: Vec::new(), pictures: Vec::new(), broken: Vec::new() };
        for (index, (image, result)) in images.iter().zip(results).enumerate() {
            match result {
                Ok(picture) => {
                    let start = index * n_bytes;
                    let kept = loaded.labels.len() * n_bytes;
                    loaded.levels.copy_within(start..start + n_bytes, kept);
                    loaded.labels.push(image.class);
                    loaded.pictures.push(picture);
                }
                Err(reason) => {
                    let path = image.path.clone();
                    loaded.broken.push(BrokenImage { path, reason: shortened(&reason) });
                }
            }
        }
        loaded.levels.truncate(loaded.labels.len() * n_bytes);
        Ok(loaded)
    }

    /// What was done to the images, a phrase each.
    fn remarks(&self, target: Target, folders_without_images: usize) -> Vec<String> {
        let Target { side, color } = target;
        let mut sizes: Vec<(u32, u32)> = self.pictures.iter().map(|picture| picture.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let mut remarks = Vec::new();
        match sizes.as_slice() {
            [(width, height)] if [*width, *height] == [side as u32; 2] => {}
            [(width, height)] if width == height => {
                remarks.push(format!("resized from {width}x{height}"));
            }
            [(width, height)] => remarks.push(format!("cropped and resized from {width}x{height}")),
            sizes => remarks.push(format!("cropped and resized from {} sizes", sizes.len())),
        }
        let several = self.pictures.iter().filter(|picture| picture.several).count();
        if several > 0 {
            remarks.push(format!("first frame of {}", counted(several, "animated file")));
        }
        let colored = self.pictures.iter().filter(|picture| picture.colored).count();
        if colored > 0 && color == Color::Gray {
            remarks.push(format!("{} read as gray", counted(colored, "color image")));
        }
        if folders_without_images > 0 {
            remarks.push(counted(folders_without_images, "sub-folder") + " without images");
        }
        remarks
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Load every image into its place of `levels`, on all cores; the results are in order.
fn load_all(images: &[Listed], levels: &mut [u8], target: Target) -> Vec<Result<Picture, String>> {
    let n_bytes = target.n_bytes();
    let load_some = move |(images, levels): (&[Listed], &mut [u8])| -> Vec<_> {
        let places = levels.chunks_exact_mut(n_bytes);
        images.iter().zip(places).map(|(image, out)| picture::load(image, target, out)).collect()
    };
    let share = images_per_thread(images.len());
    let parts = images.chunks(share).zip(levels.chunks_mut(share * n_bytes));
    in_parts(parts, load_some).into_iter().flatten().collect()
}

fn images_per_thread(n_images: usize) -> usize {
    n_images.div_ceil(thread::available_parallelism().map_or(1, NonZero::get)).max(1)
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
