//! Samples as other programs read them: a file for each, archives of NumPy, sheets.

use std::io::Read as _;

use crate::program::Place;
use crate::samples::npy_values;

/// An unconditional generator of images, 1×32×32.
fn images() -> Place {
    let place = Place::new();
    place.train_images("--steps 2 --out run").succeed();
    place
}

/// A generator of ten classes of images, 1×28×28.
fn classes() -> Place {
    let place = Place::new();
    place.train_classes("--steps 2 --out run").succeed();
    place
}

/// Width, height and gray levels of a PNG.
fn gray(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut levels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut levels).unwrap();
    assert_eq!(
        (info.color_type, info.bit_depth),
        (png::ColorType::Grayscale, png::BitDepth::Eight)
    );
    (info.width as usize, info.height as usize, levels)
}

/// The level of a value as the documentation has it.
fn level(value: f32) -> u8 {
    ((value.clamp(-1.0, 1.0) + 1.0) / 2.0 * 255.0).round() as u8
}

/// The header and the bytes behind it of an array in an archive.
fn entry(archive: &[u8], name: &str) -> (String, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut file = archive.by_name(name).unwrap();
    assert_eq!(file.compression(), zip::CompressionMethod::Stored);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let start = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert_eq!(start % 64, 0);
    let header = String::from_utf8(bytes[10..start].to_vec()).unwrap();
    (header.trim_end().replace(", )", ")"), bytes[start..].to_vec())
}

