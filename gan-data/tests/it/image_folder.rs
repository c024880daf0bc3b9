//! A user's own images, sound and broken.

use std::fs;
use std::path::Path;

use burn_dataset::Dataset;
use gan_data::{Color, DataError, ImageFolder, ImageFolderError, SampleSet};
use image::{Rgb, RgbImage};
use tempfile::TempDir;

use crate::errors::check;

/// Save an image of one color, making its folder.
fn save(folder: &Path, name: &str, size: (u32, u32), color: [u8; 3]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    RgbImage::from_pixel(size.0, size.1, Rgb(color)).save(path).unwrap();
}

fn first_values(set: &ImageFolder) -> Vec<f32> {
    (0..set.len()).map(|i| set.values(&[i])[0]).collect()
}

fn level(value: u8) -> f32 {
    f32::from(value) / 127.5 - 1.0
}

#[test]
fn sub_folders_are_classes_in_the_order_of_their_names() {
    let folder = TempDir::new().unwrap();
    save(folder.path(), "zebra/1.png", (9, 9), [10; 3]);
    save(folder.path(), "ant/b.PNG", (8, 20), [30; 3]);
    save(folder.path(), "ant/a.png", (20, 8), [20; 3]);
    save(folder.path(), ".hidden/1.png", (9, 9), [40; 3]);
    save(folder.path(), "zebra/deeper/1.png", (9, 9), [50; 3]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("notes.txt"), "not an image").unwrap();

    let set = ImageFolder::open(folder.path(), 6, Color::Rgb).unwrap();
    assert_eq!((set.class_names(), set.classes()), (&["ant".into(), "zebra".into()][..], 2));
    assert_eq!((set.len(), set.shape()), (4, &[3, 6, 6][..]));
    let labels: Vec<_> = (0..4).map(|i| set.label(i)).collect();
    assert_eq!(labels, [Some(0), Some(0), Some(1), Some(1)]);
    assert_eq!(first_values(&set), [20, 30, 10, 50].map(level));
}

#[test]
fn images_directly_in_the_folder_have_no_labels() {
    let folder = TempDir::new().unwrap();
    for i in (0..20).rev() {
        save(folder.path(), &format!("{i:02}.png"), (4, 4), [i; 3]);
    }
    let set = ImageFolder::open(folder.path(), 4, Color::Gray).unwrap();
    assert_eq!((set.classes(), set.label(0), set.class_names().len()), (0, None, 0));
    assert_eq!(first_values(&set), (0..20).map(level).collect::<Vec<_>>());
    assert_eq!(set.shape(), [1, 4, 4]);
}

#[test]
fn channels_come_one_after_the_other() {
    let folder = TempDir::new().unwrap();
    save(folder.path(), "teal.png", (2, 2), [0, 100, 255]);
    let set = ImageFolder::open(folder.path(), 2, Color::Rgb).unwrap();
    assert_eq!(
        set.values(&[0]),
        [[0; 4], [100; 4], [255; 4]].as_flattened().iter().copied().map(level).collect::<Vec<_>>()
    );
}

#[test]
fn the_middle_square_is_kept_and_resized() {
    let folder = TempDir::new().unwrap();
    // Black borders left and right of a square whose halves are dark and bright.
    let image = RgbImage::from_fn(16, 8, |x, y| match (x, y) {
        (0..4 | 12.., _) => Rgb([0; 3]),
        (_, 0..4) => Rgb([50; 3]),
        _ => Rgb([200; 3]),
    });
    image.save(folder.path().join("wide.png")).unwrap();
    let gray = ImageFolder::open(folder.path(), 8, Color::Gray).unwrap();
    let values = gray.values(&[0]);
    assert_eq!(values[..32], [level(50); 32]);
    assert_eq!(values[32..], [level(200); 32]);

    let small = ImageFolder::open(folder.path(), 2, Color::Gray).unwrap().values(&[0]);
    assert!(small[0] == small[1] && small[2] == small[3] && small[0] < small[2]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_unicode_loses_no_image() {
    use std::os::unix::ffi::OsStrExt;
    let folder = TempDir::new().unwrap();
    save(folder.path(), "a.png", (4, 4), [7; 3]);
    let odd = std::ffi::OsStr::from_bytes(b"b\xff.png");
    fs::copy(folder.path().join("a.png"), folder.path().join(odd)).unwrap();
    assert_eq!(ImageFolder::open(folder.path(), 4, Color::Rgb).unwrap().len(), 2);
}

#[test]
fn jpeg_is_read() {
    let folder = TempDir::new().unwrap();
    save(folder.path(), "photo.JPG", (40, 40), [90, 90, 90]);
    let set = ImageFolder::open(folder.path(), 8, Color::Gray).unwrap();
    assert!(set.values(&[0]).iter().all(|value| (value - level(90)).abs() < 0.02));
}

#[test]
fn images_beside_sub_folders_of_images_are_an_error() {
    let folder = TempDir::new().unwrap();
    save(folder.path(), "stray.png", (4, 4), [1; 3]);
    save(folder.path(), "cats/1.png", (4, 4), [1; 3]);
    let error = ImageFolder::open(folder.path(), 4, Color::Rgb).unwrap_err();
    check(&error, &["stray.png", "cats", "found both"]);
    assert!(matches!(error, DataError::Images(ImageFolderError::Mixed { .. })));
}

#[test]
fn a_missing_or_empty_folder_and_side_zero_are_errors() {
    let folder = TempDir::new().unwrap();
    let error = ImageFolder::open(folder.path(), 4, Color::Rgb).unwrap_err();
    check(&error, &["is empty", "PNG, JPEG"]);
    assert!(matches!(error, DataError::Empty { .. }));

    let error = ImageFolder::open(folder.path().join("nowhere"), 4, Color::Rgb).unwrap_err();
    check(&error, &["cannot list the folder", "nowhere"]);
    assert!(matches!(error, DataError::Folder { .. }));

    let error = ImageFolder::open(folder.path(), 0, Color::Rgb).unwrap_err();
    check(&error, &["side is 0", "at least 1"]);
    assert!(matches!(error, DataError::Parameter { .. }));
}
