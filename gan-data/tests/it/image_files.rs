//! Formats, broken files, files that declare too much, and the contents of headers.

use std::fs;
use std::path::Path;

use burn_dataset::Dataset;
use gan_data::{
    Color, DataError, ImageFolder, ImageFolderConfig, ImageFolderError, SampleSet, SizeCount,
};
use image::{ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use crate::errors::check;

/// An image without large areas of one color.
fn picture(side: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        Rgb([(x * 7 + y * 3) as u8, (x * y) as u8, (x ^ (y * 5)) as u8])
    })
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture(40).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read_one(name: &str, bytes: &[u8]) -> Result<ImageFolder, DataError> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    ImageFolder::open(folder.path(), 8, Color::Rgb)
}

const FORMATS: [(ImageFormat, &str); 8] = [
    (ImageFormat::Png, "png"),
    (ImageFormat::Jpeg, "jfif"),
    (ImageFormat::WebP, "WEBP"),
    (ImageFormat::Gif, "gif"),
    (ImageFormat::Bmp, "bmp"),
    (ImageFormat::Tiff, "tif"),
    (ImageFormat::Qoi, "qoi"),
    (ImageFormat::Pnm, "ppm"),
];

#[test]
fn every_format_is_read_whatever_its_ending_and_refused_when_cut() {
    let reference = read_one("a.png", &encoded(ImageFormat::Png)).unwrap().values(&[0]);
    for (format, ending) in FORMATS {
        let bytes = encoded(format);
        for name in [&format!("a.{ending}"), "a.jpg"] {
            let values = read_one(name, &bytes).unwrap().values(&[0]);
            let distance = values.iter().zip(&reference).map(|(a, b)| (a - b).abs());
            let mean = distance.sum::<f32>() / reference.len() as f32;
            assert!(mean < 0.1, "{format:?} differs by {mean}");
        }
        for percent in [0, 1, 25, 50, 75, 95] {
            let cut = &bytes[..bytes.len() * percent / 100];
            let error = read_one("cut.jpg", cut).map(drop);
            let error = error.expect_err(&format!("{format:?} cut at {percent} %"));
            check(&error, &["cut.jpg", "none of the 1 images"]);
        }
    }
}

#[test]
fn a_jpeg_without_its_end_mark_is_refused_and_garbage_behind_it_is_not() {
    let mut bytes = encoded(ImageFormat::Jpeg);
    let cut = &bytes[..bytes.len() - 2];
    check(&read_one("a.jpg", cut).unwrap_err(), &["a.jpg (truncated: the JPEG has no end mark)"]);
    // A whole JPEG in a segment, as a thumbnail is, neither hides the cut nor ends the file.
    let mut nested = bytes[..2].to_vec();
    nested.extend([0xff, 0xef]);
    nested.extend((bytes.len() as u16 + 2).to_be_bytes());
    nested.extend(&bytes);
    nested.extend(&bytes[2..]);
    assert_eq!(read_one("a.jpg", &nested).unwrap().len(), 1);
    assert!(read_one("a.jpg", &nested[..nested.len() - 2]).is_err());
    bytes.extend([0; 1000]);
    assert_eq!(read_one("a.jpg", &bytes).unwrap().len(), 1);
}

#[test]
fn progressive_jpegs_and_restart_marks_are_read_and_refused_when_cut() {
    for bytes in [
        &include_bytes!("../fixtures/progressive.jpg")[..],
        include_bytes!("../fixtures/restart_markers.jpg"),
    ] {
        assert_eq!(read_one("a.jpg", bytes).unwrap().len(), 1);
        for percent in [25, 50, 75, 95] {
            let error = read_one("a.jpg", &bytes[..bytes.len() * percent / 100]).unwrap_err();
            check(&error, &["a.jpg (truncated"]);
        }
    }
}

