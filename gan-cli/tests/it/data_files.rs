//! A user's own files that are broken: IDX, CSV.

use crate::program::Place;

const TRAIN: [&str; 2] = ["data/train-images-idx3-ubyte", "data/train-labels-idx1-ubyte"];

fn idx(magic: u32, axes: &[u32], payload: &[u8]) -> Vec<u8> {
    let words = [magic].into_iter().chain(axes.iter().copied());
    words.flat_map(u32::to_be_bytes).chain(payload.iter().copied()).collect()
}

fn images(n: u32) -> Vec<u8> {
    let pixels: Vec<u8> = (0..n * 28 * 28).map(|pixel| (pixel % 251) as u8).collect();
    idx(0x803, &[n, 28, 28], &pixels)
}

fn labels(n: u32) -> Vec<u8> {
    let digits: Vec<u8> = (0..n).map(|label| (label % 10) as u8).collect();
    idx(0x801, &[n], &digits)
}

/// A folder with sound images and labels, `n` of each.
fn sound(n: u32) -> Place {
    let place = Place::new();
    place.write(TRAIN[0], images(n));
    place.write(TRAIN[1], labels(n));
    place
}

fn check_idx(place: &Place, parts: &[&str]) {
    place.refuses(place.gan("train dcgan --data-dir data --steps 1 --out run"), parts);
}

#[test]
fn a_folder_of_idx_files_trains() {
    let place = sound(8);
    let program = place.gan("train dcgan --data-dir data --steps 1 --out run");
    let program = program.set("train.batch=8").set("pictures.count=4");
    program.set("model.generator_width=8").set("model.critic_width=4").succeed();
    assert!(place.text("run/config.toml").contains("dir = \"data\""));
}

#[test]
fn digits_of_a_folder_of_idx_files_are_stacked() {
    let place = sound(8);
    let program = place.gan("train dcgan --data-dir data --steps 1 --out run");
    let program = program.set("data.kind=stacked-mnist").set("data.samples=20");
    let program = program.set("train.batch=8").set("pictures.count=4");
    let program = program.set("model.generator_width=8").set("model.critic_width=4");
    let stderr = program.succeed().stderr;
    assert!(
        stderr.contains("20 stacked digits 3×32×32") && stderr.contains("of 8 digits"),
        "{stderr}"
    );
}

#[test]
fn an_idx_file_cut_short_is_named_with_both_lengths() {
    let place = sound(8);
    place.write(TRAIN[0], &images(8)[..5000]);
    check_idx(&place, &[TRAIN[0], "5000", "expected 6288"]);
}

#[test]
fn an_idx_file_of_another_kind_is_named_with_both_magics() {
    let place = sound(8);
    place.write(TRAIN[0], labels(8));
    check_idx(&place, &[TRAIN[0], "0x00000801", "expected the IDX magic 0x00000803"]);
}

#[test]
fn labels_and_images_of_different_numbers_are_named_with_both() {
    let place = sound(8);
    place.write(TRAIN[1], labels(7));
    check_idx(&place, &[TRAIN[1], "7 labels", "expected 8", TRAIN[0]]);
}

#[test]
fn a_gz_file_that_is_no_gzip_is_named_with_what_it_starts_with() {
    let place = Place::new();
    place.write("data/train-images-idx3-ubyte.gz", images(8));
    place.write(TRAIN[1], labels(8));
    check_idx(&place, &["data/train-images-idx3-ubyte.gz", "[00, 00]", "gzip mark [1f, 8b]"]);
}

#[test]
fn a_folder_that_is_missing_or_lacks_a_file_is_named() {
    let place = Place::new();
    check_idx(&place, &["cannot list the folder data"]);
    place.write(TRAIN[0], images(8));
    check_idx(&place, &["data holds no file train-labels-idx1-ubyte"]);
}

#[test]
fn a_data_folder_means_nothing_to_points() {
    let place = sound(8);
    let program = place.gan("train gan --data-dir data --steps 1 --out run");
    place.refuses(program, &["--data-dir has no place here", "`data.kind=points` and `data.file`"]);
}

/// A table of points that is refused with its name and `parts`.
fn check_csv(text: &str, parts: &[&str]) {
    let place = Place::new();
    place.write("points.csv", text);
    let train = || {
        let program = place.gan("train gan --steps 1 --out run");
        program.set("data.kind=points").set("data.file=points.csv")
    };
    place.refuses(train(), &["points.csv"]);
    place.refuses(train(), parts);
}

#[test]
fn a_csv_of_points_trains() {
    let place = Place::new();
    place.write("points.csv", "x,y\n0,1\n1,0\n0.5,0.5\n");
    let program = place.gan("train gan --steps 2 --out run").set("data.kind=points");
    program.set("data.file=points.csv").set("train.batch=3").set("pictures.count=4").succeed();
}

#[test]
fn a_text_cell_is_named_by_line_and_column() {
    check_csv("0,1\n1,0\n2,two\n", &["line 3, column 2", "\"two\"", "expected a finite number"]);
}

#[test]
fn a_ragged_row_is_named_by_line_with_both_lengths() {
    check_csv("0,1\n1,0\n\n2,3,4\n", &["line 4", "3 columns, expected 2"]);
}

#[test]
fn an_empty_csv_is_named() {
    check_csv("", &["points.csv is empty, expected"]);
    check_csv("x,y\n", &["points.csv is empty, expected"]);
}

#[test]
fn a_csv_smaller_than_a_batch_is_refused() {
    let place = Place::new();
    place.write("points.csv", "0,1\n1,0\n");
    let program = place.gan("train gan --steps 1 --out run");
    let program = program.set("data.kind=points").set("data.file=points.csv");
    place.refuses(program, &["`train.batch` is 50", "2 samples"]);
}

#[test]
fn points_without_a_file_ask_for_one() {
    let place = Place::new();
    let program = place.gan("train gan --steps 1 --out run").set("data.kind=points");
    place.refuses(program, &["`data.file`", ".csv or .npy"]);
}
