//! A survey of the headers of a folder's images.

use std::collections::BTreeMap;
use std::path::Path;

use image::ImageFormat;

use super::listing::{Listed, Listing};
use super::loaded::{TAKEN_AT_ONCE, Tally};
use super::{BrokenImage, ImagesRead, class_counts, picture};
use crate::parts::in_turns;
use crate::text::shortened;
use crate::{ClassCount, DataError, PassedOver};

/// The images of a folder as their headers describe them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSurvey {
    /// Images whose header could be read.
    pub images: usize,
    /// The classes in the order of their labels; empty where there are none.
    pub classes: Vec<ClassCount>,
    /// The sizes, most frequent first; as EXIF turns them.
    pub sizes: Vec<SizeCount>,
    /// The formats by content, most frequent first.
    pub formats: Vec<FormatCount>,
    /// Images that are gray by their header. Colored formats may hold gray images as well.
    pub gray: usize,
    /// Images whose header cannot be read.
    pub broken: Vec<BrokenImage>,
    /// What is no image, most frequent kind first.
    pub passed_over: Vec<PassedOver>,
}

/// A size and how many images have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeCount {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Images of this size.
    pub images: usize,
}

/// A format and how many images have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatCount {
    /// The name: `PNG`, `JPEG`, ….
    pub name: &'static str,
    /// Images of this format.
    pub images: usize,
}

impl ImageSurvey {
    pub(super) fn of(
        folder: &Path,
        classes: &[String],
        watch: &(dyn Fn(ImagesRead) + Sync),
    ) -> Result<Self, DataError> {
        let listing = Listing::of(folder, classes)?;
        let tally = Tally::of(listing.images.len(), watch);
        let read_some = |images: &[Listed]| -> Vec<_> {
            let headers = images.iter().map(|image| picture::header(&image.path)).collect();
            tally.add(images.len());
            headers
        };
        let headers = in_turns(listing.images.chunks(TAKEN_AT_ONCE), read_some);
        let headers = headers.into_iter().flatten();
        let (mut sizes, mut formats) = (BTreeMap::new(), BTreeMap::new());
        let (mut gray, mut broken) = (0, Vec::new());
        for (image, header) in listing.images.iter().zip(headers) {
            match header {
                Ok(header) => {
                    *sizes.entry(header.size).or_insert(0) += 1;
                    *formats.entry(format_name(header.format)).or_insert(0) += 1;
                    gray += usize::from(header.gray);
                }
                Err(reason) => {
                    let (path, reason) = (image.path.clone(), shortened(&reason));
                    broken.push(BrokenImage { path, reason });
                }
            }
        }
        let sizes = most_frequent_first(sizes).into_iter();
        let formats = most_frequent_first(formats).into_iter();
        Ok(Self {
            images: listing.images.len() - broken.len(),
            classes: class_counts(&listing.class_names, &listing.images),
            sizes: sizes
                .map(|((width, height), images)| SizeCount { width, height, images })
                .collect(),
            formats: formats.map(|(name, images)| FormatCount { name, images }).collect(),
            gray,
            broken,
            passed_over: listing.passed_over.into_list(),
        })
    }

    /// Whether all images are gray, judging by their headers.
    pub fn is_gray(&self) -> bool {
        self.images > 0 && self.gray == self.images
    }

    /// The side of the middle square that most images have; of equally frequent ones the smallest.
    pub fn commonest_side(&self) -> Option<u32> {
        let mut sides = BTreeMap::new();
        for size in &self.sizes {
            *sides.entry(size.width.min(size.height)).or_insert(0) += size.images;
        }
        most_frequent_first(sides).first().map(|&(side, _)| side)
    }
}

fn most_frequent_first<K>(counts: BTreeMap<K, usize>) -> Vec<(K, usize)> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts
}

fn format_name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Qoi => "QOI",
        ImageFormat::Pnm => "PNM",
        _ => "other",
    }
}
