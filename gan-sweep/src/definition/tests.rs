use super::*;

const GOOD: &str = r#"
seeds = 2
set = ["train.batch=64"]
measures = ["samples/js"]
arguments = ["--doctor", "warn"]

[[run]]
name = "plain"
recipe = "gan"
seeds = [7, 3]

[[sweep]]
name = "lr-{lr}-{batch}"
recipe = "gan"
set = ['train.lr={lr}', 'train.budget="{steps} steps"', 'p=[{kind="r1"}]', 'train.batch={batch}']
axes = [
    [{ lr = "1e-4" }, { lr = "1e-3" }],
    [{ batch = "50", steps = "500" }, { batch = "250", steps = "100" }],
]
"#;

fn complaint(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    Definition::parse(&GOOD.replace(from, to)).unwrap_err().to_string()
}

#[test]
fn the_last_axis_runs_fastest_and_words_of_an_entry_go_together() {
    let definition = Definition::parse(GOOD).unwrap();
    let names: Vec<_> = definition.runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["plain", "lr-1e-4-50", "lr-1e-4-250", "lr-1e-3-50", "lr-1e-3-250"]);
    assert_eq!(
        definition.runs[2].set,
        [
            "train.batch=64",
            "train.lr=1e-4",
            "train.budget=\"100 steps\"",
            "p=[{kind=\"r1\"}]",
            "train.batch=250"
        ]
    );
    assert_eq!((definition.runs[0].seeds.as_slice(), definition.trainings()), (&[7, 3][..], 10));
    assert_eq!(definition.runs[1].seeds, [0, 1]);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    assert!(complaint("seeds = 2", "sedes = 2").starts_with("line 2: unknown field `sedes`"));
    assert!(complaint("seeds = 2", "seeds = two").starts_with("line 2: "));
    assert!(
        complaint("seeds = 2", "seeds = \"two\"").contains("a number of seeds or a list of seeds")
    );
    assert_eq!(
        complaint("seeds = 2", "seeds = 0"),
        "`seeds`: found none, expected at least one seed"
    );
    assert!(complaint("seeds = 2", "seeds = -1").contains("found -1, expected whole numbers"));
    assert!(complaint("[7, 3]", "[7, 7]").starts_with("`seeds` of `plain`: the seed 7 stands"));
    assert!(complaint("[7, 3]", "[]").starts_with("`seeds` of `plain`: found none"));
    assert!(complaint("\"plain\"", "\"lr-1e-4-50\"").contains("two runs are named `lr-1e-4-50`"));
    assert!(complaint("\"plain\"", "\"../plain\"").contains("found `../plain`"));
    assert!(complaint("train.batch=64", "train.batch").contains("reads `key=value`"));
    assert!(complaint("train.batch=64", "seed=4").contains("seeds are what `seeds` is for"));
    assert!(complaint("--doctor", "--out=x").contains("`--out=x`, which the plan decides"));
    assert!(
        complaint("name = \"plain\"\nrecipe = \"gan\"", "name = \"plain\"\nrecipe = \"\"")
            .contains("`recipe` of `plain` is empty")
    );
}

#[test]
fn axes_without_entries_and_words_without_use_or_value_are_named() {
    assert!(complaint("{ lr = \"1e-4\" }, { lr = \"1e-3\" }", "").contains("axis 1"));
    assert!(complaint(", steps = \"500\"", "").contains("axis 2"));
    assert!(complaint("{steps}", "9").contains("gives `steps` values, but uses it nowhere"));
    assert!(complaint("-{batch}\"", "-{size}\"").contains("no axis gives `{size}`"));
    assert!(complaint("{ lr = \"1e-4\" }, ", "{ lr = \"1\", batch = \"2\" }, ").contains("axis 1"));
    assert!(complaint("[{ lr = \"1e-4\" }, ", "[{ lr = \"1e-4\" }], [").contains("two axes"));
}

#[test]
fn one_training_is_no_sweep_and_a_million_are_a_slip() {
    let one = "[[run]]\nname = 'a'\nrecipe = 'gan'\n";
    assert_eq!(Definition::parse(one), Err(DefinitionProblem::NothingToVary));
    assert_eq!(Definition::parse("seeds = 5\n"), Err(DefinitionProblem::NoRuns));
    let many = Definition::parse(&format!("seeds = 1000000\n{one}"));
    assert_eq!(many, Err(DefinitionProblem::TooMany { found: 1_000_000, most: 100_000 }));
}

#[test]
fn a_file_beside_the_sweep_is_found_from_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sweep.toml");
    std::fs::write(&path, "seeds = 2\n[[run]]\nname = 'a'\nrecipe = 'mine.toml'\n").unwrap();
    let recipe = Definition::read(&path).unwrap().runs[0].recipe.clone();
    assert_eq!(recipe, dir.path().join("mine.toml").display().to_string());
    let missing = Definition::read(&dir.path().join("no.toml")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read "), "{missing}");
}
