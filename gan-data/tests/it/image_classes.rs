//! Which images of a folder are read, and of which class they are.

use std::fs;
use std::path::Path;

use burn_dataset::Dataset;
use gan_data::{Color, DataError, ImageFolder, ImageFolderConfig, SampleSet};
use image::RgbImage;
use tempfile::TempDir;

use crate::errors::check;

fn folder_of(names: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        RgbImage::new(4, 4).save(path).unwrap();
    }
    folder
}

fn open(folder: &Path, classes: &[&str]) -> Result<ImageFolder, DataError> {
    let classes = classes.iter().map(|name| (*name).to_owned()).collect();
    ImageFolderConfig { side: 4, classes, ..ImageFolderConfig::default() }.open(folder)
}

fn counts(set: &ImageFolder) -> Vec<(String, usize)> {
    set.inventory().classes.into_iter().map(|class| (class.name, class.samples)).collect()
}

#[test]
fn a_class_is_everything_below_its_folder() {
    let folder = folder_of(&["cats/0.png", "cats/more/1.png", "dogs/a/b/0.png", "dogs/c/1.png"]);
    let set = open(folder.path(), &[]).unwrap();
    assert_eq!(counts(&set), [("cats".into(), 2), ("dogs".into(), 2)]);
    assert_eq!(
        set.inventory().to_string(),
        "4 images 3×4×4 in 2 classes (cats 2, dogs 2), values -1 to -1"
    );
}

#[test]
fn parts_of_a_split_set_and_a_single_folder_between_are_no_classes() {
    let folder = folder_of(&["train/cats/0.png", "train/dogs/0.png"]);
    let error = open(folder.path(), &[]).unwrap_err();
    let found = "has no images directly below, found train/cats/0.png two levels down";
    check(&error, &[found, "/train", "data.classes"]);
    assert_eq!(open(&folder.path().join("train"), &[]).unwrap().classes(), 2);
    assert_eq!(counts(&open(folder.path(), &["train"]).unwrap()), [("train".into(), 2)]);

    let folder = folder_of(&["Test/0.png", "Train/0.png", "val/0.png"]);
    let error = open(folder.path(), &[]).unwrap_err();
    check(&error, &["found Train/0.png one level down", "take Test, Train, val as classes"]);

    let folder = folder_of(&["faces/a/0.png"]);
    check(&open(folder.path(), &[]).unwrap_err(), &["faces/a/0.png two levels down"]);
    let vehicles = folder_of(&["bus/0.png", "train/0.png"]);
    assert_eq!(open(vehicles.path(), &[]).unwrap().classes(), 2);
}

#[test]
fn classes_are_in_natural_order_or_as_chosen() {
    let folder = folder_of(&["10/0.png", "2/0.png", "1/0.png", "2/1.png"]);
    assert_eq!(open(folder.path(), &[]).unwrap().class_names(), ["1", "2", "10"]);
    let set = open(folder.path(), &["10", "1"]).unwrap();
    assert_eq!(counts(&set), [("10".into(), 1), ("1".into(), 1)]);
    let passed = &set.inventory().passed_over;
    assert_eq!((passed[0].kind.as_str(), passed[0].count), ("of other classes", 2));
}

#[test]
fn a_class_that_is_not_there_or_chosen_twice_is_an_error() {
    let folder = folder_of(&["cats/0.png", "dogs/0.png"]);
    let error = open(folder.path(), &["cat"]).unwrap_err();
    check(&error, &["no class \"cat\", did you mean \"cats\"?; it has cats, dogs"]);
    check(&open(folder.path(), &["cats", "cats"]).unwrap_err(), &["\"cats\" twice"]);
    let flat = folder_of(&["0.png"]);
    check(&open(flat.path(), &["cats"]).unwrap_err(), &["no sub-folders with images"]);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end_and_pipes_do_not_block() {
    use std::os::unix::fs::symlink;
    let folder = folder_of(&["cats/0.png", "dogs/0.png", ".hidden/0.png"]);
    symlink("..", folder.path().join("cats/up")).unwrap();
    symlink(".", folder.path().join("dogs/self")).unwrap();
    symlink(".", folder.path().join("root")).unwrap();
    symlink("nowhere", folder.path().join("dogs/gone.png")).unwrap();
    let socket = folder.path().join("cats/socket.png");
    let _listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    fs::write(folder.path().join("cats/a.HEIC"), "x").unwrap();
    let set = open(folder.path(), &[]).unwrap();
    assert_eq!(counts(&set), [("cats".into(), 1), ("dogs".into(), 1)]);
    let passed: Vec<_> =
        set.inventory().passed_over.into_iter().map(|kind| (kind.kind, kind.count)).collect();
    let expected = [
        ("link to a folder already read", 3),
        (".heic", 1),
        ("broken link", 1),
        ("hidden", 1),
        ("not a file", 1),
    ];
    assert_eq!(passed, expected.map(|(kind, count)| (kind.to_owned(), count)));
}

#[test]
fn a_folder_with_other_files_only_says_which() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.heic"), "x").unwrap();
    fs::write(folder.path().join("notes"), "x").unwrap();
    let error = ImageFolder::open(folder.path(), 4, Color::Rgb).unwrap_err();
    check(&error, &["holds no images", "passed over: .heic 1, without ending 1"]);
}
