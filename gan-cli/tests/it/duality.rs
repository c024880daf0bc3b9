//! `gan duality`, `gan montage` and `gan plot`: what experiments are shown by.

use serde_json::Value;

use crate::program::Place;

const SHORT: &str = "duality --steps 3 --seeds 2 --shifts 2 --batch 8 --held-out 20";

#[test]
fn duality_leaves_numbers_a_table_a_picture_and_a_summary() {
    let place = Place::new();
    let outcome = place.gan(&format!("{SHORT} --seed 5 --out d")).succeed();
    assert_eq!(outcome.stdout, "d\n");
    assert_eq!(place.names_in("d"), ["duality.csv", "duality.svg", "summary.json", "table.md"]);

    let csv = place.text("d/duality.csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "family,shift,seed,js_exact,js,standard_error,w1");
    assert_eq!(lines.len(), 1 + 2 * 2 * 2, "families, shifts, seeds: {csv}");
    assert!(lines[1].starts_with("gaussian,0,5,") && lines[8].starts_with("ring,1.6,6,"), "{csv}");
    assert_eq!(place.text("d/table.md").lines().count(), 2 + 2 * 2);

    let svg = place.text("d/duality.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("svg")).count(), 3);
    let summary: Value = serde_json::from_str(&place.text("d/summary.json")).unwrap();
    assert!(summary["gaussian_js_largest_error"].is_f64() && summary["seeds"] == 2, "{summary}");
}

#[test]
fn duality_is_a_function_of_its_seed_and_keeps_what_is_there() {
    let place = Place::new();
    for (words, out) in [("", "a"), ("--seeds 1 --seeds 2", "b"), ("--seed 9", "c")] {
        place.gan(&format!("{SHORT} {words} --out {out}")).succeed();
    }
    // To the last bit is promised on `flex` alone.
    if cfg!(feature = "flex") {
        assert_eq!(place.text("a/duality.csv"), place.text("b/duality.csv"));
    }
    assert_ne!(place.text("a/duality.csv"), place.text("c/duality.csv"));
    place.refuses(place.gan(&format!("{SHORT} --out a")), &["a holds results", "--force"]);
    place.refuses(place.gan("duality --shifts 1 --out d"), &["--shifts", "found 1"]);
    place.refuses(place.gan("duality --held-out 1 --out d"), &["--held-out", "found 1"]);
}

#[test]
fn a_montage_puts_pictures_on_one_sheet() {
    let place = Place::new();
    place.gan("data moons -n 50 --out a.png").succeed();
    place.gan("data mnist -n 9 --out b.png").succeed();
    let program = place.gan("montage a.png b.png --side 200 --columns 2 --out sheet.png");
    let outcome = program.arg("--label=points\n50 of them").arg("--label=digits").succeed();
    assert_eq!(outcome.stdout, "sheet.png\n");
    let file = place.bytes("sheet.png");
    let mut reader = png::Decoder::new(std::io::Cursor::new(&file[..])).read_info().unwrap();
    while reader.next_row().unwrap().is_some() {}
    let (width, height) = reader.info().size();
    assert!((400..460).contains(&width) && (200..280).contains(&height), "{width} x {height}");
}

#[test]
fn a_montage_that_cannot_be_made_says_why() {
    let place = Place::new();
    place.gan("data moons -n 5 --out a.png").succeed();
    place.write("b.png", "no picture");
    // A header of 60,000 by 60,000 pixels, with its checksum.
    let mut bomb = place.bytes("a.png");
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let crc = crc32(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&crc);
    place.write("bomb.png", bomb);
    for (words, parts) in [
        ("a.png b.png --out s.png", &["b.png is no usable PNG"][..]),
        ("c.png --out s.png", &["cannot read c.png"]),
        ("bomb.png --out s.png", &["bomb.png is no usable PNG", "limit"]),
        ("a.png --out s.svg", &["ends in .png", "s.svg"]),
        ("a.png --out a.png", &["a.png exists", "--force"]),
        ("a.png --label x --label y --out s.png", &["each of the 1 pictures", "found 2"]),
        ("a.png --columns 0 --out s.png", &["at least 1 column"]),
        ("a.png --side 5 --out s.png", &["--side", "found 5"]),
    ] {
        place.refuses(place.gan(&format!("montage {words}")), parts);
    }
}

#[test]
fn a_plot_shows_the_columns_of_a_table() {
    let place = Place::new();
    place.write("loss.csv", "epoch,critic,generator\n1,1.39,0.7\n2,0.9,\n3,0.4,2.1\n");
    let outcome = place.gan("plot loss.csv --title Losses --y log --out a/loss.svg").succeed();
    assert_eq!(outcome.stdout, "a/loss.svg\n");
    let svg = place.text("a/loss.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    for text in ["Losses", "epoch", "critic", "generator"] {
        assert!(texts.contains(&text), "{text}: {texts:?}");
    }
    place.write("words.csv", "epoch,critic\n1,low\n");
    for (words, parts) in [
        ("words.csv --out w.svg", &["words.csv", "a number in `critic` of line 2", "`low`"][..]),
        ("none.csv --out n.svg", &["cannot read none.csv"]),
        ("loss.csv --out loss.png", &["ends in .svg", "loss.png"]),
        ("loss.csv --out a/loss.svg", &["a/loss.svg exists", "--force"]),
    ] {
        place.refuses(place.gan(&format!("plot {words}")), parts);
    }
}

/// The checksum of a PNG's chunk, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
