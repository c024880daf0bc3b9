//! `gan interpolate`: latent interpolations in pictures.

use crate::program::Place;

/// A run of convolutional players that has saved a checkpoint.
fn images() -> Place {
    let place = Place::new();
    place.train_images("--steps 1 --out run").succeed();
    place
}

fn points() -> Place {
    let place = Place::new();
    place.train("--steps 20 --out run").succeed();
    place
}

/// Width and height of a PNG, and the number of its frames if it is animated.
fn png(bytes: &[u8]) -> (u32, u32, Option<u32>) {
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let info = reader.info();
    (info.width, info.height, info.animation_control().map(|animation| animation.num_frames))
}

#[test]
fn a_walk_through_images_is_drawn_in_rows_and_animated() {
    let place = images();
    let out = place.gan("interpolate run --rows 3 --steps 5 --out walk.png").succeed().stdout;
    assert_eq!(out, "walk.png\nwalk.anim.png\n");
    let (width, height, animated) = png(&place.bytes("walk.png"));
    assert_eq!((width - 2) / 5 * 3, height - 2, "three rows of five");
    assert_eq!(animated, None);
    assert_eq!(png(&place.bytes("walk.anim.png")), (256, 256, Some(3 * 24)));
}

#[test]
fn a_walk_through_points_is_one_picture_in_the_run_folder() {
    let place = points();
    let out = place.gan("interpolate run").succeed().stdout;
    assert_eq!(out, "run/samples/interpolate-step20-seed0.png\n");
    assert_eq!(png(&place.bytes(out.trim_end())), (800, 800, None));
    assert_eq!(
        place.names_in("run/samples").iter().filter(|name| name.contains("anim")).count(),
        0
    );
}

#[test]
fn the_same_seed_walks_the_same_way_and_the_path_matters() {
    let place = points();
    let walk = |name: &str, words: &str| {
        place.gan(&format!("interpolate run --out {name}.png {words}")).succeed();
        place.bytes(&format!("{name}.png"))
    };
    let plain = walk("a", "");
    assert_eq!(plain, walk("b", "--seed 0"));
    assert_eq!(plain, walk("c", "--path spherical"), "the prior is normal");
    assert_ne!(plain, walk("d", "--path linear"));
    assert_ne!(plain, walk("e", "--seed 3"));
    assert_ne!(plain, walk("f", "--rows 3"));
}

#[test]
fn walks_that_cannot_be_are_refused() {
    let place = points();
    place.write("mine.png", "mine");
    for (words, part) in [
        ("--rows 1", "--rows must be at least 2, found 1"),
        ("--steps 1", "--steps must be at least 2, found 1"),
        ("--label 3", "class 3 was asked for, but this run's generator is unconditional"),
        ("--path curved", "'curved'"),
        ("--out walk.gif", "expected a file that ends in .png, found walk.gif"),
        ("--out mine.png", "mine.png exists; replace it by --force"),
        ("--from-step 7", "no checkpoint of step 7"),
    ] {
        place.refuses(place.gan(&format!("interpolate run {words}")), &[part]);
    }
    place.gan("interpolate run --out mine.png --force").succeed();
}

#[test]
fn scale_and_border_hold_for_both_pictures() {
    let place = images();
    place.gan("interpolate run --rows 2 --steps 3 --scale 2 --border 0 --out walk.png").succeed();
    assert_eq!(png(&place.bytes("walk.png")), (3 * 64, 2 * 64, None));
    assert_eq!(png(&place.bytes("walk.anim.png")), (64, 64, Some(2 * 24)));
    let place = points();
    let program = place.gan("interpolate run --scale 2 --out walk.png");
    place.refuses(program, &["--scale and --border are for images"]);
}

#[test]
fn the_class_of_a_walk_may_be_named_and_stands_beside_it() {
    let place = Place::new();
    place.train_classes("--steps 1 --out run").succeed();
    place.name_classes("run");
    let walk = |name: &str, label: &str| {
        let words = format!("interpolate run --rows 2 --steps 3 --scale 1 --out {name}.png");
        place.gan(&format!("{words} --label {label}")).succeed();
        place.bytes(&format!("{name}.png"))
    };
    let named = walk("a", "dogs");
    assert_eq!(named, walk("b", "1"));
    assert_ne!(named, walk("c", "cats"));
    let (width, height, _) = png(&named);
    assert!(width > 2 + 3 * 30 + 30, "room for a name: {width}");
    assert_eq!(height, 2 + 2 * 30);
    let program = place.gan("interpolate run --label dgos");
    place.refuses(program, &["found `dgos`", "did you mean `dogs`?"]);
}

#[test]
fn the_animated_picture_replaces_nothing_either() {
    let place = images();
    place.write("walk.anim.png", "mine");
    place.refuses(place.gan("interpolate run --out walk.png"), &["walk.anim.png exists"]);
}
