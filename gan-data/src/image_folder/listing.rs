//! Which images a folder has, in which order and of which class.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::{ImageFolderError, kinds, seen_from};
use crate::inventory::PassedOverTally;
use crate::text::shortened;
use crate::{DataError, natural_order};

/// Endings of files that are read as images, in lower case.
const ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "tif", "tiff", "qoi", "pbm", "pgm",
    "ppm",
];

/// Names of folders that are parts of a data set rather than classes, in lower case.
const SPLITS: &[&str] =
    &["train", "training", "test", "testing", "val", "valid", "validation", "dev"];

const EXPECTED: &str = "PNG, JPEG, WebP, GIF, BMP, TIFF, QOI or PNM images, or sub-folders of them";

/// An image to be read.
pub(super) struct Listed {
    pub(super) path: PathBuf,
    /// 0 where there are no classes.
    pub(super) class: u32,
}

/// Which images there are, in the order of the samples.
pub(super) struct Listing {
    pub(super) images: Vec<Listed>,
    pub(super) class_names: Vec<String>,
    pub(super) passed_over: PassedOverTally,
    pub(super) folders_without_images: usize,
}

/// A sub-folder and all images below it, sorted by path.
struct Class {
    name: OsString,
    images: Vec<PathBuf>,
}

impl Class {
    fn name(&self) -> String {
        self.name.display().to_string()
    }
}

impl Listing {
    /// List the images of a folder; `chosen` are the classes asked for, or none for all.
    pub(super) fn of(folder: &Path, chosen: &[String]) -> Result<Self, DataError> {
        let mut walk = Walk::new(folder);
        let own = walk.entries(folder)?;
        let mut classes = Vec::new();
        let mut folders_without_images = 0;
        for sub_folder in own.folders {
            match walk.below(&sub_folder)? {
                Some(images) if images.is_empty() => folders_without_images += 1,
                Some(images) => classes.push(Class::of(&sub_folder, images)),
                None => {}
            }
        }
        let images = own.images;
        if let (Some(image), Some(class)) = (images.first(), classes.first()) {
            let (image, sub_folder) = (seen_from(folder, image).display(), class.name());
            let (path, image) = (folder.into(), image.to_string());
            return Err(ImageFolderError::Mixed { path, image, sub_folder }.into());
        }
        if images.is_empty() && classes.is_empty() {
            return Err(walk.nothing());
        }
        classes.sort_by(|a, b| {
            natural_order::compare(a.name.as_encoded_bytes(), b.name.as_encoded_bytes())
        });
        if chosen.is_empty() {
            check_classes(folder, &classes)?;
        } else {
            classes = choose(folder, classes, chosen, &mut walk.passed_over)?;
        }
        let mut listing = Self {
            images: Vec::new(),
            class_names: Vec::new(),
            passed_over: walk.passed_over,
            folders_without_images,
        };
        listing.add_all(images, 0);
        for (class, Class { name, images }) in (0..).zip(classes) {
            listing.class_names.push(name.display().to_string());
            listing.add_all(images, class);
        }
        Ok(listing)
    }

    fn add_all(&mut self, paths: Vec<PathBuf>, class: u32) {
        self.images.extend(paths.into_iter().map(|path| Listed { path, class }));
    }
}

impl Class {
    fn of(sub_folder: &Path, images: Vec<PathBuf>) -> Self {
        Self { name: sub_folder.file_name().unwrap_or_default().to_owned(), images }
    }

    fn is_split(&self) -> bool {
        let name = self.name.to_string_lossy().to_ascii_lowercase();
        SPLITS.contains(&name.as_str())
    }

    /// Whether no image is directly in the sub-folder.
    fn only_nested(&self, folder: &Path) -> bool {
        let depth = |image: &PathBuf| seen_from(folder, image).components().count();
        self.images.iter().all(|image| depth(image) > 2)
    }
}

/// Refuse classes that are surely none: parts of a split set, or one folder above the classes.
fn check_classes(folder: &Path, classes: &[Class]) -> Result<(), ImageFolderError> {
    let between = matches!(classes, [only] if only.only_nested(folder));
    let Some(first) = classes.first().filter(|_| between || classes.iter().all(Class::is_split))
    else {
        return Ok(());
    };
    let is_train =
        |class: &&Class| class.name.to_string_lossy().to_lowercase().starts_with("train");
    let meant = classes.iter().find(is_train).unwrap_or(first);
    let example = meant.images.first().map(|image| seen_from(folder, image)).unwrap_or(folder);
    let levels = match example.components().count().saturating_sub(1) {
        1 => "one level down".to_owned(),
        2 => "two levels down".to_owned(),
        levels => format!("{levels} levels down"),
    };
    Err(ImageFolderError::NotClasses {
        path: folder.into(),
        example: shortened(&example.display().to_string()),
        levels,
        suggestion: folder.join(&meant.name),
        names: names(classes),
    })
}

fn names(classes: &[Class]) -> String {
    let mut names: Vec<String> = classes.iter().map(|class| shortened(&class.name())).collect();
    let rest = names.len().saturating_sub(20);
    names.truncate(20);
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    names.join(", ") + &more
}

