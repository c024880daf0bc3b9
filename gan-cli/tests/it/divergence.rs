//! `gan divergence`: two files in, one number out, and every bad file named.

use serde_json::Value;

use crate::program::Place;

/// Two lists of masses whose KL is known in closed form.
fn masses() -> Place {
    let place = Place::new();
    place.write("p.json", "[0.5, 0.5]");
    place.write("q.csv", "q\n0.9\n0.1\n");
    place
}

fn value(place: &Place, words: &str) -> Value {
    let outcome = place.gan(&format!("divergence {words} --json")).succeed();
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn kl_has_its_closed_form_in_every_unit() {
    let place = masses();
    for (base, expected) in [
        ("nats", 0.510_825_623_765_990_6),
        ("bits", 0.736_965_594_166_206_1),
        ("hartleys", 0.221_848_749_616_356_4),
    ] {
        let found = value(&place, &format!("kl --p p.json --q q.csv --base {base}"));
        assert!((found["value"].as_f64().unwrap() - expected).abs() < 1e-12, "{found}");
        assert_eq!((found["unit"].as_str(), found["n"].as_u64()), (Some(base), Some(2)));
    }
}

#[test]
fn for_people_the_value_comes_first_with_its_unit_and_estimator() {
    let outcome = masses().gan("divergence kl --p p.json --q q.csv").succeed();
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines[0], "0.5108256237659906 nats");
    assert!(lines[1].starts_with("estimator: "), "{}", outcome.stdout);
}

#[test]
fn mass_where_the_other_has_none_is_infinite_and_no_error() {
    let place = masses();
    place.write("certain.json", "[1, 0]");
    let found = value(&place, "kl --p p.json --q certain.json");
    assert_eq!(found["value"], "inf");
    let outcome = place.gan("divergence kl --p p.json --q certain.json").succeed();
    assert!(outcome.stdout.starts_with("inf nats\n"), "{}", outcome.stdout);
}

#[test]
fn points_are_read_from_npy_and_csv_alike_and_options_matter() {
    let place = Place::new();
    place.gan("data moons -n 200 --seed 1 --out a.npy").succeed();
    place.gan("data moons -n 200 --seed 2 --out b.npy").succeed();
    place.gan("data moons -n 200 --seed 2 --out b.csv").succeed();
    let of = |q: &str, option: &str| {
        let words = format!("sliced-wasserstein --p a.npy --q {q} --option {option}");
        value(&place, &words)["value"].as_f64().unwrap()
    };
    let found = of("b.npy", "seed=1");
    assert!(found > 0.0 && found < 0.5, "{found}");
    assert!((found - of("b.csv", "seed=1")).abs() < 1e-6);
    assert_ne!(found, of("b.npy", "seed=2"));
}

#[test]
fn the_list_has_every_name_with_range_unit_input_and_cost() {
    let place = Place::new();
    let outcome = place.gan("divergence --list --json").succeed();
    let entries: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    assert!(entries.len() > 40, "{}", entries.len());
    let table = place.gan("divergence --list").succeed().stdout;
    for entry in entries {
        for key in ["name", "range", "unit", "input", "cost"] {
            assert!(table.contains(entry[key].as_str().unwrap()), "{entry}");
        }
    }
}

