//! All images of a folder, decoded on all cores into one block of memory.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::listing::Listed;
use super::picture::{self, Picture, Target};
use super::{BrokenImage, Color, ImageFolderError, ImagesRead};
use crate::memory;
use crate::parts::in_turns;
use crate::text::shortened;

/// Images that a thread takes at once: few, so that all threads end together.
pub(super) const TAKEN_AT_ONCE: usize = 16;

/// All images of a folder that could be read, and the others.
pub(super) struct Loaded {
    pub(super) levels: Vec<u8>,
    /// The class of each image that could be read.
    pub(super) labels: Vec<u32>,
    /// The place in the listing of each image that could be read.
    pub(super) indices: Vec<usize>,
    pub(super) broken: Vec<BrokenImage>,
    pictures: Vec<Picture>,
}

impl Loaded {
    pub(super) fn of(
        folder: &Path,
        images: &[Listed],
        target: Target,
        watch: &(dyn Fn(ImagesRead) + Sync),
    ) -> Result<Self, ImageFolderError> {
        let n_bytes = target.n_bytes();
        let mut levels = reserved(folder, images.len(), target)?;
        levels.resize(images.len() * n_bytes, 0);
        let results = load_all(images, &mut levels, target, watch);
        let mut loaded = Self {
            levels,
            labels: Vec::new(),
            indices: Vec::new(),
            broken: Vec::new(),
            pictures: Vec::new(),
        };
        for (index, (image, result)) in images.iter().zip(results).enumerate() {
            match result {
                Ok(picture) => {
                    let start = index * n_bytes;
                    let kept = loaded.labels.len() * n_bytes;
                    loaded.levels.copy_within(start..start + n_bytes, kept);
                    loaded.labels.push(image.class);
                    loaded.indices.push(index);
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
    pub(super) fn remarks(&self, target: Target, folders_without_images: usize) -> Vec<String> {
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

/// Memory for all levels. A system that promises more memory than it has would end the program in the
/// middle of reading, hence what is free is asked for first.
fn reserved(folder: &Path, n_images: usize, target: Target) -> Result<Vec<u8>, ImageFolderError> {
    let wanted = n_images.checked_mul(target.n_bytes());
    let free = memory::free_bytes();
    let mut levels = Vec::new();
    let fits = wanted.is_some_and(|wanted| {
        free.is_none_or(|free| wanted as u64 <= free) && levels.try_reserve_exact(wanted).is_ok()
    });
    if fits {
        return Ok(levels);
    }
    let bytes = (n_images as u64).saturating_mul(target.n_bytes() as u64);
    let (path, side) = (folder.into(), target.side);
    Err(ImageFolderError::TooLarge { path, n_images, side, bytes, free })
}

/// Load every image into its place of `levels`, on all cores; the results are in order.
fn load_all(
    images: &[Listed],
    levels: &mut [u8],
    target: Target,
    watch: &(dyn Fn(ImagesRead) + Sync),
) -> Vec<Result<Picture, String>> {
    let n_bytes = target.n_bytes();
    let tally = Tally::of(images.len(), watch);
    let load_some = |(images, levels): (&[Listed], &mut [u8])| -> Vec<_> {
        let places = images.iter().zip(levels.chunks_exact_mut(n_bytes));
        let results = places.map(|(image, out)| picture::load(image, target, out)).collect();
        tally.add(images.len());
        results
    };
    let places = levels.chunks_mut(TAKEN_AT_ONCE * n_bytes);
    let results = in_turns(images.chunks(TAKEN_AT_ONCE).zip(places), load_some);
    results.into_iter().flatten().collect()
}

/// Counts the images that threads have read.
pub(super) struct Tally<'a> {
    read: AtomicUsize,
    n_images: usize,
    watch: &'a (dyn Fn(ImagesRead) + Sync),
}

impl<'a> Tally<'a> {
    pub(super) fn of(n_images: usize, watch: &'a (dyn Fn(ImagesRead) + Sync)) -> Self {
        Self { read: AtomicUsize::new(0), n_images, watch }
    }

    /// So many more have been read.
    pub(super) fn add(&self, read: usize) {
        let read = self.read.fetch_add(read, Ordering::Relaxed) + read;
        (self.watch)(ImagesRead { read, n_images: self.n_images });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(n_images: usize) -> String {
        let target = Target { side: 4096, color: Color::Rgb };
        reserved(Path::new("faces"), n_images, target).unwrap_err().to_string()
    }

    #[test]
    fn more_images_than_memory_holds_are_refused_with_what_they_take() {
        let found = refusal(1 << 30);
        let start =
            "1073741824 images of faces at 4096x4096 pixels take 50331648.0 GiB of memory, ";
        assert!(found.starts_with(start), "{found}");
        assert!(found.ends_with("; a smaller data.size needs less"), "{found}");
        // Their bytes are no `usize`.
        assert!(refusal(usize::MAX).contains(" images of faces at 4096x4096 pixels take "));
    }

    #[test]
    fn images_that_fit_have_their_place_reserved() {
        let target = Target { side: 64, color: Color::Rgb };
        assert!(reserved(Path::new("faces"), 100, target).unwrap().capacity() >= 100 * 3 * 64 * 64);
    }
}