fn names_of_entries(archive: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

#[test]
fn a_folder_has_a_file_of_its_own_size_for_each_sample_in_the_order_of_the_array() {
    let place = images();
    let outcome = place.gan("sample run -n 12 --out new/many/").succeed();
    assert_eq!(outcome.stdout, "new/many/\n");
    let expected: Vec<String> = (0..12).map(|number| format!("{number:05}.png")).collect();
    assert_eq!(place.names_in("new/many"), expected);
    assert_eq!(place.names_in("new"), ["many"], "nothing is left beside it");

    place.gan("sample run -n 12 --out s.npy").succeed();
    let values = npy_values(&place.bytes("s.npy"));
    for (name, values) in expected.iter().zip(values.chunks_exact(32 * 32)) {
        let (width, height, levels) = gray(&place.bytes(&format!("new/many/{name}")));
        assert_eq!((width, height), (32, 32));
        let expected: Vec<u8> = values.iter().map(|&value| level(value)).collect();
        assert_eq!(levels, expected, "{name}");
    }
}

#[test]
fn every_sample_of_a_folder_is_enlarged_by_the_scale() {
    let place = images();
    for (words, out) in [("", "a"), ("--scale 3", "b")] {
        place.gan(&format!("sample run -n 1 --out {out}/ {words}")).succeed();
    }
    let (_, _, plain) = gray(&place.bytes("a/00000.png"));
    let (width, height, large) = gray(&place.bytes("b/00000.png"));
    assert_eq!((width, height), (96, 96));
    let is_enlarged = |at: usize| large[at] == plain[at / 96 / 3 * 32 + at % 96 / 3];
    assert!((0..96 * 96).all(is_enlarged));
}

#[test]
fn a_conditional_generator_fills_a_folder_for_each_class() {
    let place = classes();
    place.gan("sample run -n 2 --out all/").succeed();
    let digits: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
    assert_eq!(place.names_in("all"), digits);

    place.name_classes("run");
    place.gan("sample run -n 3 --out named/").succeed();
    let names = ["6th", "7", "A_B-2", "_up", "a_b", "cats", "class", "dogs", "guinea pigs", "x_y"];
    assert_eq!(place.names_in("named"), names, "nothing lies outside");
    assert_eq!(place.names_in("named/dogs"), ["00000.png", "00001.png", "00002.png"]);

    let program = place.gan("sample run -n 3 --out some/ --labels").arg("Dogs,guinea pigs");
    program.succeed();
    assert_eq!(place.names_in("some"), ["dogs", "guinea pigs"]);
    place.gan("sample run -n 3 --labels dogs --out dogs.npy").succeed();
    let values = npy_values(&place.bytes("dogs.npy"));
    for (number, values) in values.chunks_exact(28 * 28).enumerate() {
        let expected: Vec<u8> = values.iter().map(|&value| level(value)).collect();
        for folder in ["named", "some"] {
            let file = place.bytes(&format!("{folder}/dogs/{number:05}.png"));
            assert_eq!(gray(&file), (28, 28, expected.clone()));
        }
    }
}

#[test]
fn a_folder_that_is_there_is_filled_if_it_is_empty_and_moved_aside_by_force() {
    let place = images();
    std::fs::create_dir(place.path("s")).unwrap();
    place.gan("sample run -n 2 --out s").succeed();
    let first = place.listing_of("s");
    assert_eq!(first.len(), 2);
    place.refuses(place.gan("sample run -n 3 --out s"), &["s is not empty", "--force"]);
    place.gan("sample run -n 3 --out s/ --force").succeed();
    assert_eq!(place.listing_of("s").len(), 3);
    assert_eq!(place.listing_of("s.old-1"), first);
}

#[test]
fn only_folders_of_samples_are_moved_aside() {
    let place = images();
    place.write("mine/notes.txt", "mine");
    place.write("nested/a/b/00000.png", "mine");
    place.write("file", "mine");
    for (out, part) in [
        ("mine/", "notes.txt, which is no sample"),
        ("nested/", "nested/a/b, which is no sample"),
        ("run/samples/", "which is no sample"),
        ("run/", "holds the run itself"),
        (".", "holds the run itself"),
        ("/", "holds the run itself"),
        ("file/", "file/ exists and is no folder"),
        ("new/..", "expected a file that ends in"),
        ("new/../", "cannot be replaced"),
    ] {
        place.refuses(place.gan(&format!("sample run -n 1 --force --out {out}")), &[part]);
    }
    let program = place.gan("data mnist -n 1 --force --out .");
    place.refuses(program, &["cannot be replaced by a folder of samples"]);
}

#[cfg(unix)]
#[test]
fn a_folder_appears_complete_or_not_at_all() {
    let place = images();
    let mut running = place.gan("sample run -n 100000 --out many/").start();
    let unfinished = || {
        let names = place.names_in("");
        names.into_iter().find(|name| name.starts_with(".unfinished-"))
    };
    running.until(|| unfinished().is_some_and(|name| place.names_in(&name).len() > 10));
    running.kill();
    assert!(!place.path("many").exists());
    place.gan("sample run -n 2 --out many/").succeed();
    assert_eq!(place.names_in("many").len(), 2);
}

#[test]
fn an_archive_has_levels_with_channels_last_and_the_labels() {
    let place = classes();
    for (n, ending) in [(2, "NPZ"), (2, "npy")] {
        place.gan(&format!("sample run -n {n} --labels 3,7 --out s.{ending}")).succeed();
    }
    let archive = place.bytes("s.NPZ");
    assert_eq!(names_of_entries(&archive), ["arr_0.npy", "arr_1.npy"]);
    let (header, levels) = entry(&archive, "arr_0.npy");
    for part in ["'descr': '|u1'", "'fortran_order': False", "'shape': (4, 28, 28, 1)"] {
        assert!(header.contains(part), "{header}");
    }
    // With one channel, the order of the values is that of the other array.
    let values = npy_values(&place.bytes("s.npy"));
    assert_eq!(levels, values.iter().map(|&value| level(value)).collect::<Vec<u8>>());
    let (header, labels) = entry(&archive, "arr_1.npy");
    assert!(header.contains("'descr': '<i8'") && header.contains("'shape': (4)"), "{header}");
    let labels: Vec<i64> =
        labels.as_chunks::<8>().0.iter().map(|&label| i64::from_le_bytes(label)).collect();
    assert_eq!(labels, [3, 3, 7, 7]);
    place.gan("sample run -n 2 --labels 3,7 --out again.npz").succeed();
    assert_eq!(place.bytes("again.npz"), archive, "the same samples are the same bytes");
}

#[test]
fn an_archive_of_color_has_three_channels_for_each_pixel() {
    let place = Place::new();
    // Red and blue of the first pixel, then of the second.
    let [red, blue] = [[255, 0, 0], [0, 0, 255]];
    for name in ["a.png", "b.png", "c.png", "d.png"] {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 16, 16);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[red, blue].concat().repeat(128)).unwrap();
        writer.finish().unwrap();
        place.write(&format!("photos/{name}"), file);
    }
    let program = place.gan("train gan --steps 1 --out run").set("data.kind=images");
    let program = program.set("data.dir=photos").set("data.size=16").set("data.color=rgb");
    program.set("train.batch=4").set("model.hidden=8").succeed();
    for ending in ["npz", "npy"] {
        place.gan(&format!("sample run -n 3 --out s.{ending}")).succeed();
    }
    let archive = place.bytes("s.npz");
    assert_eq!(names_of_entries(&archive), ["arr_0.npy"]);
    let (header, levels) = entry(&archive, "arr_0.npy");
    assert!(header.contains("'shape': (3, 16, 16, 3)"), "{header}");
    let values = npy_values(&place.bytes("s.npy"));
    for (at, &found) in levels.iter().enumerate() {
        let (image, pixel, channel) = (at / 768, at % 768 / 3, at % 3);
        assert_eq!(found, level(values[image * 768 + channel * 256 + pixel]), "byte {at}");
    }
}

