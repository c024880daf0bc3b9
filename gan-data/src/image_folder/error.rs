//! What can be wrong with a folder of images.

use std::path::{Path, PathBuf};

use super::{BrokenImage, seen_from};
use crate::text::shortened;

/// Why the images of a folder are no data set;
/// [`DataError::Images`](crate::DataError::Images) holds it.
///
/// A folder that cannot be listed, or has nothing in it, is a general variant of
/// [`DataError`](crate::DataError).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageFolderError {
    /// A folder has files, but no images.
    #[error(
        "{} holds no images, expected {expected}; passed over: {passed_over}",
        path.display()
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
        /// What should be in it.
        expected: &'static str,
        /// What is in it, by kind.
        passed_over: String,
    },

    /// A folder has images beside sub-folders with images, so their labels are unclear.
    #[error(
        "expected images in {} or in its sub-folders, found both {image:?} and {sub_folder:?}; \
        data.classes chooses sub-folders",
        path.display()
    )]
    Mixed {
        /// The folder.
        path: PathBuf,
        /// An image directly in it.
        image: String,
        /// A sub-folder with images.
        sub_folder: String,
    },

    /// The only classes of a folder would be the parts of a split data set, or one folder between.
    #[error(
        "{} has no images directly below, found {example} {levels}; name one folder by \
        data.dir={}, or take {names} as classes by data.classes",
        path.display(), suggestion.display()
    )]
    NotClasses {
        /// The folder.
        path: PathBuf,
        /// The first image, seen from the folder.
        example: String,
        /// How deep the first image is: `two levels down`.
        levels: String,
        /// The folder that was probably meant.
        suggestion: PathBuf,
        /// The sub-folders with images.
        names: String,
    },

    /// A class was chosen that is no sub-folder with images.
    #[error("{} has no class {found:?}{nearest}; it has {available}", path.display())]
    UnknownClass {
        /// The folder.
        path: PathBuf,
        /// The name that was asked for.
        found: String,
        /// `, did you mean "cats"?`, or nothing.
        nearest: String,
        /// The classes there are.
        available: String,
    },

    /// A class was chosen twice.
    #[error("data.classes names {found:?} twice, expected each class once")]
    ClassTwice {
        /// The name.
        found: String,
    },

    /// Images of a folder cannot be read: all of them in one list.
    #[error("{}", broken_message(path, files, *n_images))]
    Broken {
        /// The folder.
        path: PathBuf,
        /// Every image that cannot be read, in the order of the samples.
        files: Vec<BrokenImage>,
        /// Images of the folder, the broken ones included.
        n_images: usize,
    },

    /// The images of a folder do not fit in memory at the size asked for.
    #[error(
        "{n_images} images of {} at {side}x{side} pixels take {} of memory, {}; \
        a smaller data.size needs less",
        path.display(), shown_bytes(*bytes as f64), shown_free(*free)
    )]
    TooLarge {
        /// The folder.
        path: PathBuf,
        /// Images of the folder.
        n_images: usize,
        /// Rows, and columns, of an image.
        side: usize,
        /// What they take together; the largest number where that is more.
        bytes: u64,
        /// What is free, if the system tells.
        free: Option<u64>,
    },
}

fn shown_free(free: Option<u64>) -> String {
    match free {
        Some(free) => format!("expected at most the {} that are free", shown_bytes(free as f64)),
        None => "which the system does not give".to_owned(),
    }
}

/// `3.2 GiB`, or in MiB what is less than one.
fn shown_bytes(bytes: f64) -> String {
    let mebibytes = bytes / f64::from(1 << 20);
    match mebibytes < 1024.0 {
        true => format!("{mebibytes:.1} MiB"),
        false => format!("{:.1} GiB", mebibytes / 1024.0),
    }
}

/// Of the broken images in a message, these many are named.
const NAMED_BROKEN: usize = 5;

/// The message of [`ImageFolderError::Broken`].
fn broken_message(folder: &Path, files: &[BrokenImage], n_images: usize) -> String {
    let named = files.iter().take(NAMED_BROKEN).map(|broken| {
        let name = seen_from(folder, &broken.path).display().to_string();
        format!("{} ({})", shortened(&name), broken.reason)
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let rest = match files.len().saturating_sub(NAMED_BROKEN) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    let (folder, n_broken) = (folder.display(), files.len());
    if n_broken == n_images {
        return format!("none of the {n_images} images of {folder} can be read: {named}{rest}");
    }
    format!(
        "{n_broken} of {n_images} images of {folder} cannot be read: {named}{rest}; \
        data.skip_broken=true passes them over"
    )
}
