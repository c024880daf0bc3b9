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
        ("numbers.txt", "1", [".csv, .npy or .json", "numbers.txt", "expected"]),
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
fn masses_are_normalized_only_when_asked_to_be() {
    let place = masses();
    place.write("counts.json", "[5, 5]");
    let words = "kl --p counts.json --q q.csv";
    place.refuses(place.gan(&format!("divergence {words}")), &["counts.json", "sum to 10"]);
    let found = value(&place, &format!("{words} --option normalize=true"));
    assert!((found["value"].as_f64().unwrap() - 0.510_825_623_765_990_6).abs() < 1e-12);
}