/// The chosen classes in the chosen order; the images of the others are counted.
fn choose(
    folder: &Path,
    mut classes: Vec<Class>,
    chosen: &[String],
    passed_over: &mut PassedOverTally,
) -> Result<Vec<Class>, ImageFolderError> {
    let mut found = Vec::new();
    let all = names(&classes);
    for (index, name) in chosen.iter().enumerate() {
        if chosen[..index].contains(name) {
            return Err(ImageFolderError::ClassTwice { found: shortened(name) });
        }
        let Some(position) = classes.iter().position(|class| class.name.as_os_str() == &**name)
        else {
            let all = if all.is_empty() { "no sub-folders with images" } else { &all };
            return Err(ImageFolderError::UnknownClass {
                path: folder.into(),
                found: shortened(name),
                nearest: nearest(name, &classes),
                available: all.to_owned(),
            });
        };
        found.push(classes.remove(position));
    }
    for image in classes.iter().flat_map(|class| &class.images) {
        passed_over.add("of other classes", seen_from(folder, image));
    }
    Ok(found)
}

fn nearest(name: &str, classes: &[Class]) -> String {
    let likeness = |class: &Class| strsim::normalized_damerau_levenshtein(name, &class.name());
    let nearest = classes.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.filter(|class| likeness(class) >= 0.4);
    nearest
        .map_or_else(String::new, |class| format!(", did you mean {:?}?", shortened(&class.name())))
}

/// The first image of a folder or of its sub-folders, seen from the folder.
pub(crate) fn first_image(folder: &Path) -> Option<String> {
    let mut walk = Walk::new(folder);
    let own = walk.entries(folder).ok()?;
    let nested = || own.folders.iter().find_map(|sub| walk.below(sub).ok()??.into_iter().next());
    let first = own.images.first().cloned().or_else(nested)?;
    Some(shortened(&seen_from(folder, &first).display().to_string()))
}

/// Goes through a folder and counts what it passes over.
struct Walk<'a> {
    root: &'a Path,
    passed_over: PassedOverTally,
}

/// What is in one folder, sorted by name.
#[derive(Default)]
struct Entries {
    images: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path) -> Self {
        Self { root, passed_over: PassedOverTally::default() }
    }

    /// All images below a sub-folder, sorted by path; `None` for a link back to the root.
    fn below(&mut self, sub_folder: &Path) -> Result<Option<Vec<PathBuf>>, DataError> {
        // Each folder is entered once, so that links in a circle end.
        let mut entered: HashSet<PathBuf> = fs::canonicalize(self.root).into_iter().collect();
        let (mut images, mut folders) = (Vec::new(), vec![sub_folder.to_path_buf()]);
        let mut any = false;
        while let Some(folder) = folders.pop() {
            if !fs::canonicalize(&folder).is_ok_and(|real| entered.insert(real)) {
                self.pass_over("link to a folder already read", &folder);
                continue;
            }
            any = true;
            let mut entries = self.entries(&folder)?;
            images.append(&mut entries.images);
            folders.extend(entries.folders.into_iter().rev());
        }
        images
            .sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
        Ok(any.then_some(images))
    }

    fn entries(&mut self, folder: &Path) -> Result<Entries, DataError> {
        let folder_error = |source| DataError::Folder { path: folder.into(), source };
        let listed = fs::read_dir(folder).map_err(folder_error)?;
        let mut names = Vec::new();
        for entry in listed {
            names.push(entry.map_err(folder_error)?.file_name());
        }
        names.sort_unstable();
        let mut entries = Entries::default();
        for name in names {
            self.sort_in(&mut entries, folder.join(&name), &name);
        }
        Ok(entries)
    }

    /// Nothing is opened here: a pipe would block.
    fn sort_in(&mut self, entries: &mut Entries, path: PathBuf, name: &OsStr) {
        if name.as_encoded_bytes().starts_with(b".") {
            return self.pass_over("hidden", &path);
        }
        // Of what a link points to, not of the link itself.
        match fs::metadata(&path) {
            Ok(of) if of.is_dir() => entries.folders.push(path),
            Ok(of) if !of.is_file() => self.pass_over("not a file", &path),
            Err(_) => self.pass_over("broken link", &path),
            Ok(_) => match ending(name) {
                Some(ending) if ENDINGS.contains(&ending.as_str()) => entries.images.push(path),
                Some(ending) => self.pass_over(&format!(".{}", shortened(&ending)), &path),
                None => self.pass_over("without ending", &path),
            },
        }
    }

    fn pass_over(&mut self, kind: &str, path: &Path) {
        self.passed_over.add(kind, seen_from(self.root, path));
    }

    fn nothing(self) -> DataError {
        let (path, passed_over) = (self.root.into(), kinds(self.passed_over));
        match passed_over.is_empty() {
            true => DataError::Empty { path, expected: EXPECTED },
            false => ImageFolderError::NoImages { path, expected: EXPECTED, passed_over }.into(),
        }
    }
}

/// The ending of a name in lower case, without the dot.
fn ending(name: &OsStr) -> Option<String> {
    Some(Path::new(name).extension()?.to_string_lossy().to_ascii_lowercase())
}