#[test]
fn an_archive_of_points_has_their_values() {
    let place = Place::new();
    place.train("--steps 1 --out run").succeed();
    for ending in ["npz", "npy"] {
        place.gan(&format!("sample run -n 300 --out s.{ending}")).succeed();
    }
    let archive = place.bytes("s.npz");
    assert_eq!(names_of_entries(&archive), ["arr_0.npy"]);
    let (header, bytes) = entry(&archive, "arr_0.npy");
    assert!(header.contains("'descr': '<f4'") && header.contains("'shape': (300, 2)"), "{header}");
    assert!(place.bytes("s.npy").ends_with(&bytes));
}

#[test]
fn data_is_written_in_every_format_too() {
    let place = Place::new();
    for out in ["d.npy", "d.npz", "d/"] {
        place.gan(&format!("data mnist -n 30 --out {out}")).succeed();
    }
    let (header, levels) = entry(&place.bytes("d.npz"), "arr_0.npy");
    assert!(header.contains("'shape': (30, 28, 28, 1)"), "{header}");
    let (_, labels) = entry(&place.bytes("d.npz"), "arr_1.npy");
    let mut counts = [0; 10];
    for (label, levels) in labels.as_chunks::<8>().0.iter().zip(levels.chunks_exact(28 * 28)) {
        let class = usize::try_from(i64::from_le_bytes(*label)).unwrap();
        let file = place.bytes(&format!("d/{class}/{:05}.png", counts[class]));
        assert_eq!(gray(&file), (28, 28, levels.to_vec()));
        counts[class] += 1;
    }
    place.gan("data moons -n 7 --out m.npz").succeed();
    let (header, _) = entry(&place.bytes("m.npz"), "arr_1.npy");
    assert!(header.contains("'shape': (7)"), "{header}");
    let program = place.gan("data moons -n 7 --out m/");
    place.refuses(program, &["a file for each sample is for images", "m/"]);
}

#[test]
fn a_sheet_has_the_scale_and_the_border_that_were_asked_for() {
    let place = images();
    for (words, side) in [
        ("--scale 1", 2 + 3 * 34),
        ("--scale 2 --border 0", 3 * 64),
        ("--scale 1 --border 7", 7 + 3 * 39),
        ("--border 0", 3 * 32 * 9),
    ] {
        place.gan(&format!("sample run -n 9 --force --out s.png {words}")).succeed();
        let (width, height, _) = gray(&place.bytes("s.png"));
        assert_eq!((width, height), (side, side), "{words}");
    }
    let outcome = place.gan("sample run -n 9 --scale 2 --border 0").succeed();
    assert!(outcome.stdout.ends_with("-n9-scale2-border0.png\n"), "{}", outcome.stdout);
    for (words, part) in [
        ("--scale 0 --out s.png", "--scale"),
        ("--scale 2 --out s.npz", "--scale is for pictures"),
        ("--border 2 --out s.npz", "--border is for a sheet"),
        ("--border 2 --out new/", "--border is for a sheet"),
    ] {
        place.refuses(place.gan(&format!("sample run -n 9 {words}")), &[part]);
    }
}

#[test]
fn long_rows_of_a_class_are_broken_and_named() {
    let place = classes();
    let sheet = |out: &str| {
        place.gan(&format!("sample run -n 100 --labels 0,1 --scale 1 --out {out}")).succeed();
        let (width, height, levels) = gray(&place.bytes(out));
        (width, height, levels)
    };
    let (width, height, plain) = sheet("a.png");
    assert_eq!((width, height), (2 + 50 * 30, 2 + 4 * 30 + 6), "two rows of 50 for each class");
    place.name_classes("run");
    let (wide, same, named) = sheet("b.png");
    assert!(wide > width + 20 && same == height, "{wide}×{same}");
    for y in 0..height {
        let images = &named[(y + 1) * wide - width..(y + 1) * wide];
        assert_eq!(images, &plain[y * width..(y + 1) * width]);
    }
}

#[test]
fn pictures_of_a_training_have_names_beside_their_rows() {
    let place = classes();
    place.name_classes("run");
    place.gan("train --resume --steps 3 --out run").succeed();
    let width = |step: u32| gray(&place.bytes(&format!("run/samples/step-{step:07}.png"))).0;
    assert!(width(3) > width(2) + 20, "{} and {}", width(3), width(2));
}

#[test]
fn a_name_that_is_none_is_told_the_nearest() {
    let place = classes();
    let labels = |labels: &str| place.gan("sample run --out s.csv --labels").arg(labels);
    place.refuses(labels("cats"), &["--labels", "such as 3 or 1,4,7 or 0-9, found `cats`"]);
    place.refuses(labels("9-0"), &["--labels", "backwards"]);
    place.refuses(labels("1,1"), &["--labels", "class 1 is named twice"]);
    place.name_classes("run");
    place.refuses(labels("cat"), &["--labels", "found `cat`; did you mean `cats`?"]);
    place.refuses(labels("cats,dogs,cats"), &["class cats is named twice"]);
}
