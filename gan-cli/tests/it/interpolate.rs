//! `gan interpolate`: walks through latents in pictures.

use crate::program::Place;

/// A run of convolutional players that has saved a checkpoint.
fn images() -> Place {
    let place = Place::new();
    let program = place.gan("train dcgan --steps 1 --out run");
    let small = ["data.subset=8", "train.batch=4", "pictures.count=4", "model.latent=4"];
    let small = small.iter().fold(program, |program, setting| program.set(setting));
    small.set("model.generator_width=2").set("model.critic_width=2").succeed();
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
fn the_animated_picture_replaces_nothing_either() {
    let place = images();
    place.write("walk.anim.png", "mine");
    place.refuses(place.gan("interpolate run --out walk.png"), &["walk.anim.png exists"]);
}
