//! A user's own data: the first printed line shows how they were read.

use serde_json::Value;

use crate::program::{Outcome, Place};

/// A PNG file of 16×16 pixels of one color each, in three channels.
fn png_file(side: u32, color: [u8; 3]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&color.repeat((side * side) as usize)).unwrap();
    writer.finish().unwrap();
    file
}

/// Six cats and three dogs of `side` pixels a side, some of them in deeper folders.
fn pets(side: u32) -> Place {
    let place = Place::new();
    for index in 0..6_u8 {
        let name =
            if index % 2 == 0 { format!("cats/{index}") } else { format!("cats/old/{index}") };
        place.write(&format!("pets/{name}.png"), png_file(side, [10 * index, 200, 3]));
    }
    for index in 0..3_u8 {
        let file = png_file(side, [90, 10 * index, 99]);
        place.write(&format!("pets/dogs/{index}.png"), file);
    }
    place.write("pets/cats/list.txt", "no picture");
    place
}

fn data_line(outcome: &Outcome) -> String {
    let line = outcome.stderr.lines().find_map(|line| line.strip_prefix("data: "));
    line.unwrap().to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_folder_is_read_at_any_depth_and_the_manifest_knows_its_classes() {
    let place = pets(32);
    let images = |out: &str| {
        let program = place.gan(&format!("train dcgan --steps 1 --out {out}"));
        program.set("data.kind=images").set("data.dir=pets").set("train.batch=2")
    };
    let line = data_line(&images("run").succeed());
    let expected = "9 images 1×32×32 in 2 classes (cats 6, dogs 3)";
    assert!(line.starts_with(expected), "{line}");
    assert!(line.contains("9 color images read as gray"), "{line}");
    assert!(line.ends_with("passed over: 1 (.txt 1)"), "{line}");
    let data = &json(&place.text("run/manifest.json"))["data"];
    assert_eq!(data["class_names"], serde_json::json!(["cats", "dogs"]));
    assert_eq!(data["samples_of_class"], serde_json::json!([6, 3]));
    assert_eq!(data["passed_over"][0]["examples"][0], "cats/list.txt");

    let outcome = images("json").arg("--json").succeed();
    let first = json(outcome.stdout.lines().next().unwrap());
    assert_eq!((&first["event"], &first["samples"]), (&"data".into(), &9.into()));

    let line = data_line(&images("dogs").set("data.classes=[\"dogs\"]").succeed());
    assert!(line.starts_with("3 images 1×32×32 in 1 class (dogs 3)"), "{line}");
    place.refuses(images("none").set("data.classes=[\"birds\"]"), &["data", "birds", "cats, dogs"]);
}

#[test]
fn a_conditional_recipe_has_the_classes_of_the_folder_and_their_names() {
    let place = pets(28);
    let program = place.gan("train cgan --steps 1 --out run").set("data.kind=images");
    program.set("data.dir=pets").set("train.batch=2").succeed();
    assert!(place.text("run/config.toml").contains("classes = 2"));
    place.gan("sample run -n 2 --labels dogs --out dogs/").succeed();
    assert_eq!(place.names_in("dogs"), ["dogs"]);
    place.refuses(place.gan("sample run --labels dgos --out s.npy"), &["dgos", "dogs"]);
}

#[test]
fn the_size_follows_from_the_images_and_the_networks() {
    for (side, recipe, size) in
        [(64, "dcgan-classic", 64), (70, "dcgan-classic", 64), (64, "dcgan", 32)]
    {
        let place = pets(side);
        let program = place.gan(&format!("train {recipe} --steps 0 --out run"));
        let program = program.set("data.kind=images").set("data.dir=pets");
        let program = program.set("train.batch=2").set("pictures.count=2");
        program.set("model.generator_width=4").set("model.critic_width=4").succeed();
        let config = place.text("run/config.toml");
        assert!(config.contains(&format!("size = {size}\n")), "{recipe} {side}: {config}");
        place.gan("train --resume --steps 1 --out run").succeed();
    }
}

#[test]
fn broken_images_are_listed_and_can_be_passed_over() {
    let place = pets(32);
    place.write("pets/dogs/page.jpg", "<html>");
    place.write("pets/dogs/zero.jpg", "");
    let train = || {
        let program = place.gan("train dcgan --steps 1 --out run").set("data.kind=images");
        program.set("data.dir=pets").set("train.batch=2")
    };
    place.refuses(train(), &["2 of 11 images", "page.jpg", "zero.jpg", "data.skip_broken=true"]);
    let line = data_line(&train().set("data.skip_broken=true").succeed());
    assert!(line.contains("damaged 2"), "{line}");
}

#[test]
fn a_table_is_said_with_its_columns_and_read_as_told() {
    let place = Place::new();
    let rows = |first: &str| {
        let mut text = format!("{first}\n");
        for row in 0..20 {
            text += &format!("{row},{}.5,-0.25\n", row % 7);
        }
        text
    };
    place.write("indexed.csv", rows(",x,y"));
    place.write("named.CSV", rows("t,x,y"));
    let train = |file: &str| {
        let program = place.gan("train gan --steps 1 --force --out run").set("data.kind=points");
        program.set(&format!("data.file={file}")).set("train.batch=4")
    };
    let line = data_line(&train("indexed.csv").succeed());
    assert!(line.starts_with("20 points of 2 coordinates (x, y), header"), "{line}");
    let line = data_line(&train("named.CSV").succeed());
    assert!(line.starts_with("20 points of 3 coordinates (t, x, y), header"), "{line}");
    let line = data_line(&train("named.CSV").set("data.columns=[\"y\", \"x\"]").succeed());
    assert!(line.starts_with("20 points of 2 coordinates (y, x), header"), "{line}");
    place.write("years.csv", "1990,2000\n0.5,1.5\n2.5,3.5\n4.5,5.5\n6.5,7.5\n");
    let line = data_line(&train("years.csv").succeed());
    assert!(line.starts_with("4 points of 2 coordinates (1990, 2000), header"), "{line}");
    let line = data_line(&train("years.csv").set("data.header=no").succeed());
    assert!(line.starts_with("5 points of 2 coordinates, no header"), "{line}");
    let program = train("years.csv").set("data.delimiter=;;");
    place.refuses(program, &["`data.delimiter`", "expected one character", "`;;`"]);
}

#[test]
fn inspecting_names_what_is_odd_and_what_to_type() {
    let place = pets(48);
    place.write("pets/dogs/again.png", place.bytes("pets/dogs/1.png"));
    let outcome = place.gan("data inspect pets").succeed();
    assert!(
        outcome.stdout.starts_with("pets: 10 images 3×48×48 in 2 classes"),
        "{}",
        outcome.stdout
    );
    let odd = "odd: 1 samples are there twice: dogs/again.png is dogs/1.png";
    assert!(outcome.stdout.contains(odd), "{}", outcome.stdout);
    let command = outcome.stdout.lines().last().unwrap().strip_prefix("train on it: gan ").unwrap();
    assert!(command.contains("data.color=rgb") && command.contains("data.size=48"), "{command}");
    let program = place.gan(&format!("{command} --steps 0 --out run"));
    let program = program.set("train.batch=2").set("pictures.count=2");
    program.set("model.generator_width=4").set("model.critic_width=4").succeed();

    let report = json(&place.gan("data inspect pets --json").succeed().stdout);
    assert_eq!(
        (&report["data"]["samples"], report["odd"].as_array().unwrap().len()),
        (&10.into(), 1)
    );
    place.write("pets/dogs/large.png", png_file(90, [1, 2, 3]));
    let text = place.gan("data inspect pets").succeed().stdout;
    assert!(text.contains("2 sizes, all cropped to squares"), "{text}");
    assert!(text.contains("48×48 10, 90×90 1"), "{text}");
    place.write("table.csv", "a,b\n1.5,7\n2.5,7\n");
    let text = place.gan("data inspect table.csv").succeed().stdout;
    assert!(text.contains("odd: 1 columns have one value in all samples: 2"), "{text}");
    place.refuses(place.gan("data inspect nothing"), &["nothing"]);
    place.refuses(place.gan("data inspect run"), &["is a run folder, not data"]);
    place.gan("data moons -n 5 --out moons.csv").succeed();
}
