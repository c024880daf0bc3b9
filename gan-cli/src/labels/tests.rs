use super::*;

fn named(names: &[&str]) -> ClassNames {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    ClassNames::of(&names, names.len())
}

fn among(text: &str, names: &ClassNames) -> Result<Vec<usize>, String> {
    let labels: Labels = text.parse().map_err(|error: anyhow::Error| error.to_string())?;
    labels.among(names).map_err(|error| error.to_string())
}

fn classes(text: &str) -> Vec<usize> {
    among(text, &ClassNames::of(&[], 10)).unwrap()
}

#[test]
fn classes_and_ranges_keep_their_order() {
    assert_eq!(classes("3"), [3]);
    assert_eq!(classes("7, 1,4"), [7, 1, 4]);
    assert_eq!(classes("8,0-3"), [8, 0, 1, 2, 3]);
    assert_eq!(classes("0-9").len(), 10);
    assert_eq!(classes("7, 1,0 - 0,2-4"), [7, 1, 0, 2, 3, 4]);
}

#[test]
fn what_is_no_class_is_named() {
    for (text, part) in [
        ("", "found ``"),
        ("1,,2", "found ``"),
        ("three", "expected classes such as 3 or 1,4,7 or 0-9, found `three`"),
        ("1-2-3", "found `1-2-3`"),
        ("-1", "found `-1`"),
        ("a\u{1b}[31m", "found `a\\u{1b}[31m`"),
        ("9-0", "the range `9-0` runs backwards"),
        ("0-4,3", "class 3 is named twice"),
        ("5,5", "class 5 is named twice"),
    ] {
        let message = among(text, &ClassNames::of(&[], 10)).unwrap_err();
        assert!(message.contains(part), "{text}: {message}");
    }
}

/// A range of everything is refused before it is counted through.
#[test]
fn classes_that_a_generator_does_not_have_are_refused() {
    let everything = "0-18446744073709551615";
    let message = among(everything, &ClassNames::of(&[], 10)).unwrap_err();
    assert!(message.contains("class 18446744073709551615 was asked for"), "{message}");
    assert!(message.ends_with("has 10 classes, 0 to 9"), "{message}");
    let message = among(everything, &ClassNames::default()).unwrap_err();
    assert!(message.contains("is unconditional"), "{message}");
    let message = among(everything, &named(&["2", "10"])).unwrap_err();
    assert!(message.ends_with("is called 18446744073709551615; there are: 2, 10"), "{message}");
}

#[test]
fn names_are_as_good_as_numbers() {
    let pets = named(&["cats", "Dogs", "guinea pigs", "1-2"]);
    assert_eq!(among("Dogs,cats", &pets).unwrap(), [1, 0]);
    assert_eq!(among("dogs, guinea pigs,0", &pets).unwrap(), [1, 2, 0]);
    assert_eq!(among("1-2", &pets).unwrap(), [3], "a name goes before a range");
    assert_eq!(among("0-2", &pets).unwrap(), [0, 1, 2]);
    let message = among("cat", &pets).unwrap_err();
    assert!(message.contains("such as cats, Dogs, guinea pigs, 1-2, found `cat`"), "{message}");
    assert!(message.ends_with("did you mean `cats`?"), "{message}");
    let message = among("7", &pets).unwrap_err();
    assert!(message.ends_with("4 classes, 0 to 3: cats, Dogs, guinea pigs, 1-2"), "{message}");
    assert!(among("cats,0", &pets).unwrap_err().contains("class cats is named twice"));
}

#[test]
fn where_names_are_other_numbers_a_number_is_a_name() {
    let sizes = named(&["2", "10", "11"]);
    assert_eq!(among("10,2", &sizes).unwrap(), [1, 0]);
    assert_eq!(among("10-11", &sizes).unwrap(), [1, 2]);
    let message = among("0", &sizes).unwrap_err();
    assert_eq!(message, "no class of this run is called 0; there are: 2, 10, 11");
    assert_eq!(among("02", &sizes).unwrap(), [0]);
}

#[test]
fn one_class_is_one() {
    let pets = named(&["cats", "dogs"]);
    assert_eq!(pets.select_one("dogs").unwrap(), 1);
    let message = pets.select_one("0-1").unwrap_err().to_string();
    assert_eq!(message, "expected one class, found 2 in `0-1`");
}

#[test]
fn names_stand_beside_rows_only_where_they_say_more_than_numbers() {
    assert_eq!(ClassNames::of(&[], 3).beside_rows(&[0, 2]), [] as [String; 0]);
    assert_eq!(named(&["0", "1"]).beside_rows(&[0]), [] as [String; 0]);
    assert_eq!(named(&["cats", "dogs"]).beside_rows(&[1]), ["dogs"]);
    assert_eq!(named(&["2", "10"]).beside_rows(&[1, 0]), ["10", "2"]);
}

#[test]
fn names_for_another_number_of_classes_are_none() {
    let recorded = ["cats".to_owned()];
    assert_eq!(ClassNames::of(&recorded, 2), named(&["0", "1"]));
}

#[test]
fn folders_of_classes_lead_nowhere_else() {
    let hostile =
        ["../../etc", "..", "a/b", "a\\b", "C:", "", "x\n", "Cats", "cats", "cats-2", " ", "漢"];
    let folders = named(&hostile).folders();
    assert_eq!(
        folders,
        [
            "_.._etc", "class", "a_b", "a_b-2", "C_", "class-2", "x_", "Cats", "cats-2",
            "cats-2-2", "class-3", "漢"
        ]
    );
    let long = named(&["é".repeat(300).as_str(), "b"]).folders();
    assert!(long[0].len() <= 200 && long[0].len() > 190);
    assert_eq!(ClassNames::of(&[], 11).folders()[9..], ["09", "10"]);
    assert_eq!(ClassNames::of(&[], 10).folders()[9], "9");
    assert_eq!(ClassNames::default().folders(), [] as [String; 0]);
}
