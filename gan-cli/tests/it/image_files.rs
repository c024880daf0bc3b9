//! A folder of a user's own images.

use crate::program::Place;

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
fn train(place: &Place) -> crate::program::Program {
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
