//! A folder of a user's own images.

use image::{ImageFormat, Rgb, RgbImage};

use crate::program::{Place, Program};

/// A square gray picture as a PNG file.
fn png_file(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..side * side).map(|pixel| (pixel % 251) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

/// `gan train dcgan` on the images of the folder `pictures`.
fn train(place: &Place) -> Program {
    let program = place.gan("train dcgan --steps 1 --out run");
    let program = program.set("data.kind=images").set("data.dir=pictures").set("train.batch=2");
    let program = program.set("model.generator_width=8").set("model.critic_width=4");
    program.set("pictures.count=4")
}

#[test]
fn a_folder_of_images_trains() {
    let place = Place::new();
    place.write("pictures/cats/a.png", png_file(20));
    place.write("pictures/dogs/b.png", png_file(40));
    train(&place).succeed();
}

#[test]
fn a_broken_image_is_named() {
    let place = Place::new();
    place.write("pictures/a.png", png_file(20));
    place.write("pictures/b.png", &png_file(20)[..60]);
    place.refuses(train(&place), &["cannot", "b.png", "data.skip_broken"]);
}

#[test]
fn a_folder_without_images_is_named() {
    let place = Place::new();
    place.write("pictures/notes.txt", "no picture");
    place
        .refuses(train(&place), &["pictures holds no images, expected PNG", "passed over: .txt 1"]);
    place.refuses(
        place.gan("train dcgan --steps 1 --out run").set("data.kind=images"),
        &["`data.dir`"],
    );
}

/// A photo as a JPEG file, larger than what is trained on.
fn jpeg_file(number: u8) -> Vec<u8> {
    let image = RgbImage::from_fn(89, 109, |x, y| Rgb([x as u8 * 2, y as u8, number * 5]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// `gan train dcgan-classic` on the 40 photos of the folder `faces`, at 64×64 pixels in color.
fn train_on_faces(place: &Place) -> Program {
    for number in 0..40 {
        place.write(&format!("faces/{number:03}.jpg"), jpeg_file(number));
    }
    let program = place.gan("train dcgan-classic --steps 2 --out run --data-dir faces");
    let program = program.set("data.kind=images").set("data.color=rgb").set("data.size=64");
    let program = program.set("model.generator_width=8").set("model.critic_width=4");
    program.set("train.batch=16").set("pictures.count=4")
}

#[test]
fn photos_in_color_train_and_the_summary_knows_how_long_they_were_waited_for() {
    let place = Place::new();
    let outcome = train_on_faces(&place).succeed();
    let read = "data: 40 images 3×64×64, values ";
    assert!(outcome.stderr.contains(read), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("; cropped and resized from 89x109"), "{}", outcome.stderr);
    let summary: serde_json::Value = serde_json::from_str(&place.text("run/summary.json")).unwrap();
    let [waited, took] =
        ["seconds_waiting_for_data", "wall_seconds"].map(|key| summary[key].as_f64().unwrap());
    assert!(waited > 0.0 && waited < took, "{summary}");
}

#[test]
fn spoiled_photos_are_named_on_one_line_before_anything_is_trained() {
    let place = Place::new();
    let program = train_on_faces(&place);
    let whole = jpeg_file(20);
    place.write("faces/020.jpg", &whole[..whole.len() / 2]);
    place.write("faces/021.jpg", "words");
    place.write("faces/022.jpg", "");
    place.refuses(
        program,
        &[
            "3 of 40 images of faces cannot be read: 020.jpg (truncated: the JPEG has no end mark), \
             021.jpg (not JPEG: starts with \"words\"), 022.jpg (empty file); \
             data.skip_broken=true passes them over",
        ],
    );
}
