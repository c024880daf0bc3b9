//! A user's own images.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, ImageResult};

use crate::DataError;
use crate::images::Images;
use crate::sample_set::samples_in_field;

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

/// The PNG and JPEG images of a folder, all brought to one square size.
///
/// Files count as images by their extension: `png`, `jpg` or `jpeg` in any case; others and
/// hidden ones are passed over. Images directly in the folder have no labels. Images in
/// sub-folders are labeled by them: the sub-folders with images, sorted by name, are classes 0,
/// 1, … and deeper folders are not entered. Samples are sorted by class, then by file name.
///
/// An image is turned as its EXIF orientation says, cropped to the square in its middle and
/// resized with a triangle filter, which is bilinear when enlarging and averages when shrinking.
/// Levels are then rounded to bytes and held so in memory, all images at once; transparency is
/// dropped. A batch sees `level / 127.5 − 1`, in `[−1, 1]`, of shape `[channels, side, side]`.
#[derive(Clone, Debug)]
pub struct ImageFolder {
    images: Images,
    class_names: Vec<String>,
}

samples_in_field!(ImageFolder, images);

impl ImageFolder {
    /// Read all images of a folder, on all cores.
    ///
    /// # Errors
    /// [`DataError::Image`] names the first image that cannot be decoded; [`DataError::Folder`],
    /// [`DataError::Empty`], [`DataError::MixedFolder`], [`DataError::Read`], and
    /// [`DataError::Parameter`] when `side` is 0.
    pub fn open(folder: impl AsRef<Path>, side: usize, color: Color) -> Result<Self, DataError> {
        DataError::check_at_least_one("side", side)?;
        let listing = Listing::of(folder.as_ref())?;
        let (paths, labels): (Vec<PathBuf>, Vec<u32>) = listing.images.into_iter().unzip();
        let levels = load_all(&paths, side, color)?;
        let shape = [color.channels(), side, side];
        let images = Images::new(shape, levels, labels, listing.class_names.len());
        Ok(Self { images, class_names: listing.class_names })
    }

    /// The names of the sub-folders; the position is the label. Empty if there are no labels.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }
}

/// Which images there are, in order, with the class of each (0 where there are none).
struct Listing {
    images: Vec<(PathBuf, u32)>,
    class_names: Vec<String>,
}

impl Listing {
    fn of(folder: &Path) -> Result<Self, DataError> {
        let own = Entries::of(folder)?;
        let mut classes = BTreeMap::new();
        for sub_folder in own.folders {
            let images = Entries::of(&folder.join(&sub_folder))?.images;
            if !images.is_empty() {
                classes.insert(sub_folder, images);
            }
        }
        match (own.images.first(), classes.keys().next()) {
            (None, None) => {
                let expected = "PNG or JPEG images, or sub-folders of them";
                Err(DataError::Empty { path: folder.into(), expected })
            }
            (Some(image), Some(sub_folder)) => Err(DataError::MixedFolder {
                path: folder.into(),
                image: image.display().to_string(),
                sub_folder: sub_folder.display().to_string(),
            }),
            (Some(_), None) => {
                let images = own.images.iter().map(|name| (folder.join(name), 0)).collect();
                Ok(Self { images, class_names: Vec::new() })
            }
            (None, Some(_)) => Ok(Self::of_classes(folder, classes)),
        }
    }

    fn of_classes(folder: &Path, classes: BTreeMap<OsString, Vec<OsString>>) -> Self {
        let mut images = Vec::new();
        for (class, (sub_folder, names)) in classes.iter().enumerate() {
            let path = folder.join(sub_folder);
            images.extend(names.iter().map(|name| (path.join(name), class as u32)));
        }
        let class_names = classes.into_keys().map(|name| name.display().to_string()).collect();
        Self { images, class_names }
    }
}

/// The names of the images and of the folders in a folder, sorted.
struct Entries {
    images: Vec<OsString>,
    folders: Vec<OsString>,
}

impl Entries {
    fn of(folder: &Path) -> Result<Self, DataError> {
        let folder_error = |source| DataError::Folder { path: folder.into(), source };
        let mut entries = Self { images: Vec::new(), folders: Vec::new() };
        for entry in fs::read_dir(folder).map_err(folder_error)? {
            let entry = entry.map_err(folder_error)?;
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            // Not the entry's own type, so that links are followed.
            if entry.path().is_dir() {
                entries.folders.push(name);
            } else if is_image(&name) {
                entries.images.push(name);
            }
        }
        entries.images.sort_unstable();
        entries.folders.sort_unstable();
        Ok(entries)
    }
}

fn is_image(name: &OsStr) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default();
    ["png", "jpg", "jpeg"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The levels of all images in the order of the paths; of several broken ones the first is named.
fn load_all(paths: &[PathBuf], side: usize, color: Color) -> Result<Vec<u8>, DataError> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    let load_some = |paths: &[PathBuf]| -> Result<Vec<u8>, DataError> {
        let mut levels = Vec::with_capacity(paths.len() * color.channels() * side * side);
        for path in paths {
            levels.extend(load(path, side, color)?);
        }
        Ok(levels)
    };
    thread::scope(|scope| {
        let chunks = paths.chunks(paths.len().div_ceil(n_threads).max(1));
        let threads: Vec<_> = chunks.map(|paths| scope.spawn(move || load_some(paths))).collect();
        let mut levels = Vec::with_capacity(paths.len() * color.channels() * side * side);
        for thread in threads {
            let part = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            levels.extend(part?);
        }
        Ok(levels)
    })
}

/// The levels of one image, channel by channel.
fn load(path: &Path, side: usize, color: Color) -> Result<Vec<u8>, DataError> {
    let reader = ImageReader::open(path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(|source| DataError::Read { path: path.into(), source })?;
    let decoded = || -> ImageResult<DynamicImage> {
        let mut decoder = reader.into_decoder()?;
        let orientation = decoder.orientation()?;
        let mut image = DynamicImage::from_decoder(decoder)?;
        image.apply_orientation(orientation);
        Ok(image)
    };
    let image = decoded().map_err(|source| DataError::Image { path: path.into(), source })?;
    Ok(square(&image, side, color))
}

/// The middle square of an image, resized.
fn square(image: &DynamicImage, side: usize, color: Color) -> Vec<u8> {
    let (width, height, side) = (image.width(), image.height(), side as u32);
    let short = width.min(height);
    let middle = image.crop_imm((width - short) / 2, (height - short) / 2, short, short);
    match color {
        Color::Gray => {
            let gray = DynamicImage::from(middle.to_luma8());
            gray.resize_exact(side, side, FilterType::Triangle).into_luma8().into_raw()
        }
        Color::Rgb => {
            let rgb = DynamicImage::from(middle.to_rgb8());
            let rgb = rgb.resize_exact(side, side, FilterType::Triangle).into_rgb8();
            (0..3).flat_map(|channel| rgb.pixels().map(move |pixel| pixel[channel])).collect()
        }
    }
}