#[test]
fn bad_files_are_named_with_the_entry_or_line() {
    let place = masses();
    for (name, text, parts) in [
        ("negative.json", "[1.5, -0.5]", ["negative.json", "entry 1", "-0.5"]),
        ("short.json", "[0.5, 0.6]", ["short.json", "sum to 1.1", "expected 1"]),
        ("longer.json", "[0.2, 0.3, 0.5]", ["longer.json", "3", "2"]),
        ("ragged.json", "[[1, 2], [3]]", ["ragged.json", "entry 1", "expected 2"]),
        ("ragged.csv", "1,2\n3\n", ["ragged.csv", "line 2", "expected 2"]),
        ("text.csv", "0.5\nhalf\n", ["text.csv", "line 2", "\"half\""]),
        ("nan.csv", "0.5\nNaN\n", ["nan.csv", "line 2", "finite"]),
        ("empty.csv", "", ["empty.csv", "is empty", "expected"]),
        ("empty.json", "[]", ["empty.json", "is empty", "expected"]),
        ("table.csv", "1,2\n3,4\n", ["table.csv", "a list", "2 rows"]),
        ("numbers.xlsx", "1", [".npz, or .json", "numbers.xlsx", "expected"]),
        ("long.json", &format!("[\"{}\"]", "x".repeat(100_000)), ["entry 0", "xxx", "…"]),
    ] {
        place.write(name, text);
        let program = place.gan(&format!("divergence kl --p p.json --q {name}"));
        place.refuses(program, &parts);
    }
    place.refuses(place.gan("divergence kl --p p.json --q no.csv"), &["no.csv", "cannot read"]);
}

#[test]
fn too_few_points_and_other_dimensions_are_named() {
    let place = Place::new();
    place.write("one.csv", "1,2\n");
    place.write("many.csv", "1,2\n3,4\n5,6\n7,8\n");
    place.write("wide.csv", "1,2,3\n3,4,5\n");
    let frechet = |p: &str| place.gan(&format!("divergence frechet --p {p} --q many.csv"));
    place.refuses(frechet("one.csv"), &["one.csv", "1 samples", "at least 2"]);
    place.refuses(frechet("wide.csv"), &["wide.csv", "dimension", "expected"]);
}

#[test]
fn unknown_names_and_options_are_told_what_there_is() {
    let place = masses();
    let program = place.gan("divergence wasserstien --p p.json --q q.csv");
    place.refuses(program, &["wasserstien", "did you mean `wasserstein`?", "--list"]);
    let program = place.gan("divergence renyi --p p.json --q q.csv --option odrer=2");
    place.refuses(program, &["odrer", "normalize, order"]);
    let program = place.gan("divergence renyi --p p.json --q q.csv --option order");
    place.refuses(program, &["key=value", "`order`"]);
}

#[test]
fn names_from_elsewhere_are_known_with_what_they_stand_for() {
    let place = Place::new();
    place.write("p.csv", "0,0\n1,0\n0,1\n");
    place.write("q.csv", "0,1\n2,0\n1,1\n");
    let number = |words: &str| value(&place, &format!("{words} --p p.csv --q q.csv"));
    let fid = number("FID");
    assert_eq!((&fid["name"], &fid["value"]), (&"frechet".into(), &number("frechet")["value"]));
    assert!(fid["notes"][0].as_str().unwrap().contains("Inception"), "{fid}");
    let second = number("wasserstein --option order=2")["value"].clone();
    assert_eq!(number("w2")["value"], second);
    assert_ne!(number("emd")["value"], second);
    let text = place.gan("divergence w2 --p p.csv --q q.csv").succeed().stdout;
    assert!(text.contains("note: w2 is `wasserstein --option order=2`"), "{text}");
    place.refuses(place.gan("divergence fidd --p p.csv --q q.csv"), &["did you mean `fid`?"]);
    assert!(place.gan("divergence --list").succeed().stdout.contains("jsd"));
}

#[test]
fn the_option_that_mends_an_error_is_named() {
    let place = Place::new();
    place.write("same.csv", "1,2\n1,2\n1,2\n");
    place.write("some.csv", "1,2\n2,3\n4,3\n");
    let of = |words: &str| place.gan(&format!("divergence {words}"));
    place.refuses(
        of("mmd --p same.csv --q same.csv"),
        &["the median distance is 0: give --option bandwidth="],
    );
    place.refuses(of("kid --p some.csv --q some.csv"), &["3 samples", "--option subset-size=3"]);
    place.refuses(of("precision --p some.csv --q some.csv"), &["--option k="]);
    place.write("counts.csv", "5\n5\n");
    place.refuses(of("kl --p counts.csv --q counts.csv"), &["--option normalize=true"]);
}

