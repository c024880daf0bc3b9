//! A folder of photos as people have them: many JPEG files, of several sizes, some of them spoiled.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use burn_dataset::Dataset;
use gan_data::{Color, DataError, ImageFolder, ImageFolderConfig, ImageFolderError, SampleSet};
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use crate::errors::check;

/// A JPEG whose picture depends on its number, in one of five sizes.
fn photo(number: u32) -> Vec<u8> {
    let (width, height) =
        [(178, 218), (64, 64), (90, 40), (31, 57), (200, 200)][number as usize % 5];
    let image = RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 3 + number * 20) as u8, (y * 2) as u8, (x + y * number) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn folder_of(n_photos: u32) -> TempDir {
    let folder = TempDir::new().unwrap();
    for number in 0..n_photos {
        fs::write(folder.path().join(format!("{number:04}.jpg")), photo(number)).unwrap();
    }
    folder
}

/// What a sample should be: the file decoded, cut to its middle and resized by `image` itself.
fn expected(bytes: &[u8], side: u32) -> Vec<f32> {
    let decoded = image::load_from_memory(bytes).unwrap();
    let short = decoded.width().min(decoded.height());
    let corner = [decoded.width(), decoded.height()].map(|length| (length - short) / 2);
    let middle: DynamicImage = decoded.crop_imm(corner[0], corner[1], short, short);
    let resized = middle.resize_exact(side, side, FilterType::Triangle).into_rgb8();
    let channels = (0..3).flat_map(|channel| resized.pixels().map(move |pixel| pixel[channel]));
    channels.map(|level| f32::from(level) / 127.5 - 1.0).collect()
}

#[test]
fn photos_of_several_sizes_come_in_the_order_of_their_names_to_the_last_bit() {
    let folder = folder_of(70);
    let set = ImageFolder::open(folder.path(), 64, Color::Rgb).unwrap();
    assert_eq!((set.len(), set.shape()), (70, &[3, 64, 64][..]));
    for number in 0..70 {
        assert_eq!(set.values(&[number as usize]), expected(&photo(number), 64), "{number}");
        assert_eq!(set.origin(number as usize), Some(format!("{number:04}.jpg")));
    }
    assert_eq!(set.inventory().remarks, ["cropped and resized from 5 sizes"]);
    let again = ImageFolder::open(folder.path(), 64, Color::Rgb).unwrap();
    assert_eq!(set.fingerprint(), again.fingerprint());
}

#[test]
fn reading_is_watched_to_its_end() {
    let folder = folder_of(50);
    let config = ImageFolderConfig { side: 8, ..ImageFolderConfig::default() };
    let seen = Mutex::new(Vec::new());
    let watch = |read: gan_data::ImagesRead| {
        assert_eq!(read.n_images, 50);
        seen.lock().unwrap().push(read.read);
    };
    config.survey_watched(folder.path(), &watch).unwrap();
    config.open_watched(folder.path(), &watch).unwrap();
    let seen = seen.into_inner().unwrap();
    assert_eq!((seen.len(), seen.iter().filter(|&&read| read == 50).count()), (8, 2), "{seen:?}");
}

#[test]
fn a_jpeg_in_cmyk_has_its_colors() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.jpg"), include_bytes!("../fixtures/cmyk.jpg")).unwrap();
    let set = ImageFolder::open(folder.path(), 16, Color::Rgb).unwrap();
    let values = set.values(&[0]);
    // Red on the left, blue on the right: (200, 40, 30) and (20, 60, 220) before compression.
    let pixel = |x: usize| [0, 1, 2].map(|channel| (values[channel * 256 + 48 + x] + 1.0) * 127.5);
    for (found, expected) in [(pixel(3), [200.0, 40.0, 30.0]), (pixel(12), [20.0, 60.0, 220.0])] {
        let near =
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 4.0);
        assert!(near, "{found:?} is not {expected:?}");
    }
}

fn spoil(folder: &Path) {
    let whole = photo(20);
    fs::write(folder.join("0020.jpg"), &whole[..whole.len() / 2]).unwrap();
    fs::write(folder.join("0021.jpg"), "no picture, but words").unwrap();
    fs::write(folder.join("0022.jpg"), "").unwrap();
}

#[test]
fn spoiled_files_amid_sound_ones_are_named_on_one_line_or_passed_over() {
    let folder = folder_of(40);
    spoil(folder.path());
    let error = ImageFolder::open(folder.path(), 16, Color::Rgb).unwrap_err();
    check(
        &error,
        &[
            "3 of 40 images of",
            "0020.jpg (truncated: the JPEG has no end mark), ",
            "0021.jpg (not JPEG: starts with \"no pictu\"), ",
            "0022.jpg (empty file); data.skip_broken=true passes them over",
        ],
    );
    assert!(!error.to_string().contains('\n'));
    let DataError::Images(ImageFolderError::Broken { files, .. }) = error else {
        panic!("{error:?} is about something else")
    };
    assert_eq!(files.len(), 3);

    let config = ImageFolderConfig { side: 16, skip_broken: true, ..Default::default() };
    let set = config.open(folder.path()).unwrap();
    assert_eq!(set.len(), 37);
    assert_eq!(
        (set.origin(19), set.origin(20)),
        (Some("0019.jpg".into()), Some("0023.jpg".into()))
    );
    assert_eq!(set.values(&[20]), expected(&photo(23), 16));
    let passed = &set.inventory().passed_over;
    assert_eq!((passed[0].kind.as_str(), passed[0].count), ("damaged", 3));
}