#[test]
fn broken_images_are_all_named_or_passed_over_and_counted() {
    let folder = TempDir::new().unwrap();
    for name in ["cats/0.png", "cats/1.png", "dogs/0.png"] {
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        picture(8).save(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("cats/00.jpg"), "<html>\u{1b}[2J").unwrap();
    fs::write(folder.path().join("dogs/zero.png"), "").unwrap();
    let error = ImageFolder::open(folder.path(), 8, Color::Rgb).unwrap_err();
    check(
        &error,
        &[
            "2 of 5 images of",
            "cats/00.jpg (not JPEG: starts with",
            "dogs/zero.png (empty file); data.skip_broken=true passes them over",
        ],
    );
    assert!(!error.to_string().contains(['\n', '\u{1b}']));
    let DataError::Images(ImageFolderError::Broken { files, .. }) = error else {
        panic!("{error:?} is about something else")
    };
    assert_eq!(files.len(), 2);

    let config = ImageFolderConfig { side: 8, skip_broken: true, ..Default::default() };
    let set = config.open(folder.path()).unwrap();
    let labels: Vec<_> = (0..set.len()).map(|index| set.label(index)).collect();
    assert_eq!(labels, [Some(0), Some(0), Some(1)]);
    let inventory = set.inventory().to_string();
    // The largest level of the picture is 70.
    let (classes, highest) = ("in 2 classes (cats 2, dogs 1)", 70.0_f32 / 127.5 - 1.0);
    let end = format!("{classes}, values -1 to {highest}; passed over: 2 (damaged 2)");
    assert!(inventory.ends_with(&end), "{inventory}");
}

/// A PNG whose header announces a size that its data does not have.
fn png_bomb(side: u32) -> Vec<u8> {
    let mut bytes = encoded(ImageFormat::Png);
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    bytes
}

#[test]
fn an_image_that_announces_too_much_is_an_error_that_names_it() {
    let mut jpeg = encoded(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let mut gif = encoded(ImageFormat::Gif);
    gif[6..10].fill(0xff);
    let mut bmp = encoded(ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    let mut qoi = encoded(ImageFormat::Qoi);
    qoi[4..12].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let pnm = b"P6 60000 60000 255\n123".to_vec();
    for bytes in [png_bomb(60_000), jpeg, gif, bmp, qoi, pnm] {
        let error = read_one("bomb.png", &bytes).unwrap_err();
        check(
            &error,
            &["bomb.png (", "60000x60000"].map(|part| match bytes[0] {
                0xff | b'G' if part.starts_with('6') => "65535x65535",
                _ => part,
            }),
        );
    }
}

#[test]
fn a_side_beyond_the_limit_is_refused() {
    let error = ImageFolder::open(Path::new("."), usize::MAX, Color::Rgb).unwrap_err();
    check(&error, &["side is", "at most 4096"]);
}

#[test]
fn the_first_frame_of_an_animated_file_is_read_and_said() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for level in [0, 255] {
        let frame = image::RgbaImage::from_pixel(8, 8, image::Rgba([level, level, level, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let set = read_one("a.gif", &bytes).unwrap();
    assert_eq!(set.values(&[0]), [-1.0; 3 * 8 * 8]);
    assert_eq!(set.inventory().remarks, ["first frame of 1 animated file"]);
}

#[test]
fn a_survey_tells_sizes_formats_and_colors_from_headers() {
    let folder = TempDir::new().unwrap();
    for name in ["a.png", "b.png", "c.bmp"] {
        picture(16).save(folder.path().join(name)).unwrap();
    }
    image::GrayImage::new(20, 30).save(folder.path().join("d.png")).unwrap();
    fs::write(folder.path().join("e.png"), "no image").unwrap();
    let survey = ImageFolder::survey(folder.path()).unwrap();
    assert_eq!((survey.images, survey.gray, survey.broken.len()), (4, 1, 1));
    let sizes = [(16, 16, 3), (20, 30, 1)].map(|(width, height, images)| SizeCount {
        width,
        height,
        images,
    });
    assert_eq!(survey.sizes, sizes);
    assert_eq!(survey.commonest_side(), Some(16));
    assert!(!survey.is_gray());
    let formats: Vec<_> = survey.formats.iter().map(|of| (of.name, of.images)).collect();
    assert_eq!(formats, [("PNG", 3), ("BMP", 1)]);
}