/// An array file of one type and shape.
fn npy(descr: &str, shape: &str, values: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mark = [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes()].concat();
    [&mark, header.as_bytes(), values].concat()
}

#[test]
fn counts_of_whole_numbers_are_masses_once_they_are_normalized() {
    let place = Place::new();
    let counts = |counts: [i64; 2]| npy("<i8", "(2,)", &counts.map(i64::to_le_bytes).concat());
    place.write("p.npy", counts([5, 5]));
    place.write("q.npy", counts([9, 1]));
    let found = value(&place, "kl --p p.npy --q q.npy --option normalize=true");
    assert!((found["value"].as_f64().unwrap() - 0.510_825_623_765_990_6).abs() < 1e-12);
    let refused = place.gan("divergence kl --p p.npy --q q.npy");
    place.refuses(refused, &["p.npy", "sum to 10", "--option normalize=true"]);
}

#[test]
fn masses_of_single_precision_may_miss_the_sum_by_its_rounding() {
    let place = Place::new();
    let off = [0.5_f32, 0.5 - 2.0 * f32::EPSILON];
    place.write("p.npy", npy("<f4", "(2,)", &off.map(f32::to_le_bytes).concat()));
    place.write("q.csv", "0.9\n0.1\n");
    let found = value(&place, "kl --p p.npy --q q.csv");
    assert!((found["value"].as_f64().unwrap() - 0.510_825_6).abs() < 1e-6);
    assert!(found["notes"][0].as_str().unwrap().contains("divided by it"), "{found}");
    // Double precision has no such excuse.
    let off = off.map(f64::from).map(f64::to_le_bytes).concat();
    place.write("p.npy", npy("<f8", "(2,)", &off));
    place.refuses(place.gan("divergence kl --p p.npy --q q.csv"), &["p.npy", "the masses sum to"]);
}

#[test]
fn images_are_points_of_as_many_coordinates_as_pixels() {
    let place = Place::new();
    let pixels: Vec<u8> = (0..24_u8).map(|i| i.wrapping_mul(37)).collect();
    place.write("p.npy", npy("|u1", "(6, 1, 2, 2)", &pixels));
    place.write("q.npy", npy("|u1", "(6, 4)", &pixels.iter().rev().copied().collect::<Vec<_>>()));
    place.write("flat.npy", npy("|u1", "(6, 4)", &pixels));
    let found = value(&place, "frechet --p p.npy --q q.npy");
    assert_eq!(found["value"], value(&place, "frechet --p flat.npy --q q.npy")["value"]);
    let note = "p.npy: axes 1×2×2 flattened to 4 columns";
    assert_eq!(found["notes"][0], note);
    let text = place.gan("divergence frechet --p p.npy --q q.npy").succeed().stdout;
    assert!(text.contains(&format!("note: {note}\n")), "{text}");
}

#[test]
fn tables_are_read_as_the_flags_say() {
    let place = Place::new();
    place.write("p.TSV", "name\tx\nAnn\t0,5\nBob\t1,5\n");
    place.write("q.csv", "x;y\n1;9\n3;9\n");
    let words = "wasserstein-1d --p p.TSV --q q.csv";
    place.refuses(
        place.gan(&format!("divergence {words}")),
        &["p.TSV", "line 2, column 1 (`name`)", "`--columns` picks others"],
    );
    let found = value(&place, &format!("{words} --columns x"));
    assert_eq!(found["value"], 1.0);
    let unknown = place.gan(&format!("divergence {words} --columns xx"));
    place.refuses(unknown, &["no column `xx`", "`--columns`", "name, x", "did you mean `x`?"]);
}

#[test]
fn masses_are_normalized_only_when_asked_to_be() {
    let place = masses();
    place.write("counts.json", "[5, 5]");
    let words = "kl --p counts.json --q q.csv";
    place.refuses(place.gan(&format!("divergence {words}")), &["counts.json", "sum to 10"]);
    let found = value(&place, &format!("{words} --option normalize=true"));
    assert!((found["value"].as_f64().unwrap() - 0.510_825_623_765_990_6).abs() < 1e-12);
}
